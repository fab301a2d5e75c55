// Two of the faults of docs/scale.md that leave a run no choice but to go on, in a run of a few visitors.

import { expect, it } from 'vitest';
import { clockJump, workerOutOfMemory } from '../../src/bench/fault-cases.ts';
import { faultCases, faultsContest, faultsOf } from '../../src/bench/faults.ts';

it('a clock that jumps and a worker out of memory change nothing of what is recorded', async () => {
  const cases = [clockJump, workerOutOfMemory];
  expect(faultCases).toEqual(expect.arrayContaining(cases));
  const { rows, untried } = await faultsContest({ visitors: 4, seed: 1, cases, log: () => undefined });
  expect(untried).toEqual([]);
  expect(rows.map(({ fault, ends, isSame }) => ({ fault, ends, isSame }))).toEqual(
    ['clock jump', 'worker out of memory'].map((fault) => ({ fault, ends: ['complete'], isSame: true })),
  );
  expect(rows.map(faultsOf)).toEqual([[], []]);
});
