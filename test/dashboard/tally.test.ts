// What the pages of a run add up: of sessions that are data, and of no other.

import { expect, it } from 'vitest';
import { sessionRows } from '../../src/dashboard/rows.ts';
import { funnels } from '../../src/dashboard/tally.ts';
import { writer } from '../../src/store/write.ts';
import { sampleSession, timedOut } from '../store/sample.ts';
import { recordOf } from '../experiment/hand.ts';

it('a session that failed and one that the budget cut are in no funnel', () => {
  const database = recordOf({ old: [2, 0] });
  const none = { arm: 'old', steps: 0 } as const;
  const record = writer(database);
  record.saveSession(sampleSession({ visitor: 'v02', ...none, ...timedOut }), []);
  record.saveSession(
    sampleSession({ visitor: 'v03', ...none, status: 'truncated', exitReason: 'budget-spent' }),
    [],
  );
  const rows = sessionRows(database);
  expect(rows).toHaveLength(4);
  expect(funnels(rows, ['old'])).toEqual([{ arm: 'old', sessions: 2, opened: 1, watched: 0, rated: 0 }]);
  database.close();
});
