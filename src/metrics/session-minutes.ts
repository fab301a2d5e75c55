// Session length in simulated minutes: time the visitor spent looking, reading and deciding.

import type { Metric } from './metric.ts';

/** Simulated minutes per session. */
export const sessionMinutes: Metric = {
  name: 'session-minutes',
  title: 'Session minutes',
  unit: 'simulated minutes per session',
  description: 'Simulated time from entering to leaving, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  sql: `
    SELECT arm, visitor, sum(simulated_seconds) / 60.0 AS numerator, count(*) AS denominator
    FROM sessions
    WHERE status = 'complete'
    GROUP BY arm, visitor`,
};
