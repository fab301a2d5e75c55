// DRIVE: the planned sessions of a run, a few visitors at once, batch by batch. After a whole batch the stopping rule
// looks at the record, so what it decides on never depends on which session happened to end first. What is committed
// stays; a visitor's recorded visits are lived through again only where a later one needs what they left.

import type { Screen } from '../../sandbox/screen.ts';
import { sessionKey } from '../store/session.ts';
import type { Writer } from '../store/write.ts';
import { callRecord } from './listened.ts';
import { batchesOf, journeysOf, type Journey, type PlannedSession } from './assign.ts';
import type { Experiment } from './build.ts';
import { newcomer, performSession, type Brought } from './perform.ts';
import type { Look } from './result.ts';

export interface DriveParts {
  readonly experiment: Experiment;
  readonly plan: readonly PlannedSession[];
  /** Keys of the sessions that need not be run again. */
  readonly recorded: ReadonlySet<string>;
  readonly record: Pick<Writer, 'saveSession'>;
  readonly interrupted: AbortSignal;
  capture(html: string): Promise<Screen>;
  saveScreen(screen: Screen): Promise<void>;
  /** Looks at the record after a batch; `visitors` are all whose journeys are over. */
  look(visitors: readonly string[]): Look;
  progress(state: { done: number; failed: number; total: number; before: number }): void;
}

export interface Driven {
  /** 'interrupted' where planned sessions are missing that the stopping rule did not call off. */
  readonly status: 'complete' | 'interrupted';
  /** Looks of a sequential run, in order; the last one says why it ended, if it ended early. */
  readonly looks: readonly Look[];
  /** Visitors whose journeys were begun, in order of the plan. */
  readonly visitors: readonly string[];
}

/** Sessions under way at once: enough to keep both pages of a two-core machine busy. */
const atOnce = 4;

/** Runs what is missing of the plan until it is done, the stopping rule ends it, or it is interrupted. */
export async function driveSessions(parts: DriveParts): Promise<Driven> {
  const { experiment, plan, recorded, interrupted } = parts;
  const { scenario } = experiment;
  const isRecorded = (planned: PlannedSession): boolean => recorded.has(sessionKey(planned));
  const before = plan.filter(isRecorded).length;
  const counts = { done: 0, failed: 0, total: plan.length, before };
  parts.progress({ ...counts });
  /** The budget of model calls is used up: sessions under way are cut, no other is begun. */
  let isSpent = false;

  /** Lives through visits one after the other; what is kept of each goes to the next. */
  const runVisits = async (visits: readonly PlannedSession[], first: Brought): Promise<Brought> => {
    let brought = first;
    for (const planned of visits) {
      if (interrupted.aborted || isSpent) return brought;
      const performed = await performSession(planned, experiment, {
        brought,
        capture: parts.capture,
        saveScreen: parts.saveScreen,
      });
      brought = performed.kept;
      if (isRecorded(planned)) continue;
      const { session } = performed;
      // Given up because of Ctrl-C: nobody's failure, and to be begun again by resume.
      if (session.failureKind === 'aborted') return brought;
      parts.record.saveSession(session, performed.events, performed.calls.map(callRecord));
      if (session.exitReason === 'budget-spent') {
        isSpent = true;
        return brought;
      }
      counts.done += 1;
      counts.failed += performed.session.status === 'failed' ? 1 : 0;
      parts.progress({ ...counts });
    }
    return brought;
  };
  const runJourney = async ({ burnIn, chains }: Journey): Promise<void> => {
    const missing = chains.filter((chain) => !chain.every(isRecorded));
    if (missing.length === 0 && burnIn.every(isRecorded)) return;
    const brought = await runVisits(burnIn, newcomer);
    for (const chain of missing) await runVisits(chain, brought);
  };

  const looks: Look[] = [];
  const visitors: string[] = [];
  const batches = batchesOf(scenario, journeysOf(plan));
  for (const [index, batch] of batches.entries()) {
    const waiting = [...batch];
    visitors.push(...batch.map(({ visitor }) => visitor));
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await runJourney(next);
      }),
    );
    if ((interrupted.aborted || isSpent) && counts.before + counts.done < counts.total) break;
    if (scenario.stopping.rule === 'fixed') continue;
    const look = parts.look(visitors);
    looks.push(look);
    if (look.stop !== null && index < batches.length - 1) return { status: 'complete', looks, visitors };
  }
  return {
    status: counts.before + counts.done < counts.total ? 'interrupted' : 'complete',
    looks,
    visitors,
  };
}
