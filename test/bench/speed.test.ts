import { describe, expect, it } from 'vitest';
import { openStudio } from '../../sandbox/camera.ts';
import { stepCost } from '../../src/bench/speed-report.ts';
import { speedContest, speedRow } from '../../src/bench/speed.ts';
import { small } from '../experiment/small.ts';

describe('the contest of speed', () => {
  it('gives medians and ratios as data', () => {
    expect(speedRow('x', [4, 1, 3, 2], 10)).toEqual({
      way: 'x',
      n: 4,
      medianMs: 2.5,
      slowMs: expect.closeTo(3.85, 9),
      timesFaster: 4,
    });
    expect(speedRow('x', [5]).timesFaster).toBe(1);
    expect(() => speedRow('x', [])).toThrow('nothing was measured');
  });

  it('measures every way in one run, beside the naive one', async () => {
    const rows = await speedContest({ screens: 2 });
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({ way: expect.stringContaining('naive'), timesFaster: 1 });
    for (const { medianMs, n } of rows) expect(medianMs * n).toBeGreaterThan(0);
  });

  it('tells the time of the mind from that of everything else', async () => {
    const studio = await openStudio();
    try {
      const scenario = small({ population: { visitors: 2, minimumHistory: 10 } });
      const { total, mind, steps } = await stepCost(studio, scenario);
      expect(steps).toBeGreaterThan(0);
      expect(mind).toBeGreaterThan(0);
      expect(mind).toBeLessThan(total);
    } finally {
      await studio.close();
    }
  });
});
