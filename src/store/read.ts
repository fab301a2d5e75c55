// Reads the record back: rows become typed values here and nowhere else. Nothing in here changes a database.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { sha256 } from '../base/hash.ts';
import type { Database } from './database.ts';
import { eventSchema } from './events.ts';
import type { Event } from './events.ts';
import { itemRecordSchema, sessionKey, sessionRecordSchema, visitorRecordSchema } from './session.ts';
import type { ItemRecord, SessionRecord, VisitorRecord } from './session.ts';

const storedSessionSchema = sessionRecordSchema.extend({ id: z.int() });
/** A session as it stands in the record; `id` is its number there. */
export type StoredSession = z.infer<typeof storedSessionSchema>;

/** All sessions, of every status, in order of arm, visitor, replicate. */
export function sessionsOf(database: Database): StoredSession[] {
  const rows = database
    .prepare(
      `SELECT id, visitor, arm, replicate, mind, mind_version AS mindVersion, seed, status, exit_reason AS exitReason,
        failure_kind AS failureKind, failure_message AS failureMessage, tries, steps, simulated_seconds AS simulatedSeconds, wall_ms AS wallMs
      FROM sessions ORDER BY arm, visitor, replicate`,
    )
    .all();
  return rows.map((row) => parsed(storedSessionSchema, row, 'a session'));
}

/** The events of one session in the order they happened; `session` is a StoredSession's id. */
export function eventsOf(database: Database, session: number): Event[] {
  const rows = database
    .prepare('SELECT data FROM events WHERE session = ? ORDER BY seq')
    .pluck()
    .all(session) as string[];
  return rows.map((row, seq) => parsed(eventSchema, JSON.parse(row), `event ${seq} of session ${session}`));
}

/** All visitors in order of id. */
export function visitorsOf(database: Database): VisitorRecord[] {
  const rows = database
    .prepare('SELECT id, activity, diversity, conformity, profile FROM visitors ORDER BY id')
    .all() as { profile: string }[];
  return rows.map((row) =>
    parsed(visitorRecordSchema, { ...row, profile: JSON.parse(row.profile) }, 'a visitor'),
  );
}

/** The catalogue facts the run keeps, in order of id. */
export function itemsOf(database: Database): ItemRecord[] {
  const rows = database.prepare('SELECT id, title, genres FROM items ORDER BY id').all() as {
    genres: string;
  }[];
  return rows.map((row) => parsed(itemRecordSchema, { ...row, genres: JSON.parse(row.genres) }, 'an item'));
}

/** A fact about the run; undefined when it was never set. The caller parses it. */
export function runValue(database: Database, key: string): unknown {
  const value = database.prepare('SELECT value FROM run WHERE key = ?').pluck().get(key) as
    string | undefined;
  return value === undefined ? undefined : JSON.parse(value);
}

/** Keys (`sessionKey`) of the sessions that need not be run again: not failed and not cut by the budget. */
export function completedKeys(database: Database): ReadonlySet<string> {
  const rows = database
    .prepare(
      "SELECT arm, visitor, replicate FROM sessions WHERE status <> 'failed' AND exit_reason <> 'budget-spent'",
    )
    .all() as Pick<SessionRecord, 'arm' | 'visitor' | 'replicate'>[];
  return new Set(rows.map(sessionKey));
}

/** How each session of the record ended, by key; the failed ones too. */
export function recordedSessions(database: Database): ReadonlyMap<string, SessionRecord['status']> {
  const rows = database.prepare('SELECT arm, visitor, replicate, status FROM sessions').all();
  return new Map(
    (rows as Pick<SessionRecord, 'arm' | 'visitor' | 'replicate' | 'status'>[]).map((row) => [
      sessionKey(row),
      row.status,
    ]),
  );
}

/**
 * SHA-256 over the events of all complete and truncated sessions in order of arm, visitor, replicate and seq.
 * Wall-clock times and the order in which sessions were saved have no part in it.
 */
export function eventsDigest(database: Database): string {
  const sessions = database
    .prepare(
      "SELECT id, arm, visitor, replicate, status FROM sessions WHERE status <> 'failed' ORDER BY arm, visitor, replicate",
    )
    .all() as { id: number; arm: string; visitor: string; replicate: number; status: string }[];
  const events = database.prepare('SELECT data FROM events WHERE session = ? ORDER BY seq').pluck();
  const lines = sessions.map(
    (session) => `${sessionKey(session)} ${session.status} ${sha256(events.all(session.id).join('\n'))}`,
  );
  return sha256(lines.join('\n'));
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RehearsalError(`The record holds ${what} that is not one:\n${z.prettifyError(result.error)}`, {
    hint: 'The file was changed by hand or by another program; restore it or run the scenario again.',
  });
}
