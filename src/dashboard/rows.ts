// The rows of the three lists, sessions, visitors and items, read from the record in a few passes. Plain rows, so that
// one filter serves all of them; the fields here are the names a reader may ask for.

import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { isData, levelSchema } from '../store/session.ts';
import type { Fields } from './browser/filter.js';

const count = z.int();

const sessionRowSchema = z.object({
  id: count,
  visitor: z.string(),
  arm: z.string(),
  replicate: z.int(),
  status: z.enum(['complete', 'failed', 'truncated']),
  /** Why the visit ended, or the kind of failure. */
  exit: z.string(),
  /** What went wrong; empty where nothing did. */
  failure: z.string(),
  steps: count,
  /** Simulated seconds. */
  seconds: z.number(),
  clicks: count,
  watches: count,
  ratings: count,
  searches: count,
});
export type SessionRow = z.infer<typeof sessionRowSchema>;

/** Whether a session is data: neither failed nor cut by the budget. */
export function isDataRow({ status, exit }: SessionRow): boolean {
  return isData({ status, exitReason: exit });
}

export const sessionFields = {
  id: 'number',
  visitor: 'text',
  arm: 'text',
  replicate: 'number',
  status: 'text',
  exit: 'text',
  failure: 'text',
  steps: 'number',
  seconds: 'number',
  clicks: 'number',
  watches: 'number',
  ratings: 'number',
  searches: 'number',
} as const satisfies Fields;

/** All sessions in the order they were recorded. */
export function sessionRows(database: Database): SessionRow[] {
  const rows = database
    .prepare(
      `SELECT s.id, s.visitor, s.arm, s.replicate, s.status, coalesce(s.exit_reason, s.failure_kind) AS exit,
        coalesce(s.failure_message, '') AS failure, s.steps, s.simulated_seconds AS seconds,
        coalesce(e.clicks, 0) AS clicks, coalesce(e.watches, 0) AS watches, coalesce(e.ratings, 0) AS ratings,
        coalesce(e.searches, 0) AS searches
      FROM sessions s LEFT JOIN (
        SELECT session, sum(type = 'item-opened') AS clicks, sum(type = 'item-watched') AS watches,
          sum(type = 'item-rated') AS ratings, sum(type = 'search-made') AS searches
        FROM events WHERE type IN ('item-opened', 'item-watched', 'item-rated', 'search-made') GROUP BY session
      ) e ON e.session = s.id
      ORDER BY s.id`,
    )
    .all();
  return z.array(sessionRowSchema).parse(rows);
}

const visitorRowSchema = z.object({
  visitor: z.string(),
  activity: levelSchema,
  diversity: levelSchema,
  conformity: levelSchema,
});
export type VisitorRow = z.infer<typeof visitorRowSchema> &
  Readonly<Record<'sessions' | 'steps' | 'clicks' | 'watches', number>>;

export const visitorFields = {
  visitor: 'text',
  activity: 'text',
  diversity: 'text',
  conformity: 'text',
  sessions: 'number',
  steps: 'number',
  clicks: 'number',
  watches: 'number',
} as const satisfies Fields;

/** All visitors in order of id, with what their sessions add up to. */
export function visitorRows(database: Database, sessions: readonly SessionRow[]): VisitorRow[] {
  const own = Map.groupBy(sessions, ({ visitor }) => visitor);
  const rows = database
    .prepare('SELECT id AS visitor, activity, diversity, conformity FROM visitors ORDER BY id')
    .all();
  return z
    .array(visitorRowSchema)
    .parse(rows)
    .map((row) => {
      const visits = own.get(row.visitor) ?? [];
      const sum = (field: 'steps' | 'clicks' | 'watches'): number =>
        visits.reduce((total, visit) => total + visit[field], 0);
      return {
        ...row,
        sessions: visits.length,
        steps: sum('steps'),
        clicks: sum('clicks'),
        watches: sum('watches'),
      };
    });
}

/** What an item met: how often it was in a list, in view, opened and watched, and in which slot on average. */
export interface ItemRow {
  readonly item: string;
  readonly title: string;
  readonly genres: string;
  readonly shown: number;
  readonly seen: number;
  readonly clicks: number;
  /** Clicks by times in view; null where it was never in view. */
  readonly ctr: number | null;
  readonly watches: number;
  /** Mean slot where it was in view; null where it never was. */
  readonly slot: number | null;
}

export const itemFields = {
  item: 'text',
  title: 'text',
  genres: 'text',
  shown: 'number',
  seen: 'number',
  clicks: 'number',
  ctr: 'number',
  watches: 'number',
  slot: 'number',
} as const satisfies Fields;
