// Catalogue coverage: a fact about an arm as a whole, not about a visitor. It has no test and no interval.

import { z } from 'zod';
import type { Database } from '../store/database.ts';

const rowsSchema = z.array(z.object({ arm: z.string(), shown: z.int() }));

/**
 * Share of the catalogue's items that an arm's home slates showed in complete sessions, by arm; null where the
 * record knows no items. Burn-in visits, from before the arms, do not count.
 */
export function coverage(database: Database): ReadonlyMap<string, number | null> {
  const items = z.int().parse(database.prepare('SELECT count(*) FROM items').pluck().get());
  const rows = rowsSchema.parse(
    database
      .prepare(
        `SELECT s.arm, count(DISTINCT p.value ->> '$.item') AS shown
        FROM sessions s
        LEFT JOIN events e ON e.session = s.id AND e.type = 'slate-shown' AND e.data ->> '$.list' = 'home'
        LEFT JOIN json_each(e.data, '$.items') p
        WHERE s.status = 'complete' AND s.replicate >= 1
        GROUP BY s.arm`,
      )
      .all(),
  );
  return new Map(rows.map(({ arm, shown }) => [arm, items === 0 ? null : shown / items]));
}
