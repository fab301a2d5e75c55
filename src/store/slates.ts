// What the record says of the slates that were asked of arms: a list beside each session, and not among its events, since
// times are the weather's. A session whose worker was lost has none, nor has one recorded before slates were noted.

import { z } from 'zod';
import type { Database } from './database.ts';

/** A slate that was asked of an arm, also where it was refused. */
export const askedSlateSchema = z.object({
  arm: z.string(),
  /** Wall-clock milliseconds until it came or was refused. */
  ms: z.number().min(0),
  /** The fault it was refused for; null where it came. */
  refused: z.string().nullable(),
  /** What the arm told of how it was generated, in its own shape; null where it told nothing. */
  generated: z.unknown(),
});
export type AskedSlate = z.infer<typeof askedSlateSchema>;

/** The slates of all sessions, of every status, one by one in order of arm, visitor and replicate. */
export function* askedSlates(database: Database): Generator<AskedSlate, void> {
  const rows = database
    .prepare('SELECT slates FROM sessions WHERE slates IS NOT NULL ORDER BY arm, visitor, replicate')
    .pluck()
    .iterate() as IterableIterator<string>;
  for (const row of rows) yield* z.array(askedSlateSchema).parse(JSON.parse(row));
}

const tellingSchema = z.object({ arm: z.string(), untold: z.int(), again: z.int() });

/** By the arm of the record: sessions that say nothing of their slates, and how often sessions were begun again. */
export function tellingSessions(database: Database): z.infer<typeof tellingSchema>[] {
  const rows = database
    .prepare(
      'SELECT arm, sum(slates IS NULL) AS untold, sum(tries - 1) AS again FROM sessions GROUP BY arm ORDER BY arm',
    )
    .all();
  return z.array(tellingSchema).parse(rows);
}
