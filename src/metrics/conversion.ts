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
  numerator: { over: 'items', sql: 'total(opens > 0 AND (watched OR listed))' },
  denominator: { over: 'items', sql: 'total(opens > 0)' },
};
