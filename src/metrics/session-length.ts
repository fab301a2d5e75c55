// Session length in steps: how often the visitor looked and acted before leaving.

import type { Metric } from './metric.ts';

/** Steps per session. */
export const sessionLength: Metric = {
  name: 'session-length',
  title: 'Session length',
  unit: 'steps per session',
  description: 'Looks and decisions in a session, averaged over the sessions of a visitor.',
  kind: 'mean',
  higherIsBetter: true,
  sql: `
    SELECT arm, visitor, sum(steps) AS numerator, count(*) AS denominator
    FROM sessions
    WHERE status = 'complete'
    GROUP BY arm, visitor`,
};
