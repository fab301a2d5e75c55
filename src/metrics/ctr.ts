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
  numerator: { over: 'places', sql: 'total(opened)' },
  denominator: { over: 'places', sql: 'total(in_view OR opened)' },
};
