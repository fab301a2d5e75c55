// The contest of overhead on one pair of twins: what is measured is there. How long it took is no assertion.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { overheadContest, overheadSection } from '../../src/bench/overhead.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio({ pages: 1 });
});
afterAll(() => studio.close());

it('measures sessions that ended, one request a step at least, beside the plain loop on their pages', async () => {
  const report = await overheadContest(studio, { visitors: 2, seed: 1, stepLimit: 3, log: () => undefined });
  expect(report.sessions).toBe(3);
  expect(report.steps).toBeGreaterThan(report.sessions);
  expect(report.requests).toBeGreaterThanOrEqual(report.steps - report.sessions);
  for (const { medianMs, n } of [report.ours, report.plain]) {
    expect(medianMs).toBeGreaterThan(0);
    expect(n).toBe(report.sessions);
  }
  expect(report.processorMs).toBeGreaterThan(0);
  expect(overheadSection(report, 'x').lines.join('\n')).not.toMatch(/NaN|undefined|Infinity/);
});
