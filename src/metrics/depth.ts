// Depth: how far down the recommended pages a visitor went.

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
  sql: `
    SELECT s.arm, s.visitor,
      sum((
        SELECT count(DISTINCT e.page) FROM events e
        WHERE e.session = s.id AND e.type = 'slate-shown' AND e.data ->> '$.list' = 'home'
      )) AS numerator,
      count(*) AS denominator
    FROM sessions s
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
