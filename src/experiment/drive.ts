// DRIVE: the journeys of a run, some at once, batch by batch, through a pool. After a whole batch the stopping rule
// looks at the record, so what it decides on never depends on which session happened to end first. What is committed
// stays. Who lives the journeys, and where, is the pool's; how one is lived is journey.ts.

import { setTimeout as pause } from 'node:timers/promises';
import type { EndedSession, Ledger } from '../store/ledger.ts';
import { isCutByBudget, sessionKey, type SessionRecord } from '../store/session.ts';
import { batchesOf, journeysOf, type Journey, type PlannedSession } from './assign.ts';
import { failureWatch, pauseAfterReturns, workerLost } from './faults.ts';
import { JourneyReturned, WorkerLost, type Pool } from './pool.ts';
import type { Look } from './result.ts';
import type { Scenario } from './scenario.ts';

export interface DriveParts {
  readonly scenario: Scenario;
  readonly plan: readonly PlannedSession[];
  /** The sessions that need not be run again, by key: how they ended. */
  readonly recorded: ReadonlyMap<string, SessionRecord['status']>;
  readonly ledger: Ledger;
  readonly pool: Pool;
  /** Aborted to stop after the sessions that are under way. */
  readonly interrupted: AbortSignal;
  /** Aborted to leave at once: nothing that ends from now on is recorded. */
  readonly abandoned?: AbortSignal;
  /** Looks at the record after a batch; `visitors` are all whose journeys are over. */
  look(visitors: readonly string[]): Look;
  /** Why a session under a planned place is not the planned one (its seed, its mind); null where it is. */
  strangeness(session: SessionRecord): string | null;
  /** The record of a session that no worker lived to end. */
  givenUp(planned: PlannedSession, reason: string): EndedSession;
  log(line: string): void;
  progress(state: { done: number; failed: number; total: number; before: number }): void;
}

export interface Driven {
  /**
   * Where planned sessions are missing that the stopping rule did not call off: 'stopped' if the run ended itself because
   * too much failed, 'truncated' if the budget of model calls was used up, else 'interrupted'.
   */
  readonly status: 'complete' | 'interrupted' | 'stopped' | 'truncated';
  /** Why it stopped itself; empty where it did not. */
  readonly reason: string;
  /** Looks of a sequential run, in order; the last one says why it ended, if it ended early. */
  readonly looks: readonly Look[];
  /** Visitors whose journeys were begun, in order of the plan. */
  readonly visitors: readonly string[];
  /** Sessions that came from a worker which had been given up for lost, and were refused. */
  readonly late: number;
}

/** Workers that may be lost running over one journey, without a session of it, before its missing sessions are failed. */
const mostLost = 3;

/** Runs what is missing of the plan until it is done, the stopping rule ends it, or it is interrupted. */
export async function driveSessions(parts: DriveParts): Promise<Driven> {
  const { scenario, plan, ledger, pool, interrupted } = parts;
  const recorded = new Map(parts.recorded);
  const planned = new Set(plan.map(sessionKey));
  /** Why the last session of a visitor was refused, until one is taken. */
  const refused = new Map<string, string>();
  const before = plan.filter((row) => recorded.has(sessionKey(row))).length;
  const counts = { done: 0, failed: 0, total: plan.length, before };
  parts.progress({ ...counts });
  const tooManyFailed = failureWatch();
  /** The budget of model calls is used up: sessions under way are cut, no other is begun. */
  let isSpent = false;
  let isBroken = false;
  let reason = '';
  let late = 0;
  const halted = (): boolean => interrupted.aborted || isSpent || isBroken || reason !== '';

  const take = (token: number, ended: EndedSession): void => {
    const { session } = ended;
    if (parts.abandoned?.aborted === true) return;
    const strange = planned.has(sessionKey(session)) ? parts.strangeness(session) : 'it is not in the plan';
    if (strange !== null) {
      const what = `refused a session of visitor ${session.visitor} under ${session.arm}: ${strange}`;
      refused.set(session.visitor, what);
      parts.log(what);
      return;
    }
    if (ledger.commit(token, ended) === 'late') {
      late += 1;
      parts.log(`refused a late session of visitor ${session.visitor} under ${session.arm}`);
      return;
    }
    refused.delete(session.visitor);
    if (isCutByBudget(session)) {
      isSpent = true;
      return;
    }
    recorded.set(sessionKey(session), session.status);
    counts.done += 1;
    counts.failed += session.status === 'failed' ? 1 : 0;
    reason ||= tooManyFailed(session) ?? '';
    parts.progress({ ...counts });
  };

  const runJourney = async (journey: Journey): Promise<void> => {
    const { visitor } = journey;
    const missing = (): PlannedSession[] =>
      [...journey.burnIn, ...journey.chains.flat()].filter((row) => !recorded.has(sessionKey(row)));
    let [lost, returns] = [0, 0];
    while (missing().length > 0 && !halted()) {
      const due = missing().length;
      try {
        await pool.live(withoutFailed(journey, recorded), recordedOf(journey, recorded), {
          leased: (holder) => ledger.lease(visitor, holder),
          heard: (token) => void ledger.heard(token),
          ended: take,
          halted,
        });
        if (missing().length > 0 && !halted())
          throw new WorkerLost(refused.get(visitor) ?? 'its worker ended before all sessions did');
      } catch (error) {
        if (!(error instanceof WorkerLost || error instanceof JourneyReturned)) throw error;
        parts.log(`visitor ${visitor}: ${error.message}`);
        if (missing().length < due) {
          // A session was recorded meanwhile: counting begins anew.
          [lost, returns] = [0, 0];
          continue;
        }
        if (error instanceof JourneyReturned) {
          returns += 1;
          await pause(pauseAfterReturns(returns), undefined, { signal: interrupted }).catch(() => undefined);
          continue;
        }
        lost += 1;
        if (lost < mostLost) continue;
        const token = ledger.lease(visitor, workerLost);
        for (const row of missing()) take(token, parts.givenUp(row, error.message));
        if (missing().length > 0 && !halted())
          throw new Error(`defect: sessions of visitor ${visitor} are neither recorded nor to be recorded`);
      }
    }
  };
  /** Runs journeys side by side; a fault that must stop the run lets the others end first. */
  const runAll = async (batch: readonly Journey[]): Promise<void> => {
    const waiting = [...batch];
    const places = Array.from({ length: pool.atOnce }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await runJourney(next);
    });
    const ends = places.map((place) =>
      place.catch((error: unknown) => {
        isBroken = true;
        throw error;
      }),
    );
    const broken = (await Promise.allSettled(ends)).find(({ status }) => status === 'rejected');
    if (broken?.status === 'rejected') throw broken.reason;
  };

  const looks: Look[] = [];
  const visitors: string[] = [];
  const isShort = (): boolean => counts.before + counts.done < counts.total;
  const batches = batchesOf(scenario, journeysOf(plan));
  for (const [index, batch] of batches.entries()) {
    visitors.push(...batch.map(({ visitor }) => visitor));
    await runAll(batch);
    if (halted() && isShort()) break;
    if (scenario.stopping.rule === 'fixed') continue;
    const look = parts.look(visitors);
    looks.push(look);
    if (look.stop !== null && index < batches.length - 1)
      return { status: 'complete', reason: '', looks, visitors, late };
  }
  const ended = reason !== '' ? 'stopped' : isSpent ? 'truncated' : 'interrupted';
  const status = isShort() ? ended : 'complete';
  return { status, reason: status === 'stopped' ? reason : '', looks, visitors, late };
}

/** Keys of the visits of a journey that are recorded; only these are kept while it is under way. */
function recordedOf(
  { burnIn, chains }: Journey,
  recorded: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  return new Set([...burnIn, ...chains.flat()].map(sessionKey).filter((key) => recorded.has(key)));
}

/** The journey as its later visits know it: a visit that failed left nothing, and is not to be lived again. */
function withoutFailed(
  { visitor, burnIn, chains }: Journey,
  recorded: ReadonlyMap<string, SessionRecord['status']>,
): Journey {
  const left = (visits: readonly PlannedSession[]): PlannedSession[] =>
    visits.filter((planned) => recorded.get(sessionKey(planned)) !== 'failed');
  return { visitor, burnIn: left(burnIn), chains: chains.map(left) };
}
