// Laws of the tests themselves: what turning, shifting, scaling and exchanging must and must not change, how often a
// true null is rejected, and that what cannot be computed is never a number.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { decide, probabilityOfSign } from '../../src/stats/decision.ts';
import type { Estimate, Estimated } from '../../src/stats/estimate.ts';
import { pairedT, signFlip } from '../../src/stats/paired.ts';
import { visitorsNeeded } from '../../src/stats/power.ts';
import { relativePaired, relativeWelch } from '../../src/stats/relative.ts';
import type { Relative } from '../../src/stats/relative.ts';
import { binomialLimits, replaySplit, replayTwins } from '../../src/stats/replay.ts';
import { sampleRatio } from '../../src/stats/srm.ts';
import { flippedPairs, pairsOf, visitorValues } from '../../src/stats/visitor-values.ts';
import type { VisitorPairs } from '../../src/stats/visitor-values.ts';
import { welch } from '../../src/stats/welch.ts';
import { means, ratios, twins } from './values.ts';

const number = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 16);
const numbers = fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 12 });
const counts = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 5, max: 20 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 5, max: 20 }),
  ),
  { minLength: 3, maxLength: 10 },
);
const estimated = (estimate: Estimate): Estimated => {
  fc.pre(estimate.kind === 'estimated');
  return estimate as Estimated;
};
const reversed = ({ control, treatment }: VisitorPairs): VisitorPairs => pairsOf(treatment, control).pairs;
const twinsOf = (rows: readonly (readonly [number, number])[]): VisitorPairs =>
  twins(
    rows.map(([a]) => a),
    rows.map(([, b]) => b),
  );
const countTwins = (rows: readonly (readonly [number, number, number, number])[]): VisitorPairs => ({
  control: ratios(rows.map(([m, d]) => [m, d])),
  treatment: ratios(rows.map(([, , m, d]) => [m, d])),
});

describe('exchanging the arms', () => {
  it('turns the sign of the effect and of nothing else', () => {
    fc.assert(
      fc.property(numbers, counts, (rows, countRows) => {
        for (const [pairs, kind] of [
          [twinsOf(rows), 'mean'],
          [countTwins(countRows), 'ratio'],
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
          const pairs = countTwins(rows);
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

describe('a thousand true nulls', () => {
  const random = randomFrom('null');
  const worlds = Array.from({ length: 1000 }, () => {
    const taste = Array.from({ length: 15 }, () => 2 * random.normal());
    return twinsOf(taste.map((own) => [own + random.normal(), own + random.normal()]));
  });
  const clicks = Array.from({ length: 1000 }, () => {
    const visit = (chance: number): [number, number] => {
      const shown = 10 + random.integer(40);
      return [
        Array.from({ length: shown }, () => (random.uniform() < chance ? 1 : 0)).reduce(
          (a: number, b) => a + b,
          0,
        ),
        shown,
      ];
    };
    return Array.from({ length: 30 }, () => 0.05 + 0.3 * random.uniform()).map(
      (chance) => [...visit(chance), ...visit(chance)] as [number, number, number, number],
    );
  });
  const rejected = (pValues: readonly number[]): number => pValues.filter((p) => p < 0.05).length;
  const [low, high] = binomialLimits(1000, 0.05, 0.001);

  it('are rejected 5 % of the time by paired t, sign flips and Welch', () => {
    const permutation = worlds.map((pairs) => signFlip(pairs, 'mean', [1]));
    for (const pValues of [
      worlds.map((pairs) => estimated(pairedT(pairs, 'mean', 0.05)).p),
      permutation.map((test) => (test.kind === 'tested' ? test.p : NaN)),
      worlds.map(
        ({ control }, index) =>
          estimated(welch(control, worlds[(index + 1) % 1000]!.treatment, 'mean', 0.05)).p,
      ),
    ]) {
      expect(rejected(pValues)).toBeGreaterThanOrEqual(low);
      expect(rejected(pValues)).toBeLessThanOrEqual(high);
    }
  });

  it('on a click rate of very different visitors are rejected 5 % of the time, linearised', () => {
    const pValues = clicks.map((rows) => estimated(pairedT(countTwins(rows), 'ratio', 0.05)).p);
    expect(rejected(pValues)).toBeGreaterThanOrEqual(low);
    expect(rejected(pValues)).toBeLessThanOrEqual(high);
  });

  it('with a real effect, the paired test finds what Welch on the same visitors misses', () => {
    const found = worlds.map(({ control, treatment }) => {
      const better = means(treatment.map((row) => row.numerator + 1));
      return [
        estimated(pairedT({ control, treatment: better }, 'mean', 0.05)).p,
        estimated(welch(control, better, 'mean', 0.05)).p,
      ] as const;
    });
    const [paired, unpaired] = [rejected(found.map(([p]) => p)), rejected(found.map(([, p]) => p))];
    expect(paired).toBeGreaterThan(unpaired + 300);
  });
});

describe('what cannot be computed', () => {
  it('is not estimable and says why; it is never p = 1', () => {
    const same = twins([1, 2, 3], [1, 2, 3]);
    const constant = twins([1, 2, 3], [1.1, 2.1, 3.1]);
    const reasons = [
      pairedT(same, 'mean', 0.05),
      pairedT(constant, 'mean', 0.05),
      pairedT(twins([1], [2]), 'mean', 0.05),
      pairedT(
        {
          control: ratios([
            [0, 0],
            [0, 0],
          ]),
          treatment: ratios([
            [1, 2],
            [1, 3],
          ]),
        },
        'ratio',
        0.05,
      ),
      signFlip(same, 'mean', [1]),
      signFlip(twins([], []), 'mean', [1]),
      signFlip(
        {
          control: ratios([
            [0, 0],
            [0, 0],
          ]),
          treatment: ratios([
            [1, 2],
            [1, 3],
          ]),
        },
        'ratio',
        [1],
      ),
      welch(means([1, 1]), means([2, 2]), 'mean', 0.05),
      welch(means([1]), means([2, 3]), 'mean', 0.05),
      relativePaired(twins([0, 0], [1, 2]), 'mean', 0.05),
      relativeWelch(means([1, 2]), means([0, 0]), 'mean', 0.05),
      sampleRatio([0, 0], [1, 1]),
      sampleRatio([5, 5], [1, 0]),
    ].map((answer) => (answer.kind === 'not-estimable' ? answer.reason : answer));
    expect(reasons).toMatchInlineSnapshot(`
      [
        "all differences are zero: every visitor did the same in both arms",
        "all differences are equal (0.1): there is no spread to judge the effect by",
        "visitors in both arms: 1, at least 2 are needed",
        "control: the denominator is zero for every visitor",
        "all differences are zero: no exchange changes anything",
        "visitors in both arms: 0, at least 2 are needed",
        "the denominator is zero for every visitor of an arm",
        "all visitors of each arm have the same value (difference 1): there is no spread to judge the effect by",
        "visitors by arm: 1 and 2, at least 2 in each are needed",
        "the control's value is 0: nothing can be relative to it",
        "the treatment's value is 0: it has no logarithm",
        "nothing was counted in any arm",
        "fewer than two arms have a share",
      ]
    `);
  });

  it('a visitor twice, a number that is none, a negative denominator are refused at the door', () => {
    const row = { visitor: 'ann', numerator: 1, denominator: 1 };
    expect(() => visitorValues([row, row])).toThrow(/one row per visitor/);
    expect(() => visitorValues([{ ...row, numerator: NaN }])).toThrow(/finite/);
    expect(() => visitorValues([{ ...row, denominator: -1 }])).toThrow(/finite/);
  });

  it('visitors of only one arm are counted, not compared', () => {
    const { pairs, unpaired } = pairsOf(means([1, 2, 3]), means([5, 6], 1));
    expect([pairs.control.map((row) => row.visitor), unpaired]).toEqual([['v00001', 'v00002'], 1]);
  });
});

describe('the relative effect', () => {
  it("is the same question as the absolute one: its interval leaves 0 when the absolute one does, up to the logarithm's bend", () => {
    const random = randomFrom('relative');
    const control = Array.from({ length: 200 }, () => 10 + random.normal());
    const pairs = twins(
      control,
      control.map((value) => value * 1.05 + 0.3 * random.normal()),
    );
    const absolute = estimated(pairedT(pairs, 'mean', 0.05));
    const relative = relativePaired(pairs, 'mean', 0.05) as Relative;
    expect(relative.relative).toBeCloseTo(absolute.effect / 10, 2);
    expect(relative.ci[0]).toBeLessThan(relative.relative);
    expect(relative.ci[1]).toBeGreaterThan(relative.relative);
    const unpaired = relativeWelch(pairs.control, pairs.treatment, 'mean', 0.05) as Relative;
    expect(unpaired.ci[1] - unpaired.ci[0]).toBeGreaterThan(2 * (relative.ci[1] - relative.ci[0]));
  });
});

describe('the decision', () => {
  const rule = { alpha: 0.05, margin: 0.02, higherIsBetter: true };
  const estimateAt = (effect: number, se: number): [Estimated, Relative] => {
    const p =
      2 * (1 - probabilityOfSign({ kind: 'estimated', effect, se, df: 100, ci: [0, 0], p: 0, method: '' })!);
    const relative: Relative = {
      kind: 'estimated',
      relative: effect,
      ci: [0, 0],
      logRatio: Math.log1p(effect),
      se,
      df: 100,
    };
    return [{ kind: 'estimated', effect, se, df: 100, ci: [0, 0], p, method: '' }, relative];
  };

  it('says better, worse, equivalent or cannot tell', () => {
    expect(decide(...estimateAt(0.1, 0.01), rule)).toBe('better');
    expect(decide(...estimateAt(-0.1, 0.01), rule)).toBe('worse');
    expect(decide(...estimateAt(-0.1, 0.01), { ...rule, higherIsBetter: false })).toBe('better');
    expect(decide(...estimateAt(0.001, 0.005), rule)).toBe('equivalent');
    expect(decide(...estimateAt(0.1, 0.1), rule)).toBe('cannot-tell');
    expect(decide(...estimateAt(0.1, 0.045), rule)).toBe('better');
    expect(decide(...estimateAt(0.1, 0.045), rule, 0.2)).toBe('cannot-tell');
  });

  it('counts a sure effect inside the margin as none, and without a relative effect never says equivalent', () => {
    const [estimate, relative] = estimateAt(0.01, 0.001);
    expect(estimate.p).toBeLessThan(0.001);
    expect(decide(estimate, relative, rule)).toBe('equivalent');
    expect(decide(estimate, { kind: 'not-estimable', reason: '' }, rule)).toBe('better');
    expect(decide({ kind: 'not-estimable', reason: '' }, relative, rule)).toBe('cannot-tell');
  });

  it('the sign is right with probability 1 − p / 2', () => {
    const [estimate] = estimateAt(0.3, 0.2);
    expect(probabilityOfSign(estimate)).toBeCloseTo(1 - estimate.p / 2, 12);
    expect(probabilityOfSign({ kind: 'not-estimable', reason: '' })).toBeNull();
  });
});

describe('the plan for more visitors', () => {
  it('is the textbook count: 32 pairs for half a standard deviation at 80 % power', () => {
    const estimate: Estimated = {
      kind: 'estimated',
      effect: 0.5,
      se: 1 / Math.sqrt(10),
      df: 9,
      ci: [0, 0],
      p: 0.1,
      method: '',
    };
    expect(visitorsNeeded(estimate, 10, 0.05)).toBe(32);
    expect(visitorsNeeded({ ...estimate, effect: 0 }, 10, 0.05)).toBeNull();
  });
});

describe('the A/A replay', () => {
  const random = randomFrom('replay');
  const values = Array.from({ length: 60 }, () => [random.normal(), random.normal() + 1] as const);

  it('stays inside its limits whatever the true effect, and repeats with its seed', () => {
    const pairs = twinsOf(values);
    for (const replay of [
      replayTwins(pairs, 'mean', 0.05, [1]),
      replaySplit(
        pairs.control,
        means(
          values.map(([, b]) => b),
          100,
        ),
        'mean',
        0.05,
        [1],
      ),
    ]) {
      expect(replay.replays).toBe(200);
      expect(replay.significant).toBeGreaterThanOrEqual(replay.limits[0]);
      expect(replay.significant).toBeLessThanOrEqual(replay.limits[1]);
    }
    expect(replayTwins(pairs, 'mean', 0.05, [1])).toEqual(replayTwins(pairs, 'mean', 0.05, [1]));
  });

  it('limits hold the right share of the binomial distribution', () => {
    expect(binomialLimits(200, 0.05, 0.002)).toEqual([2, 21]);
    expect(binomialLimits(10, 0.5, 0.01)).toEqual([1, 9]);
  });
});
