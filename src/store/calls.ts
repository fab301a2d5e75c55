// What the record says of exchanges with models, added up by session. Rows outlive a session that was deleted to be tried
// again (what was paid stays paid): those have no session.

import { z } from 'zod';
import type { Database } from './database.ts';

const totalSchema = z.object({
  session: z.int().nullable(),
  visitor: z.string(),
  source: z.enum(['endpoint', 'cassette']),
  /** Whether they are asked once a visitor (its profile) and not in every session. */
  once: z.int().transform((value) => value === 1),
  /** HTTP requests; of recorded answers, what they would be. */
  calls: z.int(),
  tokensIn: z.int(),
  tokensOut: z.int(),
  usd: z.number(),
  /** Answers without a token count, and exchanges without a price. */
  unmeasured: z.int(),
  unpriced: z.int(),
});
/** Exchanges of one session from one source and of one kind. */
export type CallTotal = z.infer<typeof totalSchema>;

/** One row for each session, source and kind, in order of session; rows without a session by visitor. */
export function callTotals(database: Database): CallTotal[] {
  const rows = database
    .prepare(
      `SELECT session, visitor, source, purpose IN ('profile', 'consistency') AS once,
        sum(CASE source WHEN 'cassette' THEN 1 ELSE attempts END) AS calls,
        coalesce(sum(tokens_in), 0) AS tokensIn,
        coalesce(sum(tokens_out), 0) AS tokensOut,
        total(usd) AS usd,
        sum(tokens_in IS NULL AND failure_kind IS NULL) AS unmeasured,
        sum(usd IS NULL) AS unpriced
      FROM calls GROUP BY session, visitor, source, once ORDER BY session, visitor, source, once`,
    )
    .all();
  return z.array(totalSchema).parse(rows);
}

const servedSchema = z.object({
  arm: z.string(),
  visitor: z.string(),
  replicate: z.int(),
  served: z.string().nullable(),
  answers: z.int(),
});
/** Answers that a model gave in one session. */
export type ServedModel = z.infer<typeof servedSchema>;

/** How many answers to chats each session had from which model, as the endpoint named it; null where it did not.
 * Fingerprints, which follow the name, are left away: they change with the machine that answers. */
export function servedModels(database: Database): ServedModel[] {
  const rows = database
    .prepare(
      `SELECT arm, visitor, replicate, substr(served_by, 1, instr(served_by || ' ', ' ') - 1) AS served, count(*) AS answers FROM calls
      WHERE operation = 'chat' AND raw IS NOT NULL AND session IS NOT NULL
      GROUP BY arm, visitor, replicate, served ORDER BY served, arm, visitor, replicate`,
    )
    .all();
  return z.array(servedSchema).parse(rows);
}
