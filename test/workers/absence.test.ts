// A coordinator that was stopped has heard nobody: that is no silence of its workers.

import { expect, it } from 'vitest';
import { absence, patienceWith } from '../../src/workers/absence.ts';

it('a turn that comes late by more than a quarter of the lease is an absence, and ends with it', () => {
  let time = 0;
  const wasAway = absence(60_000, () => time);
  const turns = [750, 750, 14_000, 750, 16_000, 750, 90_000, 750].map((later) => {
    time += later;
    return wasAway();
  });
  expect(turns).toEqual([false, false, false, false, true, false, true, false]);
});

it('a worker that still builds its experiment is given more time than one that is ready', () => {
  expect(patienceWith({ isReady: true }, 60_000)).toBe(60_000);
  expect(patienceWith({ isReady: false }, 60_000)).toBe(600_000);
});
