// Clicks: how many item pages a visit opens, wherever they were found.

import { perSession } from './metric.ts';
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
  numerator: { over: 'items', sql: 'total(opens)' },
  denominator: perSession,
};
