// Item-page conversion: once the page of an item is open, does the visitor take it?

import type { Metric } from './metric.ts';

/** Items watched or put on the list, per item opened. */
export const conversion: Metric = {
  name: 'conversion',
  title: 'Item-page conversion',
  unit: 'items taken per item opened',
  description:
    'Items opened in a session, from home or search, that were then watched or put on the list, over items opened.',
  kind: 'ratio',
  higherIsBetter: true,
  sql: `
    WITH opened AS (
      SELECT session, item, max(type <> 'item-opened') AS taken
      FROM events
      WHERE type IN ('item-opened', 'item-watched', 'item-listed')
      GROUP BY session, item
      HAVING max(type = 'item-opened')
    )
    SELECT s.arm, s.visitor, coalesce(sum(o.taken), 0) AS numerator, count(o.item) AS denominator
    FROM sessions s LEFT JOIN opened o ON o.session = s.id
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
