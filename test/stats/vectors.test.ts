// Worked cases of other platforms and of R, from per-visitor rows or from rows made to have their moments.

import { describe, expect, it } from 'vitest';
import { tSurvival } from '../../src/stats/distributions.ts';
import type { Estimated } from '../../src/stats/estimate.ts';
import { holm } from '../../src/stats/holm.ts';
import { pairedT } from '../../src/stats/paired.ts';
import { linearised, varianceOf } from '../../src/stats/ratio.ts';
import type { Linearised } from '../../src/stats/ratio.ts';
import { relativeWelch } from '../../src/stats/relative.ts';
import { sampleRatio } from '../../src/stats/srm.ts';
import { visitorValues } from '../../src/stats/visitor-values.ts';
import type { VisitorValues } from '../../src/stats/visitor-values.ts';
import { welch } from '../../src/stats/welch.ts';
import { means, twins } from './values.ts';
import { haveVectors, vectorCase, vectors, whySkipped } from './vectors.ts';

/** n numbers with exactly this sum and sum of squares. */
function numbersWith({ n, sum, sum_squares }: { n: number; sum: number; sum_squares: number }): number[] {
  const mean = sum / n;
  const even = n - (n % 2);
  const spread = Math.sqrt((sum_squares - n * mean ** 2) / even);
  return Array.from({ length: n }, (_unused, index) =>
    index >= even ? mean : mean + (index % 2 === 0 ? spread : -spread),
  );
}

/** The 100 users behind the tea-tasting cases, one arm's orders over its sessions. */
function teaTasting(variant: number): { orders: VisitorValues; ordersPerSession: VisitorValues } {
  const { rows } = vectors<{ rows: { variant: number[]; orders: number[]; sessions: number[] } }>(
    'raw-tea-tasting-100-users.json',
  );
  const own = rows.variant.flatMap((each, index) => (each === variant ? [index] : []));
  const of = (denominator: (index: number) => number): VisitorValues =>
    visitorValues(
      own.map((index) => ({
        visitor: `u${index}`,
        numerator: rows.orders[index]!,
        denominator: denominator(index),
      })),
    );
  return { orders: of(() => 1), ordersPerSession: of((index) => rows.sessions[index]!) };
}

describe.skipIf(!haveVectors)(`worked cases of others${whySkipped}`, () => {
  it('Welch: effect, interval, p and the log-ratio relative interval of tea-tasting', () => {
    const { expected } = vectorCase<
      unknown,
      { effect: number; ci: number[]; relative: number; relative_ci: number[]; p: number }
    >('01-two-sample.json', 'tt-mean-welch');
    const [control, treatment] = [teaTasting(0).orders, teaTasting(1).orders];
    const estimate = welch(control, treatment, 'mean', 0.05) as Estimated;
    const relative = relativeWelch(control, treatment, 'mean', 0.05);
    expect(estimate.effect).toBeCloseTo(expected.effect, 9);
    expect(estimate.ci[0]).toBeCloseTo(expected.ci[0]!, 9);
    expect(estimate.ci[1]).toBeCloseTo(expected.ci[1]!, 9);
    expect(estimate.p).toBeCloseTo(expected.p, 9);
    if (relative.kind !== 'estimated') throw new Error(relative.reason);
    expect(relative.relative).toBeCloseTo(expected.relative, 9);
    expect(relative.ci[0]).toBeCloseTo(expected.relative_ci[0]!, 9);
    expect(relative.ci[1]).toBeCloseTo(expected.relative_ci[1]!, 9);
  });

  it("Welch: GrowthBook's one-sided case from its moments", () => {
    type Moments = { n: number; sum: number; sum_squares: number };
    const { input, expected, tolerance } = vectorCase<
      { control: Moments; treatment: Moments },
      { ci: [null, number]; p: number }
    >('01-two-sample.json', 'gb-onesided-lesser-absolute');
    const estimate = welch(
      means(numbersWith(input.control)),
      means(numbersWith(input.treatment)),
      'mean',
      0.1,
    ) as Estimated;
    expect(Math.abs(estimate.ci[1] - expected.ci[1])).toBeLessThan(tolerance);
    expect(Math.abs(1 - estimate.p / 2 - expected.p)).toBeLessThan(tolerance);
  });

  it('ratio: values and effect of tea-tasting, and its pooled test from our linearised scores', () => {
    const { expected } = vectorCase<
      unknown,
      { control: number; treatment: number; effect: number; statistic: number; p: number }
    >('02-ratio-delta-cuped.json', 'tt-ratio-greater-equalvar');
    const arms = [teaTasting(0), teaTasting(1)].map(
      (arm) => linearised(arm.ordersPerSession, 'ratio') as Linearised,
    );
    const [control, treatment] = arms as [Linearised, Linearised];
    expect(control.value).toBeCloseTo(expected.control, 12);
    expect(treatment.value).toBeCloseTo(expected.treatment, 12);
    const [n, m] = [control.scores.length, treatment.scores.length];
    const pooled =
      ((n - 1) * varianceOf(control.scores) + (m - 1) * varianceOf(treatment.scores)) / (n + m - 2);
    const statistic = (treatment.value - control.value) / Math.sqrt(pooled * (1 / n + 1 / m));
    expect(statistic).toBeCloseTo(expected.statistic, 9);
    expect(tSurvival(statistic, n + m - 2)).toBeCloseTo(expected.p, 9);
    const estimate = welch(
      teaTasting(0).ordersPerSession,
      teaTasting(1).ordersPerSession,
      'ratio',
      0.05,
    ) as Estimated;
    expect(estimate.effect).toBeCloseTo(expected.effect, 12);
    expect(estimate.se).toBeCloseTo(
      Math.sqrt(varianceOf(control.scores) / n + varianceOf(treatment.scores) / m),
      12,
    );
  });

  it('mean and variance of ill-conditioned numbers', () => {
    const { input, expected } = vectorCase<{ x: number[] }, { mean: number; variance: number }>(
      '02-ratio-delta-cuped.json',
      'gb-mean-var',
    );
    expect(varianceOf(input.x)).toBeCloseTo(expected.variance, 9);
    expect(varianceOf(input.x.map((x) => x + 1e8))).toBeCloseTo(expected.variance, 5);
  });

  it("paired t: scipy's case, and Welch on the same data, which pairing beats", () => {
    type Expected = { paired_t: number; paired_p: number; welch_t: number; welch_p: number };
    const { input, expected } = vectorCase<{ a: number[]; b: number[] }, Expected>(
      '11-clustered-paired.json',
      'scipy-paired-vs-welch',
    );
    const paired = pairedT(twins(input.a, input.b), 'mean', 0.05) as Estimated;
    expect(paired.effect / paired.se).toBeCloseTo(expected.paired_t, 9);
    expect(paired.p).toBeCloseTo(expected.paired_p, 9);
    const unpaired = welch(means(input.a), means(input.b), 'mean', 0.05) as Estimated;
    expect(unpaired.effect / unpaired.se).toBeCloseTo(expected.welch_t, 9);
    expect(unpaired.p).toBeCloseTo(expected.welch_p, 9);
  });

  it('sample ratio: every chi-square case of GrowthBook and tea-tasting; without users there is no p', () => {
    const cases = vectors('04-srm.json').cases.filter(
      ({ id }) => id.startsWith('gb-') || id === 'tt-srm-norm',
    );
    expect(cases.length).toBe(8);
    for (const { id, input, expected, tolerance } of cases) {
      const { users, weights } = input as { users: number[]; weights: number[] };
      const test = sampleRatio(users, weights);
      if (users.every((count) => count === 0))
        expect(test).toEqual({ kind: 'not-estimable', reason: 'nothing was counted in any arm' });
      else
        expect(
          Math.abs((test.kind === 'tested' ? test.p : NaN) - (expected.p as number)),
          id,
        ).toBeLessThanOrEqual(tolerance);
    }
  });

  it('Holm: the cases of tea-tasting and of R', () => {
    const cases = vectors('06-multiple.json').cases.filter(({ id }) => id.includes('holm'));
    expect(cases.length).toBe(3);
    for (const { id, input, expected, tolerance } of cases) {
      const adjusted = holm(input.p as number[]);
      const sorted = 'adjusted_sorted_by_p' in expected;
      const wanted = (sorted ? expected.adjusted_sorted_by_p : expected.adjusted) as number[];
      const given = sorted ? [...adjusted].sort((x, y) => x! - y!) : adjusted;
      given.forEach((p, index) => expect(Math.abs(p! - wanted[index]!), id).toBeLessThanOrEqual(tolerance));
    }
    expect(holm([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
  });
});
