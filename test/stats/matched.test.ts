// Matched pairs: the difference and its interval by the published formula, and the coverage that it is used for.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { matchedDifference, matchedPairs } from '../../src/stats/matched.ts';

it('follows the formula of Agresti and Min, worked by hand', () => {
  // n = 100, b = 12, c = 5: (12.5 − 5.5) / 102 = 0.068627; se = √(18 − 49/102) / 102 = 0.041036.
  const found = matchedDifference({ both: 53, first: 12, second: 5, neither: 30 }, 0.05)!;
  expect(found.difference).toBeCloseTo(0.07, 12);
  expect(found.ci[0]).toBeCloseTo(0.068627 - 1.959964 * 0.041036, 4);
  expect(found.ci[1]).toBeCloseTo(0.068627 + 1.959964 * 0.041036, 4);
});

it('is null without pairs, turns its sign with the sides, and has an interval where no pair differs', () => {
  expect(matchedDifference(matchedPairs([]), 0.05)).toBeNull();
  expect(matchedDifference(matchedPairs(Array(50).fill([false, false])), 0.05)!.ci[1]).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1 }), (pairs) => {
      const one = matchedDifference(matchedPairs(pairs), 0.05)!;
      const other = matchedDifference(matchedPairs(pairs.map(([a, b]) => [b, a] as const)), 0.05)!;
      expect(other.difference).toBeCloseTo(-one.difference, 12);
      expect(other.ci[0]).toBeCloseTo(-one.ci[1], 12);
    }),
  );
});

it('covers the true difference about as often as it says, also where hardly any pair differs', () => {
  for (const [first, second] of [
    [0.1, 0.02],
    [0.01, 0.01],
  ] as const) {
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const random = randomFrom('matched', first, run);
      const pairs = Array.from({ length: 210 }, () => {
        const u = random.uniform();
        return [u < first, u >= first && u < first + second] as const;
      });
      const [low, high] = matchedDifference(matchedPairs(pairs), 0.05)!.ci;
      if (low <= first - second && first - second <= high) covered += 1;
    }
    expect(covered).toBeGreaterThan(930);
  }
});
