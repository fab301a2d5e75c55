// Clicks by home page: the numbers of CTR, kept apart for each page, so that an effect can be followed down the list.

import { z } from 'zod';
import { visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import { sources } from './sources.ts';

const rowsSchema = z.array(
  z.object({
    arm: z.string(),
    visitor: z.string(),
    page: z.int(),
    numerator: z.number(),
    denominator: z.number(),
  }),
);

/** Places opened and seen by page and arm, one row per visitor who came to the page; complete sessions only. */
export function pageClicks(database: Database): ReadonlyMap<number, ReadonlyMap<string, VisitorValues>> {
  const rows = rowsSchema.parse(
    database
      .prepare(
        `SELECT s.arm, s.visitor, p.page, total(p.opened) AS numerator, total(p.in_view OR p.opened) AS denominator
        FROM (${sources.places}) p JOIN sessions s ON s.id = p.session
        WHERE s.status = 'complete' AND s.replicate >= 1
        GROUP BY s.arm, s.visitor, p.page`,
      )
      .all(),
  );
  const byPage = [...Map.groupBy(rows, ({ page }) => page)].sort(([a], [b]) => a - b);
  return new Map(
    byPage.map(([page, own]) => [
      page,
      new Map([...Map.groupBy(own, ({ arm }) => arm)].map(([arm, list]) => [arm, visitorValues(list)])),
    ]),
  );
}
