// When silence means that a worker is lost, and when it does not. A worker that builds its experiment may be busy for
// long without a beat. And where the coordinator itself was away (stopped, swapped out, busy), it was not listening,
// and the silence it would measure is its own.

import { wallMilliseconds } from '../base/clock.ts';

/** Leases for which a worker may be silent until it is ready. */
const leasesToBeReady = 10;

/** Milliseconds of silence after which a worker is lost. */
export const patienceWith = (worker: { readonly isReady: boolean }, leaseMs: number): number =>
  worker.isReady ? leaseMs : leasesToBeReady * leaseMs;

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
