// Quotes: exact where sessions are alike, honest about how little three sessions say where they are not.

import { expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { nothingSpent, type Spent } from '../../src/llm/budget.ts';
import { quoteFrom, spentBetween } from '../../src/llm/quote.ts';

const session = (steps: number): Spent => ({
  ...nothingSpent,
  calls: steps,
  tokensIn: steps * 2_000,
  tokensOut: steps * 100,
  usd: steps * 0.001,
  minutes: steps * 0.05,
});

it('is exact where all sessions are alike', () => {
  const { calls, tokens, usd, minutes } = quoteFrom([session(10), session(10), session(10)], 40, 4);
  expect(calls).toEqual({ expected: 400, low: 400, high: 400 });
  expect(tokens?.expected).toBe(840_000);
  expect(usd?.expected).toBeCloseTo(0.4, 12);
  expect(minutes?.expected).toBeCloseTo((40 * 0.5) / 4, 12);
});

it('holds what a run takes in about 95 of 100 cases', () => {
  let held = 0;
  const cases = 2_000;
  for (let n = 0; n < cases; n++) {
    const random = randomFrom('quote', n);
    const all = Array.from({ length: 40 }, () => session(Math.max(1, 12 + 3 * random.normal())));
    const { calls } = quoteFrom(all.slice(0, 3), all.length, 1);
    const taken = all.reduce((sum, spent) => sum + spent.calls, 0);
    if (calls !== null && calls.low <= taken && taken <= calls.high) held++;
  }
  expect(held / cases).toBeGreaterThan(0.93);
  expect(held / cases).toBeLessThan(0.97);
});

it('never says less than what the pilot took already', () => {
  const { calls, usd } = quoteFrom([session(1), session(1), session(40)], 8, 1);
  expect(calls).toMatchObject({ expected: 112, low: 42 });
  expect(usd?.low).toBeCloseTo(0.042, 12);
});

it('does not quote what a pilot cannot say', () => {
  expect(quoteFrom([session(10)], 40, 4).calls).toBeNull();
  const unpriced = { ...session(10), unpriced: 1 };
  expect(quoteFrom([unpriced, unpriced, unpriced], 40, 4)).toMatchObject({
    usd: null,
    calls: { expected: 400 },
  });
  const unmeasured = { ...session(10), unmeasured: 1 };
  expect(quoteFrom([unmeasured, unmeasured], 40, 4)).toMatchObject({ tokens: null });
});

it('reads a session off the ledger', () => {
  expect(spentBetween(session(4), session(7))).toMatchObject({ calls: 3, tokensIn: 6_000 });
});
