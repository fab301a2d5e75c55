// Watches: how many items a visit ends up watching, the terminal action of the movies storefront.

import { perSession } from './metric.ts';
import type { Metric } from './metric.ts';

/** Items watched per session. */
export const watches: Metric = {
  name: 'watches',
  title: 'Watches',
  unit: 'items per session',
  description: 'Items watched in a session, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  numerator: { over: 'items', sql: 'total(watched)' },
  denominator: perSession,
};
