// `rehearsal augment` from typed words to files: a run on the small catalogue whose visitors rate what they really
// liked later, what is refused, and the exit codes.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/folder.ts';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { parseScenario } from '../../src/experiment/scenario.ts';
import { splitOfRun } from '../../src/experiment/split-of-run.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession } from '../store/sample.ts';
import { writeTiny } from '../experiment/small.ts';
import { rememberingTerminal, type Remembered } from './terminal.ts';

const scenario = parseScenario(
  {
    name: 'rated',
    question: 'Does it help?',
    catalogue: 'tiny',
    population: { visitors: 12, minimumHistory: 10 },
    arms: [
      { name: 'one', method: 'popularity' },
      { name: 'two', method: 'random' },
    ],
  },
  'the test',
);
const root = mkdtempSync(join(tmpdir(), 'rehearsal-augment-'));

/**
 * A run in which each visitor opens four of the first eight items of its held-out part, watches two of them, and rates the
 * four as it really did, if it rates at all.
 */
function runNamed(name: string, rates: boolean): string {
  const folder = join(root, name);
  mkdirSync(folder);
  const database = openDatabase(join(folder, 'events.sqlite'));
  const record = writer(database);
  record.setRun('scenario', scenario);
  const catalogue = readCatalogue(scenario.catalogue);
  const split = splitOfRun(scenario, catalogue);
  const held = Map.groupBy(split.heldOut, (row) => row.user);
  const titles = new Map(catalogue.items.map((item) => [item.id, item.title]));
  const seen = new Set<string>();
  for (const visitor of split.visitors.slice(0, 12)) {
    const rows = held.get(visitor)!.slice(0, 8);
    const opened = rows.slice(0, 4);
    record.saveItems(
      rows
        .filter(({ item }) => !seen.has(item))
        .map(({ item }) => ({ id: item, title: titles.get(item)!, genres: [] })),
    );
    for (const { item } of rows) seen.add(item);
    record.saveVisitor({ id: visitor, activity: 'low', diversity: 'low', conformity: 'low', profile: {} });
    record.saveSession(
      sampleSession({ visitor, arm: 'one' }),
      sampleEvents({
        slates: [rows.map(({ item }) => item)],
        opened: opened.map(({ item }) => item),
        watched: opened.slice(0, 2).map(({ item }) => item),
        rated: rates ? Object.fromEntries(opened.map(({ item, value }) => [item, Math.ceil(value)])) : {},
      }),
    );
  }
  database.close();
  return folder;
}

async function typed(...words: readonly string[]): Promise<Remembered & { code: number }> {
  const terminal = rememberingTerminal({ json: true });
  const code = await main(['augment', ...words], verbs, '0', terminal);
  return Object.assign(terminal, { code });
}

const home = process.cwd();
let run: string;
beforeAll(() => {
  writeTiny(root);
  process.chdir(root);
  run = runNamed('rated', true);
});
afterAll(() => {
  process.chdir(home);
  rmSync(root, { recursive: true, force: true });
});

describe('rehearsal augment', () => {
  it('answers with all conditions of both contests and writes them as a table, figures and plots', async () => {
    const out = join(root, 'out');
    const words = [run, '--methods', 'popularity', '--clicks', 'fm', '--click-set', 'scale=xs,epochs=0'];
    const { code, documents, logged } = await typed(...words, '--out', out);
    expect(code).toBe(0);
    interface Rows {
      readonly rows: readonly { readonly means: object }[];
    }
    const [document] = documents as [{ rankings: Rows; clicks: Rows }];
    expect(document).toMatchObject({ run: 'rated', path: out, rankings: { seeds: 5 }, clicks: { seeds: 5 } });
    for (const row of [...document.rankings.rows, ...document.clicks.rows])
      expect(Object.keys(row.means)).toEqual(['real', 'synthetic', 'held-back', 'permuted', 'unchosen']);
    // Five sets for rankings; two of real rows and three each of clicks and of page views for the click model.
    expect(logged.filter((line) => line.endsWith(': done'))).toHaveLength((5 + 2 + 2 * 3) * 5);
    expect(JSON.parse(readFileSync(join(out, 'augment.json'), 'utf8'))).toEqual({
      rankings: document.rankings,
      clicks: document.clicks,
    });
    const lines = readFileSync(join(out, 'augment.md'), 'utf8');
    expect(lines).toContain('| popularity | all | ndcg@10 |');
    expect(lines).toContain('| fm | page views | shown | auc |');
    expect(readFileSync(join(out, 'augment.html'), 'utf8')).toContain('<svg');
  });

  it.each([
    [['--seeds', '4'], /--seeds expects a whole number from 5, got '4'/],
    [['--methods', 'mf,mf'], /names a method twice/],
    [['--methods', 'als'], /name of a method/],
    [['--arm', 'three'], /no sessions of an arm three/],
    [['--arm', 'one, three'], /no sessions of an arm three/],
    [['--methods', 'sasrec', '--set', 'epoch=1'], /epoch/],
    [['--methods', 'none', '--clicks', 'none'], /nothing to train/],
    [['--methods', 'none', '--clicks', 'mf'], /name of a click model/],
    [['--methods', 'none', '--click-set', 'epoch=1'], /epoch/],
  ])('refuses %j as wrong usage', async (words, message) => {
    const { code, documents } = await typed(run, '--out', join(root, 'refused'), ...words);
    expect(code).toBe(2);
    expect((documents[0] as { error: { message: string } }).error.message).toMatch(message);
  });

  it('refuses a run whose visitors rated nothing', async () => {
    const { code, documents } = await typed(runNamed('unrated', false));
    expect(code).toBe(2);
    expect(JSON.stringify(documents)).toContain('rated nothing');
  });
});
