// Session length in simulated minutes: time the visitor spent looking, reading and deciding.

import { perSession } from './metric.ts';
import type { Metric } from './metric.ts';

/** Simulated minutes per session. */
export const sessionMinutes: Metric = {
  name: 'session-minutes',
  title: 'Session minutes',
  unit: 'simulated minutes per session',
  description: 'Simulated time from entering to leaving, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  numerator: { over: 'sessions', sql: 'total(seconds) / 60.0' },
  denominator: perSession,
};
