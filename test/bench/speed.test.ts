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

  it('measures all ways in one run, the cached screen faster than the new one, the new one than the naive', async () => {
    const rows = await speedContest({ screens: 4 });
    expect(rows).toHaveLength(6);
    const [naive, unseen, , cached] = rows;
    expect(naive!.timesFaster).toBe(1);
    expect(unseen!.medianMs).toBeLessThan(naive!.medianMs);
    expect(cached!.medianMs).toBeLessThan(unseen!.medianMs);
  });
});
