// Faults have names, and each name has its rule: whether a session is begun again, how often, and after how long. What
// is tried again begins at its start, with the same chance, so a session that succeeds late is the same session. What
// has no name here is a defect of ours and stops the run.

import { BrowserError } from '../../sandbox/browser-error.ts';
import { RehearsalError } from '../base/error.ts';
import { ModelError } from '../llm/failure.ts';
import { ArmError } from '../recommend/recommender.ts';
import type { StoredSession } from '../store/read.ts';
import { StoreError } from '../store/store-error.ts';

/** The kind under which a session is counted as failed. Rethrows what is no fault of a session: defects and the disk. */
export function faultKind(error: unknown): string {
  if (error instanceof StoreError) throw error;
  if (error instanceof ArmError) return error.fault;
  if (error instanceof ModelError) return error.failure.kind;
  if (error instanceof BrowserError) return 'browser';
  if (error instanceof RehearsalError) return 'site';
  throw error;
}

/** A session whose worker died or went silent over and over. */
export const workerLost = 'worker-lost';

/**
 * Milliseconds to wait before each further try of a session that failed so. A recommender that is down or slow may
 * come back; one that answers wrongly would answer wrongly again. Models are asked again by their own client.
 */
export function pausesAfter(kind: string): readonly number[] {
  switch (kind) {
    case 'browser':
      return [0];
    case 'error':
    case 'timeout':
      return [200, 1000];
    default:
      return [];
  }
}

const mostAfterReturns = 10_000;

/** Milliseconds before a journey that workers gave back `returns` times running, without a session, is given out again. */
export const pauseAfterReturns = (returns: number): number =>
  returns <= 1 ? 0 : Math.min(mostAfterReturns, 250 * 2 ** (returns - 2));

/** A run stops by itself when an arm has at least so many failed sessions and they are more than this share of its own. */
const tooMany = { sessions: 20, share: 0.5 } as const;

type Counted = Pick<StoredSession, 'arm' | 'status' | 'failureKind' | 'failureMessage'>;

/** Counts failures by arm as they come; says why the run should stop, or null to go on. */
export function failureWatch(): (session: Counted) => string | null {
  const arms = new Map<string, { all: number; failed: number }>();
  return ({ arm, status, failureKind, failureMessage }) => {
    const { all, failed } = arms.get(arm) ?? { all: 0, failed: 0 };
    const now = { all: all + 1, failed: failed + (status === 'failed' ? 1 : 0) };
    arms.set(arm, now);
    if (status !== 'failed' || now.failed < tooMany.sessions || now.failed <= tooMany.share * now.all)
      return null;
    return `${now.failed} of the first ${now.all} sessions of arm ${arm} failed, the last by '${failureKind}': ${failureMessage}`;
  };
}
