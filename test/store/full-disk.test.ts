// A disk that fills as a run begins or ends, or a model is kept: the fault has its name, what stood there stands, and nothing is left half
// written. Skipped where no small disk can be mounted.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { runFolder, writeResult } from '../../src/experiment/folder.ts';
import { readCheckpoint, writeCheckpoint } from '../../src/recommend/kit/checkpoint.ts';
import { writeReport } from '../../src/report/write.ts';
import { lockFolder } from '../../src/store/lock.ts';
import { writeWhole } from '../../src/store/whole-file.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { exampleResult } from '../report/example-result.ts';
import { exampleRun } from '../report/example-run.ts';
import { smallDisk } from './small-disk.ts';

const disk = smallDisk(4096);
afterAll(() => disk?.remove());
const full = expect.objectContaining({ name: 'StoreError', fault: 'disk-full' });

describe.skipIf(disk === null)('on a full disk', () => {
  const at = (...names: string[]): string => join(disk!.path, ...names);
  beforeEach(() => {
    for (const name of readdirSync(disk!.path)) rmSync(at(name), { recursive: true });
  });

  it('a file stays as it was, and a new one does not appear', () => {
    writeWhole(at('old'), 'old');
    disk!.fill(8192);
    for (const name of ['old', 'new']) expect(() => writeWhole(at(name), 'x'.repeat(50_000))).toThrow(full);
    expect(readFileSync(at('old'), 'utf8')).toBe('old');
    expect(readdirSync(disk!.path).sort()).toEqual(['filler', 'old']);
  });

  it('a result is refused by name', () => {
    mkdirSync(at('run'));
    disk!.fill(0);
    expect(() => writeResult(runFolder(at('run')), exampleResult())).toThrow(full);
    expect(readdirSync(at('run'))).toEqual([]);
  });

  it('a report is refused by name and by no stack, and the former one stands', async () => {
    const { folder } = await exampleRun();
    cpSync(folder, at('run'), { recursive: true });
    rmSync(folder, { recursive: true });
    const former = readFileSync(writeReport(at('run')), 'utf8');
    const files = readdirSync(at('run'));
    disk!.fill(100_000);
    expect(() => writeReport(at('run'))).toThrow(full);
    const terminal = rememberingTerminal();
    expect(await main(['report', at('run')], verbs, '0', terminal)).toBe(1);
    expect(terminal.logged[0]).toMatch(/report\.html could not be written: .*ENOSPC/);
    expect(terminal.logged.join('\n')).not.toMatch(/defect|\n *at /);
    expect(readFileSync(at('run', 'report.html'), 'utf8')).toBe(former);
    expect(readdirSync(at('run'))).toEqual(files);
  });

  it('the weights of a model are refused in words, and the former ones stand', () => {
    const header = { method: 'mf', version: 'v', data: 'd', settings: {}, seed: 1, figures: {} };
    const ofLength = (length: number) => ({
      header,
      parameters: { items: { shape: [length], values: new Float32Array(length) } },
    });
    writeCheckpoint(at('mf'), ofLength(3));
    disk!.fill(8192);
    expect(() => writeCheckpoint(at('mf'), ofLength(50_000))).toThrow(
      expect.objectContaining({
        name: 'RehearsalError',
        message: expect.stringContaining('mf could not be written'),
      }),
    );
    expect(readCheckpoint(at('mf')).parameters['items']!.shape).toEqual([3]);
    expect(readdirSync(disk!.path).sort()).toEqual(['filler', 'mf']);
  });

  it('a folder whose owner cannot be noted is refused by name, and its lock is given back', () => {
    // The lock of the system needs a page for its journal, and then there is none for the owner's line.
    disk!.fill(4096);
    expect(() => lockFolder(disk!.path)).toThrow(full);
    expect(() => lockFolder(disk!.path)).toThrow(/owner\.json could not be written/);
    expect(readdirSync(disk!.path).filter((name) => name.startsWith('owner'))).toEqual([]);
    rmSync(at('filler'));
    lockFolder(disk!.path).release();
  });
});
