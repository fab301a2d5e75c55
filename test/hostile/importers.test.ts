// Every importer against sources that are broken or hostile, through the command as it is typed: one clear message
// each, never a stack, and the catalogue of that name, made before, is not touched.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { importers } from '../../src/catalogue/import/importers.ts';
import { smallSources } from '../catalogue/small-sources.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { soundWorld, type SmallSource } from '../contracts/importer.ts';
import { onlyClearly, stateOf } from './clearly.ts';
import { packings, spoilings, type Spoiling } from './sources.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-hostile-'));
const home = process.cwd();
// Catalogues are written where the command is given.
beforeAll(() => process.chdir(root));
afterAll(() => {
  process.chdir(home);
  rmSync(root, { recursive: true, force: true });
});

let cases = 0;
async function imported(source: SmallSource, spoil: Spoiling) {
  const folder = join(root, `case-${cases++}`);
  mkdirSync(folder);
  const { path, interactions, options = {} } = source.write(folder, soundWorld(source), 0);
  const spoilt = spoil({ folder, path, interactions });
  const terminal = rememberingTerminal();
  const columns = [
    ...(options.columns === undefined ? [] : ['--columns', options.columns]),
    ...(options.items === undefined ? [] : ['--items', options.items]),
    ...(options.itemColumns === undefined ? [] : ['--item-columns', options.itemColumns]),
  ];
  const words = ['import', source.importer.name, spoilt, '--as', 'small', ...columns];
  return { code: await main(words, verbs, '0', terminal), terminal };
}

const firstOfEach = importers.map(({ name }) =>
  smallSources.find((source) => source.importer.name === name)!,
);

describe.each(firstOfEach)('$importer.name', (source) => {
  it.each(Object.entries(packings))('reads a sound source %s', async (_name, pack) => {
    expect((await imported(source, pack)).code).toBe(0);
  });

  it(`refuses all of ${Object.keys(spoilings).length} others, each clearly`, async () => {
    const before = stateOf('data');
    expect(before.length).toBeGreaterThan(0);
    const told: string[] = [];
    for (const [name, spoil] of Object.entries(spoilings)) {
      const { code, terminal } = await imported(source, spoil);
      told.push(...onlyClearly(name, code, terminal));
      if (stateOf('data') !== before) told.push(`${name}: something was written`);
    }
    expect(told).toEqual([]);
    expect(Object.keys(spoilings).length).toBeGreaterThanOrEqual(50);
  });
});
