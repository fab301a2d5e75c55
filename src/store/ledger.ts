// The plan of a run with who is at work on what. A visitor's rows are leased together, under a fencing token that
// only goes up; a session is committed in one transaction with the look at its row, and only under the row's
// present token. So whoever was given up for lost and comes back late changes nothing, and no row is counted twice.
// Leases belong to the one writer of the record: they are all void when it opens the plan again.

import { wallDate, wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { explained } from './database.ts';
import type { Database } from './database.ts';
import type { Event } from './events.ts';
import type { CallRecord, SessionRecord } from './session.ts';
import type { Writer } from './write.ts';

export type PlanRow = Pick<SessionRecord, 'arm' | 'visitor' | 'replicate'>;

/** A session that has ended, as it is to be recorded. */
export interface EndedSession {
  readonly session: SessionRecord;
  readonly events: readonly Event[];
  readonly calls: readonly CallRecord[];
}

export interface Ledger {
  /** Leases a visitor's rows to `holder` and returns the token; a former lease of them is void from now on. */
  lease(visitor: string, holder: string): number;
  /**
   * Notes a sign of life of whoever holds a lease; of a void one nothing. Signs are for people and reach the disk with the
   * next session, or after some seconds: thousands of workers must not cost a write each.
   */
  heard(token: number): void;
  /** Records a session under a lease; 'late' where the lease is void or the session is there already. */
  commit(token: number, ended: EndedSession): 'saved' | 'late';
}

const mostBetweenSigns = 5000;

/**
 * Opens the plan of a run: notes its rows where they are new, and makes all leases void. Throws a RehearsalError
 * where another plan is noted already.
 */
export function openLedger(
  database: Database,
  record: Pick<Writer, 'saveSession'>,
  plan: readonly PlanRow[],
  scenarioHash: string,
): Ledger {
  const signs = new Map<number, string>();
  let signsNoted = wallMilliseconds();
  const noteSigns = (): void => {
    for (const [token, date] of signs) hearRows.run(date, token);
    signs.clear();
    signsNoted = wallMilliseconds();
  };
  const commit = <T>(work: () => T): T =>
    explained(database.name, () =>
      database
        .transaction(() => {
          noteSigns();
          return work();
        })
        .immediate(),
    );
  /** Committed, and on the disk with whatever is committed next: what a cut of power takes was void anyway. */
  const inPassing = <T>(work: () => T): T => {
    database.pragma('synchronous = NORMAL');
    try {
      return commit(work);
    } finally {
      database.pragma('synchronous = FULL');
    }
  };
  const noteRow = database.prepare(
    'INSERT INTO plan (place, scenario, visitor, arm, replicate) VALUES (?, ?, ?, ?, ?)',
  );
  const leaseRows = database.prepare('UPDATE plan SET token = ?, holder = ?, heard = ? WHERE visitor = ?');
  const hearRows = database.prepare('UPDATE plan SET heard = ? WHERE token = ? AND holder IS NOT NULL');
  const tokenOf = database
    .prepare('SELECT token FROM plan WHERE arm = ? AND visitor = ? AND replicate = ? AND holder IS NOT NULL')
    .pluck();
  const isRecorded = database
    .prepare('SELECT 1 FROM sessions WHERE arm = ? AND visitor = ? AND replicate = ?')
    .pluck();
  const isToken = database.prepare('UPDATE sessions SET token = ? WHERE id = ?');

  commit(() => {
    const noted = database
      .prepare('SELECT arm, visitor, replicate, scenario FROM plan ORDER BY place')
      .all() as (PlanRow & { scenario: string })[];
    if (noted.length === 0)
      plan.forEach(({ visitor, arm, replicate }, place) =>
        noteRow.run(place + 1, scenarioHash, visitor, arm, replicate),
      );
    else requireSamePlan(noted, plan, scenarioHash);
    database.prepare('UPDATE plan SET holder = NULL, heard = NULL WHERE holder IS NOT NULL').run();
  });
  let last = Number(database.prepare('SELECT coalesce(max(token), 0) FROM plan').pluck().get());

  return {
    lease(visitor, holder) {
      last += 1;
      const rows = inPassing(() => leaseRows.run(last, holder, wallDate(), visitor).changes);
      if (rows === 0) throw new Error(`defect: visitor ${visitor} is in no plan`);
      return last;
    },
    heard(token) {
      signs.set(token, wallDate());
      if (wallMilliseconds() - signsNoted > mostBetweenSigns) inPassing(() => undefined);
    },
    commit: (token, { session, events, calls }) =>
      commit(() => {
        const key = [session.arm, session.visitor, session.replicate] as const;
        if (tokenOf.get(...key) !== token || isRecorded.get(...key) !== undefined) return 'late';
        isToken.run(token, record.saveSession(session, events, calls));
        return 'saved';
      }),
  };
}

function requireSamePlan(
  noted: readonly (PlanRow & { scenario: string })[],
  plan: readonly PlanRow[],
  scenarioHash: string,
): void {
  const same =
    noted.length === plan.length &&
    plan.every((row, place) => {
      const { arm, visitor, replicate, scenario } = noted[place]!;
      return (
        arm === row.arm && visitor === row.visitor && replicate === row.replicate && scenario === scenarioHash
      );
    });
  if (same) return;
  throw new RehearsalError(
    `The record holds a plan of ${noted.length} sessions that is not the one of ${plan.length} sessions to be run.`,
    { hint: 'Its catalogue or scenario has changed; run into another --out.' },
  );
}
