// The first home slate of every visitor under every arm: what was shown, with what propensity, and what was opened.
// Twins stand before it in the same state, which is what comparing policies off-line needs.

import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { sources } from './sources.ts';

const rowsSchema = z.array(
  z.object({
    arm: z.string(),
    visitor: z.string(),
    item: z.string(),
    propensity: z.number(),
    opened: z.number(),
  }),
);
export type FirstPlace = z.infer<typeof rowsSchema>[number];

/** Places of page 1 in the first visit, complete sessions only, in order of arm, visitor and slot. */
export function firstSlates(database: Database): readonly FirstPlace[] {
  return rowsSchema.parse(
    database
      .prepare(
        `SELECT s.arm, s.visitor, p.item, p.propensity, p.opened
        FROM (${sources.places}) p JOIN sessions s ON s.id = p.session
        WHERE s.status = 'complete' AND s.replicate = 1 AND p.page = 1
        ORDER BY s.arm, s.visitor, p.slot`,
      )
      .all(),
  );
}
