// The scale contest on a record that takes a second; its seconds are not judged here.

import { expect, it } from 'vitest';
import { scaleContest, scaleSection } from '../../src/bench/scale.ts';

it('a synthetic record is made, added up and told of', () => {
  const report = scaleContest({ events: 5_000, log: () => undefined });
  expect(report).toMatchObject({ sessions: 200, events: 5_000 });
  expect(scaleSection(report, 'npm run bench -- scale').lines[0]).toContain('5,000 events in 200 sessions');
});
