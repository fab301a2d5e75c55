import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { topPrecision } from '../../src/bench/lists.ts';

const over = (draws: number, positives: readonly number[], others: readonly number[]): number =>
  Array.from({ length: draws }, (_, draw) =>
    topPrecision(positives, others, randomFrom('draw', draw)),
  ).reduce((sum, value) => sum + value, 0) / draws;

describe('precision among the best n', () => {
  it('is the share of liked ones among as many as are liked', () => {
    expect(topPrecision([9, 8], [1, 2, 3])).toBe(1);
    expect(topPrecision([9, 0], [1, 2, 3])).toBe(0.5);
    expect(topPrecision([0, -1], [1, 2, 3])).toBe(0);
    expect(topPrecision([5, -Infinity], [1, -Infinity])).toBe(0.5);
  });

  it('lets ties fall by chance: a scorer that knows nothing gets the share of the liked', () => {
    expect(over(2000, Array(10).fill(1), Array(90).fill(1))).toBeCloseTo(0.1, 1.8);
    expect(over(2000, Array(5).fill(0), Array(5).fill(0))).toBeCloseTo(0.5, 1.5);
    // One liked above all, one tied with three others for the second place.
    expect(over(4000, [9, 1], [1, 1, 1])).toBeCloseTo((1 + 1 / 4) / 2, 1.6);
  });

  it('does not depend on the order of the lists when scores differ, nor on any rising scale', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 30 }),
        fc.nat(),
        (scores, seed) => {
          const liked = Math.max(1, Math.floor(scores.length / 3));
          const [positives, others] = [scores.slice(0, liked), scores.slice(liked)];
          const value = topPrecision(positives, others);
          const random = randomFrom(seed);
          expect(topPrecision(random.shuffle(positives), random.shuffle(others), random)).toBe(value);
          const rising = (score: number): number => Math.atan(score) * 3 + 7;
          expect(topPrecision(positives.map(rising), others.map(rising))).toBe(value);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 1 },
    );
  });

  it('is the same for the same stream of chance', () => {
    const once = topPrecision([1, 1], [1, 1, 1], randomFrom('a'));
    expect(topPrecision([1, 1], [1, 1, 1], randomFrom('a'))).toBe(once);
  });
});
