// Watches: how many items a visit ends up watching, the terminal action of the movies storefront.

import type { Metric } from './metric.ts';

/** Items watched per session. */
export const watches: Metric = {
  name: 'watches',
  title: 'Watches',
  unit: 'items per session',
  description: 'Items watched in a session, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  sql: `
    SELECT s.arm, s.visitor,
      sum((SELECT count(DISTINCT e.item) FROM events e WHERE e.session = s.id AND e.type = 'item-watched')) AS numerator,
      count(*) AS denominator
    FROM sessions s
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
