import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costOf,
  isExhausted,
  rested,
  tire,
  tiredness,
  type FatigueParameters,
} from '../../agents/fatigue.ts';
import type { ActionType } from '../../sandbox/actions.ts';

const parameters: FatigueParameters = { browse: 1, open: 2, commit: 3, dullest: 1.5, keenest: 0.5 };
const anyAction = fc.constantFrom<ActionType[]>(
  'open',
  'next-page',
  'previous-page',
  'back',
  'search',
  'watch',
  'rate',
  'add-to-list',
  'leave',
);
const anyInterest = fc.double({ min: 1, max: 5, noNaN: true });
const anyParameters: fc.Arbitrary<FatigueParameters> = fc
  .tuple(
    ...(['browse', 'open', 'commit', 'dullest', 'keenest'] as const).map(() =>
      fc.double({ min: 0.01, max: 10, noNaN: true }),
    ),
  )
  .map(([browse, open, commit, one, two]) => ({
    browse: browse!,
    open: open!,
    commit: commit!,
    dullest: Math.max(one!, two!),
    keenest: Math.min(one!, two!),
  }));

describe('the cost of an action', () => {
  it('is C_a (φ_max − (ι − ι_min)(φ_max − φ_min)/(ι_max − ι_min))', () => {
    expect(costOf('next-page', 1, parameters)).toBeCloseTo(1.5, 12);
    expect(costOf('next-page', 5, parameters)).toBeCloseTo(0.5, 12);
    expect(costOf('open', 3, parameters)).toBeCloseTo(2, 12);
    expect(costOf('watch', 2, parameters)).toBeCloseTo(3 * (1.5 - 0.25), 12);
    expect(costOf('rate', 4.5, parameters)).toBeCloseTo(3 * (1.5 - 0.875), 12);
    expect(costOf('search', 4, parameters)).toBeCloseTo(0.75, 12);
    expect(costOf('add-to-list', 1, parameters)).toBeCloseTo(4.5, 12);
    expect(costOf('leave', 1, parameters)).toBe(0);
  });

  it('falls as interest rises and lies between keenest and dullest of its class', () => {
    fc.assert(
      fc.property(anyAction, anyInterest, anyInterest, anyParameters, (action, one, two, any) => {
        const [dull, keen] = [Math.min(one, two), Math.max(one, two)];
        expect(costOf(action, keen, any)).toBeLessThanOrEqual(costOf(action, dull, any) + 1e-9);
        expect(costOf(action, keen, any)).toBeGreaterThanOrEqual(costOf(action, 5, any) - 1e-9);
        expect(costOf(action, dull, any)).toBeLessThanOrEqual(costOf(action, 1, any) + 1e-9);
      }),
      { seed: 1 },
    );
  });
});

describe('fatigue over a visit', () => {
  it('adds up, never falls, and is spent at the budget', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyAction, anyInterest), { maxLength: 40 }), (steps) => {
        let fatigue = rested(20);
        let sum = 0;
        for (const [action, interest] of steps) {
          const next = tire(fatigue, action, interest, parameters);
          expect(next.spent).toBeGreaterThanOrEqual(fatigue.spent);
          expect(tiredness(next)).toBeGreaterThanOrEqual(tiredness(fatigue));
          sum += costOf(action, interest, parameters);
          fatigue = next;
        }
        expect(fatigue.spent).toBeCloseTo(sum, 9);
        expect(fatigue.budget).toBe(20);
        expect(isExhausted(fatigue)).toBe(fatigue.spent >= 20);
        expect(tiredness(fatigue)).toBe(Math.min(1, fatigue.spent / 20));
      }),
      { seed: 2 },
    );
  });

  it('starts at nothing and does not change the state it is given', () => {
    const fresh = Object.freeze(rested(5));
    expect([fresh.spent, tiredness(fresh), isExhausted(fresh)]).toEqual([0, 0, false]);
    expect(tire(fresh, 'watch', 1, parameters)).toEqual({ budget: 5, spent: 4.5 });
    expect(isExhausted({ budget: 5, spent: 5 })).toBe(true);
    expect(tiredness({ budget: 5, spent: 9 })).toBe(1);
  });
});
