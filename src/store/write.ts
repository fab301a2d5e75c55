// The one writer of a record. A session is committed whole, with all its events, or not at all; what is
// committed is never changed, except that failed sessions may be deleted to be tried again.

import { RehearsalError } from '../base/error.ts';
import { canonicalJson } from '../base/hash.ts';
import { explained, sqliteCode } from './database.ts';
import type { Database } from './database.ts';
import type { Event } from './events.ts';
import type { CallRecord, ItemRecord, SessionRecord, VisitorRecord } from './session.ts';

export interface Writer {
  /** Saves a visitor; saving an equal one again does nothing, a different one under the same id throws. */
  saveVisitor(visitor: VisitorRecord): void;
  /** Saves or updates the catalogue facts that metrics need, in one transaction. */
  saveItems(items: readonly ItemRecord[]): void;
  /** Commits a session with its events and its exchanges with a model; returns its number. Throws if (arm, visitor, replicate) is already there. */
  saveSession(session: SessionRecord, events: readonly Event[], calls?: readonly CallRecord[]): number;
  /** Sets a fact about the run as a whole; any JSON value. */
  setRun(key: string, value: unknown): void;
  /**
   * Deletes sessions that failed or were cut by the budget, and their events, so that they can be run again; also the
   * visits that came after them, which did not know what they will have left. Returns how many.
   */
  deleteFailed(): number;
}

/** A writer on an opened database. */
export function writer(database: Database): Writer {
  const findVisitor = database.prepare<
    [string],
    { activity: string; diversity: string; conformity: string; profile: string }
  >('SELECT activity, diversity, conformity, profile FROM visitors WHERE id = ?');
  const insertVisitor = database.prepare(
    'INSERT INTO visitors (id, activity, diversity, conformity, profile) VALUES (?, ?, ?, ?, ?)',
  );
  const upsertItem = database.prepare(
    'INSERT INTO items (id, title, genres) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, genres = excluded.genres',
  );
  const insertSession = database.prepare(`
    INSERT INTO sessions (visitor, arm, replicate, mind, mind_version, seed, status, exit_reason, failure_kind, failure_message, tries, steps, simulated_seconds, wall_ms, slates)
    VALUES (@visitor, @arm, @replicate, @mind, @mindVersion, @seed, @status, @exitReason, @failureKind, @failureMessage, @tries, @steps, @simulatedSeconds, @wallMs, @slates)`);
  const insertEvent = database.prepare('INSERT INTO events (session, seq, data) VALUES (?, ?, ?)');
  const insertCall = database.prepare(`
    INSERT INTO calls (session, visitor, arm, replicate, seq, purpose, operation, model, served_by, mode, request_hash, raw, tokens_in, tokens_out, tokens_cached, usd, repair, attempts, source, failure_kind, failure_message, wall_ms)
    VALUES (@session, @visitor, @arm, @replicate, @seq, @purpose, @operation, @model, @servedBy, @mode, @requestHash, @raw, @tokensIn, @tokensOut, @tokensCached, @usd, @repair, @attempts, @source, @failureKind, @failureMessage, @wallMs)`);
  const upsertRun = database.prepare(
    'INSERT INTO run (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const deleteFailedSessions = database.prepare(`
    WITH again AS (
      SELECT visitor, arm, replicate FROM sessions WHERE status = 'failed' OR exit_reason = 'budget-spent'
    )
    DELETE FROM sessions WHERE EXISTS (
      SELECT 1 FROM again a WHERE a.visitor = sessions.visitor AND a.replicate <= sessions.replicate
        AND (a.arm = sessions.arm OR a.replicate < 1)
    )`);

  const commit = <T>(work: () => T): T =>
    explained(database.name, () => database.transaction(work).immediate());

  return {
    saveVisitor(visitor) {
      const row = {
        activity: visitor.activity,
        diversity: visitor.diversity,
        conformity: visitor.conformity,
        profile: canonicalJson(visitor.profile),
      };
      commit(() => {
        const known = findVisitor.get(visitor.id);
        if (known === undefined) {
          insertVisitor.run(visitor.id, row.activity, row.diversity, row.conformity, row.profile);
        } else if (canonicalJson(known) !== canonicalJson(row)) {
          throw new RehearsalError(`Visitor ${visitor.id} is already recorded with another profile.`, {
            hint: 'The catalogue or the seed has changed since this run began; start a new run.',
          });
        }
      });
    },
    saveItems(items) {
      commit(() => items.forEach((item) => upsertItem.run(item.id, item.title, canonicalJson(item.genres))));
    },
    saveSession(session, events, calls = []) {
      return commit(() => {
        const slates = session.slates === undefined ? null : canonicalJson(session.slates);
        const number = insertedSession(session, () =>
          Number(insertSession.run({ tries: 1, ...session, slates }).lastInsertRowid),
        );
        events.forEach((event, seq) => insertEvent.run(number, seq, canonicalJson(event)));
        const { visitor, arm, replicate } = session;
        calls.forEach((call, seq) =>
          insertCall.run({ ...call, session: number, visitor, arm, replicate, seq }),
        );
        return number;
      });
    },
    setRun(key, value) {
      commit(() => upsertRun.run(key, canonicalJson(value)));
    },
    deleteFailed: () => commit(() => deleteFailedSessions.run().changes),
  };
}

/** Gives the two mistakes a planner can make their own sentences. */
function insertedSession(session: SessionRecord, insert: () => number): number {
  const name = `arm ${session.arm}, visitor ${session.visitor}, replicate ${session.replicate}`;
  try {
    return insert();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === 'SQLITE_CONSTRAINT_UNIQUE') {
      throw new RehearsalError(`The session of ${name} is already recorded.`, {
        hint: 'Skip what completedKeys lists; call deleteFailed before failed sessions are tried again.',
        cause: error,
      });
    }
    if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') {
      throw new RehearsalError(`The session of ${name} was saved before its visitor.`, {
        hint: 'Call saveVisitor first.',
        cause: error,
      });
    }
    if (code === 'SQLITE_CONSTRAINT_CHECK') {
      throw new RehearsalError(
        `The session of ${name} contradicts itself: status ${session.status}, exit reason ${session.exitReason}, failure ${session.failureKind}.`,
        {
          hint: 'A failed session has a failure kind; a complete or truncated one has an exit reason and no failure.',
          cause: error,
        },
      );
    }
    throw error;
  }
}
