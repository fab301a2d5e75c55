// Click-through rate: what share of the recommended cards a visitor could see did it open?

import type { Metric } from './metric.ts';

/** Clicks per impression on the home page; the recommender's own lists only, not search results. */
export const ctr: Metric = {
  name: 'ctr',
  title: 'CTR',
  unit: 'clicks per impression',
  description:
    'Places of home slates whose item was opened, over places that were in view (an opened one was). A place opened twice counts once.',
  kind: 'ratio',
  higherIsBetter: true,
  sql: `
    SELECT s.arm, s.visitor,
      coalesce(sum(i.opened), 0) AS numerator,
      coalesce(sum(i.in_view OR i.opened), 0) AS denominator
    FROM sessions s LEFT JOIN impressions i ON i.session = s.id AND i.list = 'home'
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
