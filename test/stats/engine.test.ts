// Laws of the engine: labels swap, shifts and scales pass through, the order of visitors says nothing, adjusting never
// finds more, and what cannot be computed is refused with its reason. Known defects of other tools are kept out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posteriorOf, probabilityOfLargerShare } from '../../src/stats/bayes.ts';
import { bettingInterval } from '../../src/stats/betting.ts';
import { bootstrapped, bootstrappedMean } from '../../src/stats/bootstrap.ts';
import { cuped, postStratified } from '../../src/stats/adjusted.ts';
import { barnard, boschloo } from '../../src/stats/exact-proportions.ts';
import { fieller } from '../../src/stats/fieller.ts';
import { homogeneity, nonInferiority, uniformity } from '../../src/stats/guards.ts';
import { clusteredLeastSquares } from '../../src/stats/least-squares.ts';
import { momentsOf, visitorMoments } from '../../src/stats/moments.ts';
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  bonferroni,
  hochberg,
  holm,
} from '../../src/stats/multiplicity.ts';
import { estimatePolicy, type Round } from '../../src/stats/off-policy.ts';
import {
  effectiveBound,
  effectiveVisitors,
  predictionPoweredMean,
  tunedLambda,
} from '../../src/stats/prediction-powered.ts';
import { newcombe, proportionTest } from '../../src/stats/proportions.ts';
import { quantileDifference } from '../../src/stats/quantile-effect.ts';
import { mcNemar, wilcoxonSignedRank } from '../../src/stats/rank-tests.ts';
import { sampleRatio } from '../../src/stats/srm.ts';
import { calibratedEffect } from '../../src/stats/surrogate.ts';
import { differenceOfMeans, ratioOfMeans, relativeDifference } from '../../src/stats/two-sample.ts';
import { bestReplicates, varianceComponents } from '../../src/stats/variance-components.ts';
import { randomFrom } from '../../src/base/random.ts';
import { means, twins } from './values.ts';

const value = fc.double({ min: -50, max: 50, noNaN: true });
const sample = fc
  .array(value, { minLength: 4, maxLength: 30 })
  .filter((values) => new Set(values.map((each) => each.toFixed(6))).size > 2);
const alpha = 0.05;
const refusal = { kind: 'not-estimable', reason: expect.stringMatching(/\w{3}/u) };

describe('effects of means', () => {
  it('mirror when the labels are swapped, move with a shift, grow with a scale', () => {
    fc.assert(
      fc.property(
        sample,
        sample,
        value,
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (a, b, shift, scale) => {
          const of = (x: readonly number[], y: readonly number[]) =>
            differenceOfMeans(momentsOf(means(x)), momentsOf(means(y)), { alpha });
          const [straight, swapped] = [of(a, b), of(b, a)];
          if (straight.kind === 'not-estimable' || swapped.kind === 'not-estimable') {
            expect(straight.kind).toBe(swapped.kind);
            return;
          }
          expect(swapped.effect).toBeCloseTo(-straight.effect, 9);
          expect(swapped.ci[0]).toBeCloseTo(-straight.ci[1], 8);
          expect(swapped.p).toBeCloseTo(straight.p, 9);
          const moved = of(
            a,
            b.map((each) => each + shift),
          );
          if (moved.kind === 'estimated') {
            expect(moved.effect).toBeCloseTo(straight.effect + shift, 7);
            expect(moved.se).toBeCloseTo(straight.se, 7);
          }
          const grown = of(
            a.map((each) => each * scale),
            b.map((each) => each * scale),
          );
          if (grown.kind === 'estimated') {
            expect(grown.effect).toBeCloseTo(straight.effect * scale, 6);
            expect(grown.p).toBeCloseTo(straight.p, 7);
          }
        },
      ),
    );
  });

  it('one-sided p values sum to 1 and bound on their own side only', () => {
    const [a, b] = [
      visitorMoments({ n: 40, mean: 3, variance: 2 }),
      visitorMoments({ n: 50, mean: 3.4, variance: 3 }),
    ];
    for (const test of [differenceOfMeans, relativeDifference, ratioOfMeans]) {
      const greater = test(a, b, { alpha, alternative: 'greater' });
      const less = test(a, b, { alpha, alternative: 'less' });
      if (greater.kind === 'not-estimable' || less.kind === 'not-estimable') throw new Error('refused');
      expect(greater.p + less.p).toBeCloseTo(1, 12);
      expect(greater.ci[1]).toBe(Infinity);
      expect(less.ci[0]).toBe(test === ratioOfMeans ? -1 : -Infinity);
    }
  });

  it('refuse too few visitors, no spread, and values that are not numbers', () => {
    const sound = visitorMoments({ n: 10, mean: 1, variance: 1 });
    for (const broken of [
      visitorMoments({ n: 1, mean: 1, variance: NaN }),
      visitorMoments({ n: 0, mean: NaN, variance: NaN }),
      visitorMoments({ n: 10, mean: Infinity, variance: 1 }),
    ])
      for (const test of [differenceOfMeans, relativeDifference, ratioOfMeans]) {
        expect(test(sound, broken, { alpha })).toEqual(refusal);
        expect(test(broken, sound, { alpha })).toEqual(refusal);
      }
    const still = visitorMoments({ n: 10, mean: 1, variance: 0 });
    expect(differenceOfMeans(still, still, { alpha })).toEqual(refusal);
    expect(relativeDifference(visitorMoments({ n: 10, mean: 0, variance: 1 }), sound, { alpha })).toEqual(
      refusal,
    );
  });
});

describe('proportions', () => {
  const count = fc.integer({ min: 1, max: 25 });
  const arm = fc.tuple(count, count).map(([x, y]) => ({ successes: Math.min(x, y), n: Math.max(x, y) }));

  it('mirror when the labels are swapped; Newcombe stays inside −1 to 1 and holds the effect', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const [low, high] = newcombe(a, b, alpha);
        const [swappedLow, swappedHigh] = newcombe(b, a, alpha);
        expect(low).toBeCloseTo(-swappedHigh, 12);
        expect(high).toBeCloseTo(-swappedLow, 12);
        const effect = b.successes / b.n - a.successes / a.n;
        expect(low).toBeLessThanOrEqual(effect + 1e-12);
        expect(high).toBeGreaterThanOrEqual(effect - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        const [straight, swapped] = [proportionTest(a, b, { alpha }), proportionTest(b, a, { alpha })];
        if (straight.kind === 'estimated' && swapped.kind === 'estimated')
          expect(straight.p).toBeCloseTo(swapped.p, 12);
      }),
    );
  });

  it('are tested exactly without exceeding 1, and equal shares are no evidence', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        for (const p of [barnard(a, b), boschloo(a, b)]) {
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 15 },
    );
    expect(barnard({ successes: 5, n: 10 }, { successes: 5, n: 10 })).toBeGreaterThan(0.99);
  });

  it('count a table as extreme that is tied with the observed one up to rounding (ties decided in fractions)', () => {
    // The worst case over a grid of 200,001 common shares, ties in exact arithmetic; scipy 1.17 says 0.03926.
    const p = barnard({ successes: 3, n: 9 }, { successes: 9, n: 11 });
    expect(p).toBeCloseTo(0.042270660400390625, 9);
  });
});

describe('less noise', () => {
  const random = randomFrom('engine', 'cuped');
  const before = Array.from({ length: 300 }, () => random.normal());
  const outcome = (effect: number): number[] =>
    before.map((each) => 5 + 0.8 * each + 0.6 * random.normal() + effect);
  const covariate = (first: number) =>
    new Map(means(before, first).map(({ visitor }, index) => [visitor, before[index]!]));

  it('a covariate of correlation 0.8 leaves about 1 − 0.8² of the variance', () => {
    const [control, treatment] = [means(outcome(0)), means(outcome(0.3), 1000)];
    const known = new Map([...covariate(0), ...covariate(1000)]);
    const adjusted = cuped({ control, treatment, paired: false }, known, 'mean', alpha);
    if (adjusted.kind === 'not-estimable') throw new Error(adjusted.reason);
    expect(adjusted.varianceRatio).toBeGreaterThan(0.28);
    expect(adjusted.varianceRatio).toBeLessThan(0.45);
    expect(Math.abs(adjusted.estimate.effect - 0.3)).toBeLessThan(4 * adjusted.estimate.se);
  });

  it('does not move the effect of twins, whose covariates are equal', () => {
    const pairs = twins(outcome(0), outcome(0.2));
    const adjusted = cuped({ ...pairs, paired: true }, covariate(0), 'mean', alpha);
    if (adjusted.kind === 'not-estimable') throw new Error(adjusted.reason);
    const differences = pairs.treatment.map((row, index) => row.numerator - pairs.control[index]!.numerator);
    expect(adjusted.estimate.effect).toBeCloseTo(differences.reduce((sum, each) => sum + each, 0) / 300, 9);
  });

  it('refuses a covariate that is missing or does not vary', () => {
    const pairs = twins([1, 2, 3, 4], [2, 3, 5, 4]);
    const sides = { ...pairs, paired: true };
    expect(cuped(sides, new Map(), 'mean', alpha)).toEqual(refusal);
    const constant = new Map(pairs.control.map(({ visitor }) => [visitor, 7]));
    expect(cuped(sides, constant, 'mean', alpha)).toEqual(refusal);
  });

  it('strata take out an imbalance of segments', () => {
    // Segment B is worth 10 more and one arm has more of it; within segments nothing differs but noise.
    const rows = (share: number, first: number) =>
      means(
        Array.from({ length: 200 }, (_, index) => (index < 200 * share ? 10 : 0) + random.normal()),
        first,
      );
    const [control, treatment] = [rows(0.4, 0), rows(0.6, 1000)];
    const segments = new Map(
      [...control, ...treatment].map(({ visitor }) => {
        const index = Number(visitor.slice(1));
        return [visitor, index % 1000 < 200 * (index < 1000 ? 0.4 : 0.6) ? 'B' : 'A'];
      }),
    );
    const stratified = postStratified({ control, treatment, paired: false }, segments, 'mean', alpha);
    if (stratified.kind === 'not-estimable') throw new Error(stratified.reason);
    const { effect, se } = stratified.estimate;
    expect(Math.abs(effect)).toBeLessThan(4 * se);
    expect(stratified.varianceRatio).toBeLessThan(0.2);
  });
});

describe('several tests', () => {
  it('adjusted p is never below raw, stays in order, and null is no test', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.option(p), { maxLength: 12 }), (raw) => {
        for (const adjust of [bonferroni, holm, hochberg, benjaminiHochberg, benjaminiYekutieli]) {
          const adjusted = adjust(raw);
          raw.forEach((each, index) => {
            if (each === null) expect(adjusted[index]).toBeNull();
            else expect(adjusted[index]!).toBeGreaterThanOrEqual(each - 1e-15);
          });
          for (const [i, x] of raw.entries())
            for (const [j, y] of raw.entries())
              if (x !== null && y !== null && x < y)
                expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]! + 1e-15);
        }
        const [strict, mild] = [holm(raw), hochberg(raw)];
        strict.forEach((each, index) => {
          if (each !== null) expect(mild[index]!).toBeLessThanOrEqual(each + 1e-15);
        });
      }),
    );
  });
});

describe('ranks and pairs', () => {
  it("Wilcoxon's answer does not hang on the order or on which arm comes first", () => {
    fc.assert(
      fc.property(sample, (differences) => {
        const forward = wilcoxonSignedRank(differences);
        expect(wilcoxonSignedRank([...differences].reverse())).toEqual(forward);
        const turned = wilcoxonSignedRank(differences.map((each) => -each));
        if (forward.kind === 'tested' && turned.kind === 'tested')
          expect(turned.p).toBeCloseTo(forward.p, 12);
      }),
    );
    expect(wilcoxonSignedRank([0, 0, 0])).toEqual(refusal);
  });

  it('McNemar is symmetric, its mid-p below its exact p, and it refuses where all agree', () => {
    const test = mcNemar(3, 11);
    if (test.kind === 'not-estimable') throw new Error(test.reason);
    expect(mcNemar(11, 3)).toEqual(test);
    expect(test.midP).toBeLessThan(test.exactP);
    expect(mcNemar(0, 0)).toEqual(refusal);
  });

  it('visits repeated word for word do not shrink a clustered error', () => {
    const random = randomFrom('engine', 'clusters');
    const rows = Array.from({ length: 30 }, (_, visitor) => ({
      visitor: String(visitor),
      outcome: random.normal(),
      regressors: [visitor % 2],
    }));
    const [once, thrice] = [rows, [...rows, ...rows, ...rows]].map((own) =>
      clusteredLeastSquares(own, alpha),
    );
    if (once!.kind === 'not-estimable' || thrice!.kind === 'not-estimable') throw new Error('refused');
    expect(thrice!.seCr0).toBeCloseTo(once!.seCr0, 10);
    expect(thrice!.seIndependent).toBeLessThan(0.62 * once!.seIndependent);
  });
});

describe('planning', () => {
  it('components of variance are found again, and the best split is the cheapest', () => {
    const random = randomFrom('engine', 'components');
    const rows = Array.from({ length: 2000 }, () => {
      const own = 0.5 * random.normal();
      return Array.from({ length: 4 }, () => own + random.normal());
    });
    const components = varianceComponents(rows);
    if (components.kind === 'not-estimable') throw new Error(components.reason);
    expect(components.between).toBeCloseTo(0.25, 1);
    expect(components.within).toBeCloseTo(1, 1);
    const costs = { visitor: 4, replicate: 1 };
    const best = bestReplicates(components, costs)!;
    const variance = (k: number): number =>
      ((components.between + components.within / k) * (costs.visitor + k * costs.replicate)) / 10_000;
    for (const other of [best - 1, best + 1])
      expect(variance(best)).toBeLessThanOrEqual(variance(other) * 1.001);
    expect(varianceComponents([[1], [2]])).toEqual(refusal);
  });

  it('no number of simulated visitors is worth more than n/(1 − r²)', () => {
    for (const r of [0.3, 0.7, 0.9]) {
      expect(effectiveVisitors(100, 1e9, r)).toBeCloseTo(effectiveBound(100, r), 3);
      expect(effectiveVisitors(100, 1000, r)).toBeLessThan(effectiveBound(100, r));
    }
    expect(effectiveBound(100, 0.7)).toBeCloseTo(196, 0);
  });
});

describe('intervals without large numbers', () => {
  it('the betting interval holds the mean in at least 95 of 100 runs at its last look', () => {
    let missed = 0;
    for (let run = 0; run < 100; run++) {
      const random = randomFrom('engine', 'betting', run);
      const outcomes = Array.from({ length: 120 }, () => (random.uniform() < 0.3 ? 1 : 0));
      const [low, high] = bettingInterval(outcomes, { low: 0, high: 1 }, alpha);
      if (low > 0.3 || high < 0.3) missed += 1;
    }
    expect(missed).toBeLessThanOrEqual(5);
    const narrow = bettingInterval(
      Array.from({ length: 400 }, (_, index) => index % 2),
      { low: 0, high: 1 },
      alpha,
    );
    expect(narrow[1] - narrow[0]).toBeLessThan(0.3);
  });

  it("Fieller's interval is the delta method's where the denominator is sure, and refused where it may be 0", () => {
    const sure = fieller(
      {
        numerator: 2,
        denominator: 4,
        numeratorVariance: 1e-4,
        denominatorVariance: 1e-4,
        covariance: 0,
        df: 1e6,
      },
      alpha,
    );
    if ('kind' in sure) throw new Error(sure.reason);
    const delta = 1.959964 * Math.sqrt(1e-4 / 16 + (1e-4 * 4) / 256);
    expect(sure.ci[0]).toBeCloseTo(0.5 - delta, 4);
    expect(
      fieller(
        {
          numerator: 2,
          denominator: 0.1,
          numeratorVariance: 1,
          denominatorVariance: 1,
          covariance: 0,
          df: 50,
        },
        alpha,
      ),
    ).toEqual(refusal);
  });

  it('a quantile moves with its values, and few visitors are refused', () => {
    const random = randomFrom('engine', 'quantile');
    const visitors = Array.from({ length: 200 }, () => Array.from({ length: 5 }, () => random.normal()));
    const later = visitors.map((values) => values.map((each) => each + 2));
    const median = quantileDifference(visitors, later, 0.5, alpha);
    if (median.kind === 'not-estimable') throw new Error(median.reason);
    expect(median.effect).toBeCloseTo(2, 10);
    expect(quantileDifference(visitors.slice(0, 5), later, 0.5, alpha)).toEqual(refusal);
  });
});

describe('off-policy estimates', () => {
  const rounds = (effective: boolean): Round[] =>
    Array.from({ length: 400 }, (_, index) => ({
      visitor: `v${index % 80}`,
      reward: index % 3 === 0 ? 1 : 0,
      logged: effective ? 0.5 : 0.01 + 0.98 * Number(index % 37 !== 0),
      evaluated: effective ? 0.5 : Number(index % 37 === 0),
      predicted: 0,
      expected: 0,
    }));
  const options = { alpha, resamples: 300, seed: ['engine'] };

  it('of the logging policy itself are its mean reward, at full effective size', () => {
    const estimate = estimatePolicy(rounds(true), { name: 'ips' }, options);
    if (estimate.kind === 'not-estimable') throw new Error(estimate.reason);
    expect(estimate.value).toBeCloseTo(134 / 400, 10);
    expect(estimate).toMatchObject({ effective: 400, underPowered: false });
  });

  it('say "under-powered" of a policy far from the log, and refuse impossible propensities', () => {
    expect(estimatePolicy(rounds(false), { name: 'snips' }, options)).toMatchObject({ underPowered: true });
    const broken = rounds(true).map((round, index) => (index === 7 ? { ...round, logged: 0 } : round));
    expect(estimatePolicy(broken, { name: 'ips' }, options)).toEqual(refusal);
  });
});

describe('guards', () => {
  it('non-inferiority holds for a small loss that is surely small, not for one that may be large', () => {
    const relative = (logRatio: number, se: number) =>
      ({ kind: 'estimated', relative: Math.expm1(logRatio), ci: [0, 0], logRatio, se, df: 200 }) as const;
    expect(nonInferiority(relative(-0.005, 0.004), 0.02, true, alpha)).toMatchObject({ holds: true });
    expect(nonInferiority(relative(-0.005, 0.04), 0.02, true, alpha)).toMatchObject({ holds: false });
    expect(nonInferiority(relative(0.05, 0.004), 0.02, false, alpha)).toMatchObject({ holds: false });
  });

  it('p values that are uniform pass, those that crowd near 0 do not', () => {
    const even = Array.from({ length: 200 }, (_, index) => (index + 0.5) / 200);
    expect(uniformity(even)).toMatchObject({ p: 1 });
    const crowded = uniformity(even.map((p) => p ** 2));
    expect(crowded.kind === 'tested' && crowded.p < 1e-6).toBe(true);
  });

  it('arms that lose visitors alike pass; one that crashes more does not', () => {
    const alike = homogeneity([
      [95, 5],
      [94, 6],
    ]);
    const unlike = homogeneity([
      [99, 1],
      [80, 20],
    ]);
    expect(alike.kind === 'tested' && alike.p > 0.5).toBe(true);
    expect(unlike.kind === 'tested' && unlike.p < 1e-4).toBe(true);
    expect(
      homogeneity([
        [10, 0],
        [12, 0],
      ]),
    ).toEqual(refusal);
  });
});

describe('the bridge to reality', () => {
  const random = randomFrom('engine', 'bridge');
  const visitors = Array.from({ length: 400 }, (_, index) => {
    const arm = (index % 2) as 0 | 1;
    const taste = random.normal();
    const simulated = 2 * arm + taste + 0.3 * random.normal();
    return { visitor: `v${index}`, arm, simulated, real: 0.5 * simulated + 0.2 * random.normal() };
  });

  it('a simulation that exaggerates twofold is scaled back, and its surrogacy is not falsified', () => {
    const calibrated = calibratedEffect(visitors.slice(0, 100), visitors, {
      alpha,
      resamples: 300,
      seed: [1],
    });
    if (calibrated.kind === 'not-estimable') throw new Error(calibrated.reason);
    expect(calibrated.raw).toBeGreaterThan(1.7);
    expect(calibrated.effect).toBeCloseTo(0.5 * calibrated.raw, 1);
    expect(calibrated.falsificationP).toBeGreaterThan(0.01);
  });

  it('an arm that works past the surrogate is found out', () => {
    const past = visitors.map((each) => ({ ...each, real: each.real + 3 * each.arm }));
    const calibrated = calibratedEffect(past.slice(0, 100), past, { alpha, resamples: 100, seed: [1] });
    expect(calibrated.kind === 'estimated' && calibrated.falsificationP < 1e-6).toBe(true);
  });
});

describe('defects of other tools that must not come here', () => {
  it('an arm of weight 0 does not enter the sample ratio', () => {
    const [without, with0] = [
      sampleRatio([1000, 1200], [0.5, 0.5]),
      sampleRatio([1000, 1200, 900], [0.5, 0.5, 0]),
    ];
    expect(with0).toEqual(without);
  });

  it('a prior on another scale gives another posterior', () => {
    const [se, effect] = [0.5, 1];
    const relative = posteriorOf(effect / 10, se / 10, alpha, { mean: 0, variance: 0.01 });
    const absolute = posteriorOf(effect, se, alpha, { mean: 0, variance: 0.01 });
    if (relative.kind === 'not-estimable' || absolute.kind === 'not-estimable') throw new Error('refused');
    expect(absolute.mean / 10).not.toBeCloseTo(relative.mean, 3);
  });

  it('a one-sided question stays one-sided when the trust in the simulation is tuned', () => {
    const random = randomFrom('engine', 'ppi');
    const simulated = Array.from({ length: 40 }, () => random.normal());
    const real = simulated.map((each) => each + 0.3 * random.normal());
    const unlabelled = Array.from({ length: 500 }, () => random.normal());
    const tuned = predictionPoweredMean({ real, simulated, unlabelled }, { alpha, alternative: 'greater' });
    if (tuned.kind === 'not-estimable') throw new Error(tuned.reason);
    expect(tuned.ci[1]).toBe(Infinity);
    expect(tuned.lambda).toBeGreaterThan(0.5);
  });

  it('a fixed trust is the one that is used, and tuning stays within 0 and 1', () => {
    const [real, simulated, unlabelled] = [
      [1, 2, 4, 3],
      [5, 1, 2, 9],
      [3, 3, 4, 1, 7],
    ];
    const fixed = predictionPoweredMean({ real, simulated, unlabelled }, { alpha, lambda: 0 });
    if (fixed.kind === 'not-estimable') throw new Error(fixed.reason);
    expect(fixed).toMatchObject({ lambda: 0, effect: 2.5 });
    expect(fixed.effective).toBeCloseTo(4, 10);
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const n = Math.min(x.length, y.length);
        const lambda = tunedLambda({ real: x.slice(0, n), simulated: y.slice(0, n), unlabelled: y });
        expect(lambda).toBeGreaterThanOrEqual(0);
        expect(lambda).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('chance of a larger share', () => {
  it('is a half for equal arms, mirrors, and agrees with drawing from the posteriors', () => {
    const [a, b] = [
      { successes: 12, n: 40 },
      { successes: 20, n: 45 },
    ];
    expect(probabilityOfLargerShare(a, a)).toBeCloseTo(0.5, 8);
    expect(probabilityOfLargerShare(a, b) + probabilityOfLargerShare(b, a)).toBeCloseTo(1, 8);
    // Normal approximation of the two beta posteriors.
    expect(probabilityOfLargerShare(a, b)).toBeCloseTo(0.915, 2);
  });
});

describe('the bootstrap', () => {
  it('draws the same with the same seed and refuses one visitor or a figure that is no number', () => {
    const mean = (units: readonly number[]): number =>
      units.reduce((sum, each) => sum + each, 0) / units.length;
    const options = { alpha, resamples: 200, seed: ['a'] };
    expect(bootstrapped([1, 2, 5, 9], mean, options)).toEqual(bootstrapped([1, 2, 5, 9], mean, options));
    expect(bootstrapped([1], mean, options)).toEqual(refusal);
    expect(bootstrapped([1, 2], () => NaN, options)).toEqual(refusal);
  });

  it('of a mean says the same with sums as with every sample written out', () => {
    const plain = (units: readonly number[]): number =>
      units.reduce((sum, each) => sum + each, 0) / units.length;
    const numbers = (found: ReturnType<typeof bootstrapped>): number[] => {
      if (found.kind !== 'estimated') throw new Error(found.reason);
      return [found.value, ...found.basic, ...found.percentile, ...(found.bca ?? [])];
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 60 }), (values) => {
        const options = { alpha, resamples: 100, seed: ['mean', values.length] };
        const [slow, fast] = [bootstrapped(values, plain, options), bootstrappedMean(values, options)];
        expect(numbers(fast).length).toBe(numbers(slow).length);
        numbers(fast).forEach((number, at) => expect(number).toBeCloseTo(numbers(slow)[at]!, 9));
      }),
      { numRuns: 50 },
    );
    expect(bootstrappedMean([1], { alpha, resamples: 10, seed: ['a'] })).toEqual(refusal);
    expect(bootstrappedMean([1, NaN], { alpha, resamples: 10, seed: ['a'] })).toEqual(refusal);
  });
});
