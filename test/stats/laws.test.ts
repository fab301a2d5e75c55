// Laws of the tests: what exchanging, shifting and scaling must and must not change, and that exact means exact.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { fewestInGroup, fewestPairs, smallestGroupedP, smallestPairedP } from '../../src/stats/decision.ts';
import type { Estimated } from '../../src/stats/estimate.ts';
import { pairedT, signFlip } from '../../src/stats/paired.ts';
import { flippedPairs, pairsOf } from '../../src/stats/visitor-values.ts';
import type { VisitorPairs } from '../../src/stats/visitor-values.ts';
import { welch } from '../../src/stats/welch.ts';
import { estimated, ratioTwins, ratios, twins, twinsOf } from './values.ts';

const number = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 16);
/** Values of a mean metric of at least three twins whose differences are not all equal. */
const numbers = fc
  .array(fc.tuple(number, number), { minLength: 3, maxLength: 12 })
  .filter((rows) => new Set(rows.map(([a, b]) => b - a)).size > 1 && new Set(rows.flat()).size > 2);
/** Clicks and impressions of at least three twins, such that the arms' values are not all the same. */
const counts = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 5, max: 20 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 5, max: 20 }),
    ),
    { minLength: 3, maxLength: 10 },
  )
  .filter((rows) => pairedT(ratioTwins(rows), 'ratio', 0.05).kind === 'estimated');
const reversed = ({ control, treatment }: VisitorPairs): VisitorPairs => pairsOf(treatment, control).pairs;

describe('exchanging the arms', () => {
  it('turns the sign of the effect and of nothing else', () => {
    fc.assert(
      fc.property(numbers, counts, (rows, countRows) => {
        for (const [pairs, kind] of [
          [twinsOf(rows), 'mean'],
          [ratioTwins(countRows), 'ratio'],
        ] as const) {
          const there = estimated(pairedT(pairs, kind, 0.05));
          const back = estimated(pairedT(reversed(pairs), kind, 0.05));
          expect(back.effect).toBeCloseTo(-there.effect, 10);
          expect(back.ci[0]).toBeCloseTo(-there.ci[1], 8);
          expect(back.p).toBeCloseTo(there.p, 10);
          expect(signFlip(reversed(pairs), kind, [1])).toEqual(signFlip(pairs, kind, [1]));
          const split = estimated(welch(pairs.control, pairs.treatment, kind, 0.05));
          const turned = estimated(welch(pairs.treatment, pairs.control, kind, 0.05));
          expect([turned.p, turned.df]).toEqual([expect.closeTo(split.p, 10), expect.closeTo(split.df, 8)]);
        }
      }),
    );
  });
});

describe('adding a constant to everyone, or measuring in another unit', () => {
  it('leaves p as it is', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, shift, scale) => {
          const pairs = twinsOf(rows);
          const moved = twinsOf(rows.map(([a, b]) => [scale * a + shift, scale * b + shift]));
          const before = estimated(pairedT(pairs, 'mean', 0.05));
          const after = estimated(pairedT(moved, 'mean', 0.05));
          expect(after.p).toBeCloseTo(before.p, 9);
          expect(after.effect).toBeCloseTo(scale * before.effect, 8);
          expect(signFlip(moved, 'mean', [1])).toEqual(signFlip(pairs, 'mean', [1]));
        },
      ),
    );
  });

  it("shifts one visitor's two values together without changing a paired test", () => {
    fc.assert(
      fc.property(numbers, number, (rows, shift) => {
        const shifted = rows.map(([a, b], index) =>
          index === 0 ? ([a + shift, b + shift] as const) : ([a, b] as const),
        );
        expect(estimated(pairedT(twinsOf(shifted), 'mean', 0.05)).p).toBeCloseTo(
          estimated(pairedT(twinsOf(rows), 'mean', 0.05)).p,
          9,
        );
      }),
    );
  });
});

describe('a ratio whose denominators are all one', () => {
  it('is a mean', () => {
    fc.assert(
      fc.property(numbers, (rows) => {
        const pairs = twinsOf(rows);
        const [mean, ratio] = [
          estimated(pairedT(pairs, 'mean', 0.05)),
          estimated(pairedT(pairs, 'ratio', 0.05)),
        ];
        expect(ratio.p).toBeCloseTo(mean.p, 9);
        expect(signFlip(pairs, 'ratio', [1])).toEqual(signFlip(pairs, 'mean', [1]));
      }),
    );
  });

  it('lets visitors without a denominator stay in without moving the ratio', () => {
    const rows = [
      [1, 4],
      [2, 5],
      [3, 9],
    ] as const;
    const estimateOf = (empty: number): Estimated =>
      estimated(
        welch(
          ratios([...rows, ...Array.from({ length: empty }, () => [0, 0] as const)]),
          ratios(rows.map(([m, d]) => [2 * m, d])),
          'ratio',
          0.05,
        ),
      );
    expect(estimateOf(3).effect).toBeCloseTo(estimateOf(0).effect, 12);
    expect(estimateOf(0).effect).toBeCloseTo(6 / 18, 12);
  });
});

describe('the exact permutation test', () => {
  it('counts the same as plain enumeration, for means and for ratios', () => {
    fc.assert(
      fc.property(counts, (rows) => {
        for (const kind of ['mean', 'ratio'] as const) {
          const pairs = ratioTwins(rows);
          const n = rows.length;
          const effectOf = ({ control, treatment }: VisitorPairs): number => {
            const valueOf = (values: VisitorPairs['control']): number =>
              kind === 'mean'
                ? values.reduce((sum, row) => sum + row.numerator / row.denominator, 0) / n
                : values.reduce((sum, row) => sum + row.numerator, 0) /
                  values.reduce((sum, row) => sum + row.denominator, 0);
            return valueOf(treatment) - valueOf(control);
          };
          const observed = Math.abs(effectOf(pairs));
          let hits = 0;
          for (let mask = 0; mask < 2 ** n; mask++) {
            if (
              Math.abs(effectOf(flippedPairs(pairs, (index) => ((mask >> index) & 1) === 1))) >=
              observed - 1e-10
            )
              hits += 1;
          }
          const test = signFlip(pairs, kind, [1]);
          fc.pre(test.kind === 'tested');
          expect(test).toEqual({ kind: 'tested', p: hits / 2 ** n, flips: 2 ** n, exact: true });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives 2 / 2^n when all differences have one sign, up to 20 visitors', () => {
    const rise = (n: number): VisitorPairs =>
      twins(
        Array.from({ length: n }, () => 0),
        Array.from({ length: n }, (_unused, index) => index + 1),
      );
    for (const n of [2, 5, 20])
      expect(signFlip(rise(n), 'mean', [1])).toEqual({
        kind: 'tested',
        p: 2 / 2 ** n,
        flips: 2 ** n,
        exact: true,
      });
    expect(signFlip(rise(21), 'mean', [1])).toEqual({
      kind: 'tested',
      p: 1 / 10_001,
      flips: 10_000,
      exact: false,
    });
  });

  it('depends on its seed only where it draws, and then repeats with it', () => {
    const random = randomFrom('permutation-seed');
    const pairs = twins(
      Array.from({ length: 40 }, () => random.normal()),
      Array.from({ length: 40 }, () => random.normal() + 0.2),
    );
    expect(signFlip(pairs, 'mean', [1])).toEqual(signFlip(pairs, 'mean', [1]));
    expect(signFlip(pairs, 'mean', [1])).not.toEqual(signFlip(pairs, 'mean', [2]));
  });
});

it('the smallest p of an exchange of labels: 1/32 for six twins, 2/20 for three against three, never above 1', () => {
  expect(smallestPairedP(6)).toBe(1 / 32);
  expect(smallestGroupedP(3, 3)).toBeCloseTo(0.1, 14);
  expect(smallestGroupedP(4, 4)).toBeCloseTo(2 / 70, 14);
  expect([smallestPairedP(0), smallestPairedP(1), smallestGroupedP(0, 5), smallestGroupedP(1, 1)]).toEqual([
    1, 1, 1, 1,
  ]);
  expect([fewestPairs(0.05), fewestInGroup(0.05), fewestPairs(0.001), fewestInGroup(0.5)]).toEqual([
    6, 4, 11, 2,
  ]);
});
