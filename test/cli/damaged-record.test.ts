// What the verbs say of a run whose record was damaged, emptied or lost: that it is, and nothing of it is overwritten.

import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { parseScenario } from '../../src/experiment/scenario.ts';
import { createRunFolder } from '../../src/experiment/folder.ts';
import { hostileRun } from '../dashboard/hostile.ts';
import { temporaryFolder } from '../experiment/small.ts';
import { rememberingTerminal } from './terminal.ts';

const root = temporaryFolder();
afterAll(() => root.remove());
const whole = join(root.path, 'whole');
let copies = 0;

beforeAll(async () => {
  const made = await hostileRun(join(root.path, 'made'));
  const asked = {
    name: 'hostile',
    question: 'Which?',
    arms: [
      { name: 'old', method: 'random' },
      { name: 'new', method: 'popularity' },
    ],
  };
  const about = { program: '0', started: '2026-01-01T00:00:00.000Z', force: false };
  createRunFolder(whole, parseScenario(asked, 'a test'), about);
  cpSync(made, whole, { recursive: true });
});

/** A copy of the run whose record was changed. */
function runWith(change: (record: string) => void): string {
  const folder = join(root.path, `copy-${copies++}`);
  cpSync(whole, folder, { recursive: true });
  change(join(folder, 'events.sqlite'));
  return folder;
}

/** The first page of all events. */
const overwritten = (record: string): void => {
  const database = new Database(record);
  const page = Number(database.pragma('page_size', { simple: true }));
  const root = database.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'events'").pluck().get();
  database.close();
  const bytes = readFileSync(record);
  writeFileSync(record, bytes.fill(0xff, (Number(root) - 1) * page, Number(root) * page));
};

async function said(...words: string[]): Promise<{ code: number; text: string }> {
  const terminal = rememberingTerminal();
  const code = await main(words, verbs, '0', terminal);
  return { code, text: [...terminal.out, ...terminal.logged].join('\n') };
}

describe('a record with pages that were overwritten', () => {
  it('fails its checks one by one', async () => {
    const { code, text } = await said('check', runWith(overwritten));
    expect(code).toBe(3);
    expect(text).toMatch(/FAIL {2}integrity/);
    expect(text.split('\n')).toHaveLength(6);
  });

  it('is told as that by report, its pages as files, and export, which make nothing', async () => {
    const folder = runWith(overwritten);
    const out = join(root.path, 'out');
    for (const words of [
      ['report', folder],
      ['report', folder, '--html', out],
      ['export', folder, '--to', 'csv', '--out', out],
    ]) {
      const { code, text } = await said(...words);
      expect([code, text]).toEqual([1, expect.stringMatching(/is not (the whole record|a readable SQLite)/)]);
      expect(text).not.toContain('defect');
      expect(existsSync(join(out, 'card.json')) || existsSync(join(out, 'index.html'))).toBe(false);
    }
  });
});

describe('a run that lost its record', () => {
  it.each([
    ['missing', (record: string) => rmSync(record)],
    ['empty', (record: string) => truncateSync(record)],
  ] as const)('(%s) is not begun anew over its result', async (how, change) => {
    const folder = runWith(change);
    const result = readFileSync(join(folder, 'result.json'));
    copyFileSync(join(whole, 'run.json'), join(folder, 'run.json'));
    const { code, text } = await said('resume', folder);
    expect([code, text]).toEqual([1, expect.stringContaining(`events.sqlite is ${how}`)]);
    expect(readFileSync(join(folder, 'result.json'))).toEqual(result);
  });

  it('fails its check, and no other is made for it', async () => {
    const folder = runWith((record) => rmSync(record));
    const { code, text } = await said('check', folder);
    expect([code, text]).toEqual([3, expect.stringContaining('there is no record at')]);
    expect(existsSync(join(folder, 'events.sqlite'))).toBe(false);
  });
});
