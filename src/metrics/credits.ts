// Credit under interleaving: one list, two arms that drafted it, and each opened place counts for its drafter. One row
// per visitor and slate; a metric compares arms that were met apart and so cannot say this.

import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { sources } from './sources.ts';

const rowsSchema = z.array(
  z.object({
    visitor: z.string(),
    session: z.int(),
    slate: z.int(),
    drafter: z.string(),
    shown: z.int(),
    opened: z.number(),
  }),
);
export type Credit = z.infer<typeof rowsSchema>[number];

/** What each drafter had shown and opened of each home slate, in complete sessions with a draft. */
export function credits(database: Database): readonly Credit[] {
  return rowsSchema.parse(
    database
      .prepare(
        `SELECT s.visitor, p.session, p.slate, p.drafter, count(*) AS shown, total(p.opened) AS opened
        FROM (${sources.places}) p JOIN sessions s ON s.id = p.session
        WHERE p.drafter IS NOT NULL AND s.status = 'complete' AND s.replicate >= 1
        GROUP BY p.session, p.slate, p.drafter
        ORDER BY s.visitor, p.session, p.slate, p.drafter`,
      )
      .all(),
  );
}
