// `rehearsal export` from typed words to files: what it says, what it refuses, and its exit codes.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { cardSchema } from '../../src/dataset/card.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import { madeUpRun, type MadeUpRun } from '../dataset/run.ts';
import { sampleSession } from '../store/sample.ts';
import { rememberingTerminal, type Remembered } from './terminal.ts';

let run: MadeUpRun;
beforeAll(() => {
  run = madeUpRun();
});
afterAll(() => run.remove());

async function typed(...words: readonly string[]): Promise<Remembered & { code: number }> {
  const terminal = rememberingTerminal({ json: true });
  const code = await main(['export', ...words], verbs, '0', terminal);
  return Object.assign(terminal, { code });
}

describe('rehearsal export', () => {
  it('writes a data set and answers with its card', async () => {
    const out = join(run.folder, 'parquet');
    const { code, documents, logged } = await typed(run.folder, '--to', 'parquet', '--out', out);
    expect(code).toBe(0);
    const [document] = documents as [{ path: string; card: unknown }];
    expect(document.path).toBe(out);
    expect(cardSchema.parse(document.card).name).toBe('made-up');
    expect(existsSync(join(out, 'README.md'))).toBe(true);
    expect(logged[0]).toContain('writing interactions, impressions, sessions, visitors, items, pairs');
  });

  it('says in the card what failed and what the budget cut', async () => {
    const own = madeUpRun();
    const record = openDatabase(join(own.folder, 'events.sqlite'));
    const cut = { status: 'truncated', exitReason: 'budget-spent', steps: 0 } as const;
    writer(record).saveSession(sampleSession({ visitor: 'ann', arm: 'other', replicate: 3, ...cut }), []);
    record.close();
    const out = join(own.folder, 'csv');
    const { code, documents } = await typed(own.folder, '--to', 'csv', '--out', out);
    expect(code).toBe(0);
    const card = cardSchema.parse((documents as [{ card: unknown }])[0].card);
    expect(card.run.sessions).toEqual({ complete: 23, truncated: 0, failed: 1, cut: 1 });
    expect(card.limits.join(' ')).toContain('1 sessions that the budget of model calls cut are left out');
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('1 failed and 1 cut by the budget');
    own.remove();
  });

  it('writes what a run under way, or killed, has so far, and says that it is not over', async () => {
    const own = madeUpRun();
    const record = openDatabase(join(own.folder, 'events.sqlite'));
    writer(record).setRun('digest', null);
    record.close();
    rmSync(join(own.folder, 'result.json'));
    const { code, documents } = await typed(own.folder, '--to', 'csv', '--out', join(own.folder, 'csv'));
    expect(code).toBe(0);
    const card = cardSchema.parse((documents as [{ card: unknown }])[0].card);
    expect(card.run.digest).toBeNull();
    expect(card.limits.join(' ')).toContain('The run was not over or not analysed');
    own.remove();
  });

  it('takes one arm, a split, a name and a licence, and says which tables a split leaves out', async () => {
    const out = join(run.folder, 'one-arm');
    const words = ['--arm', 'other', '--split', 'leave-one-out', '--name', 'visits', '--licence', 'MIT'];
    const { code, logged } = await typed(run.folder, '--to', 'recbole', '--out', out, ...words);
    expect(code).toBe(0);
    expect(logged.join('\n')).toContain('makes no sense of them: impressions');
    const test = readFileSync(join(out, 'visits-opened', 'visits-opened.test.inter'), 'utf8');
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('\nlicense: mit\n');
    expect(test.split('\n').length).toBe(6 + 2);
    expect(test).not.toContain('@control');
  });

  it('takes lists with blanks after their commas, and refuses one of nothing', async () => {
    const out = join(run.folder, 'two-arms');
    const lists = ['--arm', 'other, control', '--tables', 'sessions, items'];
    const { code, documents } = await typed(run.folder, '--to', 'csv', '--out', out, ...lists);
    expect(code).toBe(0);
    const [document] = documents as [{ card: unknown }];
    expect(cardSchema.parse(document.card).selection.arms).toEqual(['other', 'control']);
    const empty = await typed(run.folder, '--to', 'csv', '--out', join(run.folder, 'none'), '--arm', ' ,');
    expect(empty.code).toBe(2);
    expect(empty.logged[0]).toBe('error: --arm expects a list with commas between, got " ,"');
  });

  it('says which parts of a split and which tables got no row', async () => {
    const told = async (...words: readonly string[]): Promise<string> => {
      const terminal = rememberingTerminal();
      const out = join(run.folder, `told-${words.join('')}`);
      expect(
        await main(['export', run.folder, '--to', 'csv', '--out', out, ...words], verbs, '0', terminal),
      ).toBe(0);
      return [...terminal.logged, ...terminal.out].join('\n');
    };
    const few = await told('--split', 'user', '--seed', '2');
    const parts = ['validation', 'test'].filter(
      (part) => !existsSync(join(run.folder, 'told---splituser--seed2', `interactions.${part}.csv`)),
    );
    expect(parts.length).toBeGreaterThan(0);
    expect(few).toContain(`no rows for ${parts.join(' and ')}: there are too few to be split by user`);
    expect(await told('--arm', 'other,other')).toContain('no pairs: they need the visits of two arms');
    expect(await told()).not.toMatch(/no pairs|no rows/);
  });

  it('needs a human look where a check of the run failed', async () => {
    const result = join(run.folder, 'result.json');
    const before = readFileSync(result, 'utf8');
    writeFileSync(result, before.replace('"ok"', '"fail"'));
    expect((await typed(run.folder, '--to', 'csv', '--out', join(run.folder, 'failed'))).code).toBe(3);
    writeFileSync(result, before);
  });

  it.each([
    [['--to', 'xlsx'], /no format "xlsx"/],
    [['--to', 'csv', '--tables', 'clicks'], /"clicks".*no table/],
    [['--to', 'chat', '--tables', 'items'], /no place for the table items/],
    [['--to', 'csv', '--tables', 'pairs', '--split', 'time'], /pairs cannot be split by time/],
    [['--to', 'open-bandit', '--split', 'user'], /open-bandit cannot be split by user/],
    [['--to', 'csv', '--split', 'half'], /--split expects/],
    [['--to', 'csv', '--arm', 'mf'], /no sessions of an arm mf/],
    [['--to', 'csv', '--name', '../x'], /cannot name a data set/],
    [['--to', 'csv', '--since', 'yesterday'], /expects a whole number/],
  ])('refuses %j as wrong usage, and writes nothing', async (words, message) => {
    const out = join(run.folder, 'refused');
    const { code, documents, logged } = await typed(run.folder, '--out', out, ...words);
    expect(code).toBe(2);
    expect(logged.filter((line) => line.startsWith('writing'))).toEqual([]);
    expect((documents[0] as { error: { message: string } }).error.message).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a folder that is no run', async () => {
    expect((await typed(join(run.folder, 'nowhere'), '--to', 'csv')).code).toBe(2);
  });
});
