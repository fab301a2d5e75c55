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
  numerator: { over: 'items', sql: 'total(stars)' },
  denominator: { over: 'items', sql: 'total(ratings)' },
};
