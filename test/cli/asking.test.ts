// How far an evaluation is, and that Ctrl-C ends it.

import { expect, it } from 'vitest';
import { toldAsking, toldMaking } from '../../src/cli/model-options.ts';
import { toldAudit } from '../../src/cli/audit-setting.ts';
import { rememberingTerminal } from './terminal.ts';

it('is told every few seconds with the time left, by a clock that is passed in', async () => {
  const terminal = rememberingTerminal();
  let now = 1000;
  const watch = toldAsking(terminal, 'tiger, lists', 100, () => now);
  for (const [done, seconds] of [
    [10, 4],
    [20, 6],
    [30, 9],
    [60, 90],
  ] as const) {
    now = 1000 + 1000 * seconds;
    await watch(done);
  }
  expect(terminal.logged).toEqual([
    'tiger, lists: 20/100 people · 24 s left',
    'tiger, lists: 60/100 people · 1 min 00 s left',
  ]);
});

it('ends at Ctrl-C with what was done, unless everybody was asked', async () => {
  const terminal = rememberingTerminal();
  const watch = toldAsking(terminal, 'tiger, AUC', 100, () => 0);
  await watch(32);
  setImmediate(() => terminal.interruption.abort());
  await expect(watch(64)).rejects.toMatchObject({
    message: 'The evaluation was interrupted: tiger, AUC, 64 of 100 people.',
    exitCode: 3,
  });
  await watch(100);
});

it('an audit tells each so many steps how far it is, and hears Ctrl-C at the next', () => {
  const terminal = rememberingTerminal();
  const heard = toldAudit(terminal, 2, (done, total) => `${done}/${total} pages`);
  for (const done of [1, 2, 3]) heard(done, 5);
  expect(terminal.logged).toEqual(['2/5 pages']);
  terminal.interruption.abort();
  expect(() => heard(4, 5)).toThrow(
    expect.objectContaining({ message: 'The audit was interrupted: 4/5 pages.', exitCode: 3 }),
  );
  heard(5, 5);
  expect(terminal.logged.at(-1)).toBe('5/5 pages');
});

it('the making of arms tells where a training goes on, how far it is and what is graded, and hears Ctrl-C', async () => {
  const terminal = rememberingTerminal();
  let now = 0;
  const { training, grading } = toldMaking(terminal, () => now);
  const { progress, interrupted } = training!('tiger');
  const state = { from: 40, steps: 100, loss: 2, tokensPerSecond: 1000, secondsLeft: 30, score: -2.5 };
  progress!({ ...state, step: 41 });
  now = 6000;
  progress!({ ...state, step: 60 });
  const watch = grading!('tiger', 50);
  now = 12_000;
  await watch(25);
  expect(terminal.logged).toEqual([
    'arm tiger: going on after step 40 of 100',
    'arm tiger: step 60/100 · loss 2.000 · 1,000 tokens/s · validation -2.5000 · 30 s left',
    'arm tiger, held-out likes: 25/50 people · 6 s left',
  ]);
  expect(interrupted!.aborted).toBe(false);
  terminal.interruption.abort();
  expect(interrupted!.aborted).toBe(true);
  await expect(watch(30)).rejects.toMatchObject({ exitCode: 3 });
});
