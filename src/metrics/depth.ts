// Depth: how far down the recommended pages a visitor went.

import { perSession } from './metric.ts';
import type { Metric } from './metric.ts';

/** Home pages seen per session. */
export const depth: Metric = {
  name: 'depth',
  title: 'Depth',
  unit: 'home pages per session',
  description:
    'Different pages of the home list shown in a session, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  numerator: { over: 'slates', sql: 'count(DISTINCT page)' },
  denominator: perSession,
};
