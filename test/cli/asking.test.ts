// How far an evaluation is, and that Ctrl-C ends it.

import { expect, it } from 'vitest';
import { toldAsking } from '../../src/cli/model-options.ts';
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
