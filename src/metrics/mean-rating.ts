// Mean rating: the stars visitors give, to what they watched and to what they knew already or judged by its page.
// Visitors who rate nothing have no say in it.

import type { Metric } from './metric.ts';

/** Stars per rating. */
export const meanRating: Metric = {
  name: 'mean-rating',
  title: 'Mean rating',
  unit: 'stars',
  description: 'Stars given over ratings given. A visitor without ratings adds nothing to either.',
  kind: 'ratio',
  higherIsBetter: true,
  sql: `
    SELECT s.arm, s.visitor, coalesce(sum(e.value), 0) AS numerator, count(e.value) AS denominator
    FROM sessions s LEFT JOIN events e ON e.session = s.id AND e.type = 'item-rated'
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
