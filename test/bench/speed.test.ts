import { describe, expect, it } from 'vitest';
import { speedContest, speedRow } from '../../src/bench/speed.ts';

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
});
