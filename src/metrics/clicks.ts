// Clicks: how many item pages a visit opens, wherever they were found.

import type { Metric } from './metric.ts';

/** Item pages opened per session. */
export const clicks: Metric = {
  name: 'clicks',
  title: 'Clicks',
  unit: 'item pages per session',
  description:
    'Item pages opened in a session, from home lists and from search, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  sql: `
    SELECT s.arm, s.visitor,
      sum((SELECT count(*) FROM events e WHERE e.session = s.id AND e.type = 'item-opened')) AS numerator,
      count(*) AS denominator
    FROM sessions s
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
