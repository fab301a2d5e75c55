// The export contest on a record that takes a second; its seconds are not judged here.

import { expect, it } from 'vitest';
import { exportContest, exportSection } from '../../src/bench/export.ts';
import { exporters } from '../../src/dataset/exporters.ts';

it('a synthetic record is made, written in every format and told of', async () => {
  const report = await exportContest({ impressions: 600, log: () => undefined });
  expect(report).toMatchObject({ sessions: 20, impressions: 600 });
  expect(report.formats.map(({ format }) => format)).toEqual(exporters.map(({ name }) => name));
  expect(report.formats.find(({ format }) => format === 'open-bandit')!.rows).toBe(600 + 2 * 2000);
  expect(exportSection(report, 'npm run bench -- export').lines[0]).toContain(
    '600 impressions in 20 sessions',
  );
});
