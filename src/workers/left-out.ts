// Which workers are left out of a run because they cannot serve it (another version of the program, another catalogue,
// no browser), and when that leaves nobody. A run in which any worker was ever ready goes on and waits for one; where
// none was, and nobody but those left out is heard of for a lease, it ends with the reason of the last of them.

import { wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';

/** What keeps a worker from serving a run, in its own words. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

export interface LeftOut {
  /** Notes a report of a worker that serves the run, or tries to. */
  heard(worker: string, isReady: boolean): void;
  /** Leaves a worker out; whether that is new. */
  leave(worker: string, refusal: Refusal): boolean;
  /** Why the run must end, judged by what was heard until `now`; null to go on. */
  verdict(now: number): RehearsalError | null;
}

export function openLeftOut(leaseMs: number, clock: () => number = wallMilliseconds): LeftOut {
  const out = new Set<string>();
  let last: { readonly worker: string; readonly refusal: Refusal } | null = null;
  /** When the first was left out, or somebody else was heard of since. */
  let alone = 0;
  let hasServed = false;
  return {
    heard(worker, isReady) {
      if (isReady) out.delete(worker);
      hasServed ||= isReady;
      if (!out.has(worker)) alone = clock();
    },
    leave(worker, refusal) {
      if (last === null) alone = clock();
      last = { worker, refusal };
      const isNew = !out.has(worker);
      out.add(worker);
      return isNew;
    },
    verdict(now) {
      if (last === null || hasServed || now - alone <= leaseMs) return null;
      const { worker, refusal } = last;
      return new RehearsalError(`No worker can serve this run. ${worker} was left out: ${refusal.message}`, {
        hint: refusal.hint,
      });
    },
  };
}
