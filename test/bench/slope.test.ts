// Whether something grows: a line through ten means.

import { expect, test } from 'vitest';
import { slopeOf } from '../../src/bench/slope.ts';
import { randomFrom } from '../../src/base/random.ts';

const points = (y: (x: number) => number, count = 200) =>
  Array.from({ length: count }, (_, x) => ({ x, y: y(x) }));

test('a line has its own slope and no doubt, and too few points have none', () => {
  const { value, ci } = slopeOf(points((x) => 3 - 2 * x))!;
  expect(value).toBeCloseTo(-2, 9);
  expect(ci[1] - ci[0]).toBeLessThan(1e-6);
  expect(slopeOf(points(() => 1, 9))).toBeNull();
});

test('the interval holds the slope about 95 times of 100, also where neighbours are alike', () => {
  let held = 0;
  for (let seed = 0; seed < 400; seed++) {
    const random = randomFrom('slope', seed);
    let drift = 0;
    const { ci } = slopeOf(points((x) => 0.01 * x + (drift = 0.5 * drift + random.normal())))!;
    held += ci[0] <= 0.01 && 0.01 <= ci[1] ? 1 : 0;
  }
  expect(held / 400).toBeGreaterThan(0.92);
  expect(held / 400).toBeLessThan(0.98);
});
