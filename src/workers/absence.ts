// Whether the coordinator itself was away: stopped, swapped out, or busy with something long. It looks at its workers in
// regular turns; where a turn comes late, it was not listening, and the silence it would measure is its own.

import { wallMilliseconds } from '../base/clock.ts';

/** Share of a lease by which a turn must be late to count as an absence. */
const noticeable = 1 / 4;

/** To be called once a turn: whether more than a quarter of the lease has gone by since the last turn. */
export function absence(leaseMs: number, now: () => number = wallMilliseconds): () => boolean {
  let last = now();
  return () => {
    const before = last;
    last = now();
    return last - before > noticeable * leaseMs;
  };
}
