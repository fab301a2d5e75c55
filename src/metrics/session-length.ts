// Session length in steps: how often the visitor looked and acted before leaving.

import { perSession } from './metric.ts';
import type { Metric } from './metric.ts';

/** Steps per session. */
export const sessionLength: Metric = {
  name: 'session-length',
  title: 'Session length',
  unit: 'steps per session',
  description: 'Looks and decisions in a session, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  numerator: { over: 'sessions', sql: 'total(steps)' },
  denominator: perSession,
};
