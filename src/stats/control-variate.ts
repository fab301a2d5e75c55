// A dear mind for few visitors, a cheap one for many: what the cheap mind makes of the few, beside what it makes of all,
// says how unusual the few are, and so much is taken out of the dear mind's effect. The control variate of Monte Carlo,
// and prediction-powered inference (prediction-powered.ts) with its weight found on the other visitors, so that no
// visitor weighs itself: the estimate is then unbiased for the dear mind at any size, whatever the cheap mind does.

import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimated, NotEstimable } from './estimate.ts';
import { linearised, meanOf, sizeOf, varianceOf } from './ratio.ts';
import type { Aggregate, VisitorPairs } from './visitor-values.ts';

/** An effect as a mean over visitors: each visitor's share in it, in the metric's unit (or on the logarithm). */
export interface Shares {
  readonly kind: 'shares';
  readonly effect: number;
  readonly byVisitor: ReadonlyMap<string, number>;
}

/** Shares of treatment − control: effect + Z_b − Z_a for each visitor, Z as linearised. Means: the visitor's difference. */
export function effectShares(pairs: VisitorPairs, aggregate: Aggregate): Shares | NotEstimable {
  return sharesOf(pairs, aggregate, (value) => value, false);
}

/** Shares of ln(treatment / control): Z_b / b − Z_a / a around it. Both values must be above 0. */
export function logEffectShares(pairs: VisitorPairs, aggregate: Aggregate): Shares | NotEstimable {
  return sharesOf(pairs, aggregate, Math.log, true);
}

function sharesOf(
  pairs: VisitorPairs,
  aggregate: Aggregate,
  scale: (value: number) => number,
  isRelative: boolean,
): Shares | NotEstimable {
  const control = linearised(pairs.control, aggregate);
  const treatment = linearised(pairs.treatment, aggregate);
  if (control.kind === 'not-estimable') return notEstimable(`control: ${control.reason}`);
  if (treatment.kind === 'not-estimable') return notEstimable(`treatment: ${treatment.reason}`);
  if (isRelative && !(control.value > 0 && treatment.value > 0))
    return notEstimable(
      `values of ${control.value} and ${treatment.value}: both must be above 0 for a relative effect`,
    );
  const effect = scale(treatment.value) - scale(control.value);
  const [a, b] = isRelative ? [control.value, treatment.value] : [1, 1];
  return {
    kind: 'shares',
    effect,
    byVisitor: new Map(
      pairs.control.map(({ visitor }, index) => [
        visitor,
        effect + treatment.scores[index]! / b - control.scores[index]! / a,
      ]),
    ),
  };
}

/** Shares of the same effect under two minds. */
export interface TwoMinds {
  /** Visitors that both minds played. */
  readonly few: readonly { readonly dear: number; readonly cheap: number }[];
  /** Shares of visitors that only the cheap mind played. */
  readonly rest: readonly number[];
}

export interface Combined extends Estimated {
  /** How much the cheap mind was trusted, 0 to 1: the mean weight. */
  readonly lambda: number;
  /** Of the two minds' shares, among the few. */
  readonly correlation: number;
  /** Visitors of the dear mind alone that would give the same error. */
  readonly effective: number;
}

/** Below this, weights found on the other visitors are noise. */
export const FEWEST_COMBINED = 5;

/**
 * θ = mean of r_i = Y_i − λ_i (F_i − mean F_rest), λ_i = N/(n + N) · cov/var F over the few without i, clipped to [0, 1].
 * Variance s²(r)/n + λ² s²(F_rest)/N; t interval with Welch and Satterthwaite's degrees of freedom from n − 2 and N − 1.
 * Exactly unbiased where shares are visitors' own differences (means); as good as the linearisation for ratios.
 */
export function controlVariate({ few, rest }: TwoMinds, alpha: number): Combined | NotEstimable {
  const [n, many] = [few.length, rest.length];
  if (n < FEWEST_COMBINED || many < 2)
    return notEstimable(
      `visitors: ${n} of both minds and ${many} of the cheap one alone, at least ${FEWEST_COMBINED} and 2 are needed`,
    );
  const dear = few.map((visitor) => visitor.dear);
  const cheap = few.map((visitor) => visitor.cheap);
  const weights = weightsWithout(dear, cheap).map((slope) =>
    Math.min(1, Math.max(0, (slope * many) / (n + many))),
  );
  const usual = meanOf(rest);
  const corrected = dear.map((share, index) => share - weights[index]! * (cheap[index]! - usual));
  const lambda = meanOf(weights);
  const ofFew = varianceOf(corrected) / n;
  const ofRest = (lambda ** 2 * varianceOf(rest)) / many;
  const se = Math.sqrt(ofFew + ofRest);
  if (isNoSpread(se, sizeOf(...dear, ...cheap)))
    return notEstimable('all differences are equal: there is no spread to judge the effect by');
  return {
    ...estimateFromT({
      effect: meanOf(corrected),
      se,
      df: (ofFew + ofRest) ** 2 / (ofFew ** 2 / (n - 2) + ofRest ** 2 / (many - 1)),
      alpha,
      method: 'control variate over visitors',
    }),
    lambda,
    correlation: correlationOf(dear, cheap),
    effective: varianceOf(dear) / se ** 2,
  };
}

/** Least-squares slope of y on x without each visitor in turn; 0 where x does not vary among the others. */
function weightsWithout(y: readonly number[], x: readonly number[]): number[] {
  const n = x.length;
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const shared = x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0);
  // Taking i away lowers Σ(x − x̄)² by n/(n − 1) (x_i − x̄)², and the products likewise.
  return x.map((value, index) => {
    const factor = n / (n - 1);
    const left = spread - factor * (value - meanX) ** 2;
    if (!(left > 1e-12 * spread)) return 0;
    return (shared - factor * (value - meanX) * (y[index]! - meanY)) / left;
  });
}

/** Pearson's; 0 where one side does not vary. */
function correlationOf(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const products = a.reduce((sum, value, index) => sum + (value - meanA) * (b[index]! - meanB), 0);
  const size = Math.sqrt(varianceOf(a) * varianceOf(b)) * (a.length - 1);
  return size > 0 ? products / size : 0;
}
