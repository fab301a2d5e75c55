// Less noise from what was known before the test (CUPED, Deng, Xu, Kohavi and Walker 2013): subtract from each visitor
// what its own covariate predicts. θ = cov(Y, X)/var(X) pooled over both arms; the variance falls to 1 − ρ² of what it
// was. The covariate must be from before assignment (a burn-in visit), or the treatment leaks into it.

import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimated, NotEstimable } from './estimate.ts';
import { linearised, meanOf, sizeOf, varianceOf } from './ratio.ts';
import { welchError } from './welch.ts';
import type { Aggregate, VisitorPairs, VisitorValues } from './visitor-values.ts';

export interface Adjusted extends Estimated {
  readonly theta: number;
  /** Variance of the adjusted effect over that of the unadjusted one. */
  readonly varianceRatio: number;
}

/** Split design: θ from both arms, the effect of the adjusted scores, Welch. */
export function cupedWelch(
  control: VisitorValues,
  treatment: VisitorValues,
  covariate: ReadonlyMap<string, number>,
  aggregate: Aggregate,
  alpha: number,
): Adjusted | NotEstimable {
  if (control.length < 3 || treatment.length < 3)
    return notEstimable(
      `visitors by arm: ${control.length} and ${treatment.length}, at least 3 in each are needed`,
    );
  const a = linearised(control, aggregate);
  const b = linearised(treatment, aggregate);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  const x = covariatesOf(control, covariate);
  const y = covariatesOf(treatment, covariate);
  if (x === null || y === null) return notEstimable('a visitor has no covariate');
  const theta = pooledTheta([
    [a.scores, x],
    [b.scores, y],
  ]);
  if (theta === null) return notEstimable('the covariate has no spread');
  const adjusted = (scores: readonly number[], values: readonly number[]): number[] => {
    const mean = meanOf(values);
    return scores.map((score, index) => score - theta * (values[index]! - mean));
  };
  // The covariates' means differ by chance; what that predicts is taken off the effect.
  const effect = b.value - a.value - theta * (meanOf(y) - meanOf(x));
  const plain = welchError(a.scores, b.scores);
  const error = welchError(adjusted(a.scores, x), adjusted(b.scores, y));
  if (isNoSpread(error.se, sizeOf(a.value, b.value, ...a.scores, ...b.scores)))
    return notEstimable('there is no spread left to judge the effect by');
  return {
    ...estimateFromT({ effect, ...error, alpha, method: 'Welch t over visitors, CUPED' }),
    theta,
    varianceRatio: (error.se / plain.se) ** 2,
  };
}

/** Twins: each visitor's difference regressed on its covariate; the effect is that of a visitor with the mean covariate. */
export function cupedPaired(
  pairs: VisitorPairs,
  covariate: ReadonlyMap<string, number>,
  aggregate: Aggregate,
  alpha: number,
): Adjusted | NotEstimable {
  const n = pairs.control.length;
  if (n < 3) return notEstimable(`visitors in both arms: ${n}, at least 3 are needed`);
  const a = linearised(pairs.control, aggregate);
  const b = linearised(pairs.treatment, aggregate);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  const x = covariatesOf(pairs.control, covariate);
  if (x === null) return notEstimable('a visitor has no covariate');
  const differences = b.scores.map((score, index) => score - a.scores[index]!);
  const theta = pooledTheta([[differences, x]]);
  if (theta === null) return notEstimable('the covariate has no spread');
  const mean = meanOf(x);
  const adjusted = differences.map((difference, index) => difference - theta * (x[index]! - mean));
  // One degree of freedom more is spent on θ.
  const variance = (varianceOf(adjusted) * (n - 1)) / (n - 2);
  const se = Math.sqrt(variance / n);
  if (isNoSpread(se, sizeOf(a.value, b.value, ...a.scores, ...b.scores)))
    return notEstimable('there is no spread left to judge the effect by');
  return {
    ...estimateFromT({
      effect: b.value - a.value,
      se,
      df: n - 2,
      alpha,
      method: 'paired t over visitors, CUPED',
    }),
    theta,
    varianceRatio: variance / varianceOf(differences),
  };
}

/** θ = Σ cov(Y, X) / Σ var(X) over the given groups, each about its own means; null where X never varies. */
export function pooledTheta(
  groups: readonly (readonly [y: readonly number[], x: readonly number[]])[],
): number | null {
  let [products, squares, size] = [0, 0, 0];
  for (const [y, x] of groups) {
    const [yMean, xMean] = [meanOf(y), meanOf(x)];
    for (const [index, value] of x.entries()) {
      products += (y[index]! - yMean) * (value - xMean);
      squares += (value - xMean) ** 2;
    }
    size = Math.max(size, sizeOf(...x));
  }
  return squares > (1e-12 * size) ** 2 ? products / squares : null;
}

function covariatesOf(values: VisitorValues, covariate: ReadonlyMap<string, number>): number[] | null {
  const own = values.map(({ visitor }) => covariate.get(visitor));
  return own.every((value) => value !== undefined && Number.isFinite(value)) ? (own as number[]) : null;
}
