// Answers to cases on effects between arms: means, proportions, ratios, covariates.

import { pooledTheta } from '../../../src/stats/adjusted.ts';
import { barnard, boschloo } from '../../../src/stats/exact-proportions.ts';
import { momentsFromSums, visitorMoments } from '../../../src/stats/moments.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { proportionTest } from '../../../src/stats/proportions.ts';
import type { Proportion } from '../../../src/stats/proportions.ts';
import { ratioLift } from '../../../src/stats/ratio-lift.ts';
import type { RatioArm } from '../../../src/stats/ratio-lift.ts';
import { meanOf, varianceOf } from '../../../src/stats/ratio.ts';
import { differenceOfMeans, liftVariance, ratioOfMeans } from '../../../src/stats/two-sample.ts';
import type { Alternative } from '../../../src/stats/two-sample.ts';
import { solid, type AnswerTable } from './answer.ts';

interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly sum_squares: number;
}
interface Named {
  readonly n: number;
  readonly names: readonly string[];
  readonly mean: readonly number[];
  readonly cov: readonly (readonly number[])[];
}
interface TwoArms<Arm> {
  readonly control: Arm;
  readonly treatment: Arm;
  readonly alpha?: number;
}

const fromSums = ({ n, sum, sum_squares }: Sums): Moments => momentsFromSums(n, sum, sum_squares);

function sideOf(method: string): Alternative {
  if (/smaller|less/iu.test(method)) return 'less';
  return /greater|larger/iu.test(method) ? 'greater' : 'two-sided';
}

/** Moments of one column, or of the linearised ratio of two. */
function columnMoments({ n, names, mean, cov }: Named, numerator: string, denominator?: string): Moments {
  const top = names.indexOf(numerator);
  if (denominator === undefined) return visitorMoments({ n, mean: mean[top]!, variance: cov[top]![top]! });
  const bottom = names.indexOf(denominator);
  const ratio = mean[top]! / mean[bottom]!;
  const spread = cov[top]![top]! - 2 * ratio * cov[top]![bottom]! + ratio ** 2 * cov[bottom]![bottom]!;
  return visitorMoments({ n, mean: ratio, variance: spread / mean[bottom]! ** 2 });
}

/** Absolute and log-ratio answers together. */
function bothScales(control: Moments, treatment: Moments, method: string, alpha: number) {
  const options = { alpha, alternative: sideOf(method), equalVariances: /pooled variance/iu.test(method) };
  const absolute = solid(differenceOfMeans(control, treatment, options));
  const relative = solid(ratioOfMeans(control, treatment, options));
  return {
    control: control.mean,
    treatment: treatment.mean,
    effect: absolute.effect,
    ci: absolute.ci,
    p: absolute.p,
    statistic: absolute.effect / absolute.se,
    relative: relative.effect,
    relative_ci: [relative.ci[0] === -1 ? -Infinity : relative.ci[0], relative.ci[1]],
  };
}

/** One arm of a ratio with its ratio before the test, from sums and sums of products. */
type Row = Readonly<Record<string, unknown>>;

function ratioArm(arm: Row): RatioArm {
  const n = arm['n'] as number;
  const totals = ['m_post', 'd_post', 'm_pre', 'd_pre'].map((name) => arm[name] as Sums);
  const products = new Map<string, number>([
    ['01', arm['mpost_dpost'] as number],
    ['02', arm['mpost_mpre'] as number],
    ['03', arm['mpost_dpre'] as number],
    ['12', arm['mpre_dpost'] as number],
    ['13', arm['dpost_dpre'] as number],
    ['23', arm['mpre_dpre'] as number],
    ...totals.map(({ sum_squares }, index) => [`${index}${index}`, sum_squares] as const),
  ]);
  const covariance = totals.map((row, i) =>
    totals.map((column, j) => {
      const product = products.get(`${Math.min(i, j)}${Math.max(i, j)}`)!;
      return (product - (row.sum * column.sum) / n) / (n - 1);
    }),
  );
  const mean = totals.map(({ sum }) => sum / n) as [number, number, number, number];
  return { n, mean, covariance };
}

const proportion = (input: unknown): TwoArms<Proportion> => input as TwoArms<Proportion>;

export const effectAnswers: AnswerTable = [
  [
    /one-sided Welch/iu,
    ({ method, input }) => {
      const { control, treatment, alpha } = input as unknown as TwoArms<Sums>;
      const options = { alpha: alpha ?? 0.05, alternative: sideOf(method) };
      return { ...solid(differenceOfMeans(fromSums(control), fromSums(treatment), options)) };
    },
  ],
  [
    /two-proportion z/iu,
    ({ method, input }) => {
      const { control, treatment, alpha } = proportion(input);
      const test = solid(
        proportionTest(control, treatment, {
          alpha: alpha ?? 0.05,
          pooled: !/unpooled/iu.test(method),
          continuity: /continuity-corrected|, cc/iu.test(method),
        }),
      );
      return { ...test, relative_ci: test.relativeCi };
    },
  ],
  [/Barnard/iu, ({ input }) => ({ p: barnard(proportion(input).control, proportion(input).treatment) })],
  [/Boschloo/iu, ({ input }) => ({ p: boschloo(proportion(input).control, proportion(input).treatment) })],
  [
    /chi-square \/ z, absolute|divided by the control rate/iu,
    ({ method, input }) => {
      const { control, treatment, alpha } = proportion(input);
      const options = { alpha: alpha ?? 0.05, pooledInterval: false };
      const { effect, ci, p } = solid(proportionTest(control, treatment, options));
      const by = /divided by the control rate/iu.test(method) ? control.successes / control.n : 1;
      return { effect: effect / by, ci: ci.map((end) => end / by), p };
    },
  ],
  [
    /Welch t on a mean/iu,
    ({ method, input }) => {
      const { control, treatment, alpha } = input as unknown as TwoArms<Named>;
      const name =
        ((input['metric'] ?? input['value'] ?? input['numerator']) as string | undefined) ?? 'orders';
      return bothScales(columnMoments(control, name), columnMoments(treatment, name), method, alpha ?? 0.05);
    },
  ],
  [
    /ratio of means/iu,
    ({ method, input }) => {
      const { control, treatment, alpha } = input as unknown as TwoArms<Named>;
      const [, top, bottom] = /ratio of means (\w+)\/(\w+)/iu.exec(method) ?? [];
      const [numerator, denominator] = [
        (input['numerator'] as string | undefined) ?? top!,
        (input['denominator'] as string | undefined) ?? bottom!,
      ];
      return bothScales(
        columnMoments(control, numerator, denominator),
        columnMoments(treatment, numerator, denominator),
        method,
        alpha ?? 0.05,
      );
    },
  ],
  [
    /variance of difference from arm variances|delta-method variance of relative lift/iu,
    ({ input }) => {
      const value = (name: string): number => input[name] as number;
      const arm = (name: 'a' | 'b'): Moments =>
        visitorMoments({
          n: value(`n_${name}`),
          mean: value(`mean_${name}`),
          variance: value(`var_${name}`),
        });
      const [a, b] = [arm('a'), arm('b')];
      return {
        variance: input['relative'] ? liftVariance(a, b) : a.variance / a.n + b.variance / b.n,
      };
    },
  ],
  [
    /sample mean and/iu,
    ({ input }) => ({ mean: meanOf(input['x'] as number[]), variance: varianceOf(input['x'] as number[]) }),
  ],
  [
    /pooled CUPED theta/iu,
    ({ input }) => {
      const arm = [input['post'] as number[], input['pre'] as number[]] as const;
      return { theta: pooledTheta([arm, arm]) };
    },
  ],
  [
    /CUPED on a ratio metric/iu,
    ({ input }) => ({
      ...solid(
        ratioLift(
          ratioArm(input['control'] as Row),
          ratioArm(input['treatment'] as Row),
          input['alpha'] as number,
        ),
      ),
    }),
  ],
];
