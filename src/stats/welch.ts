// Split design: different visitors in each arm, as in production. Welch's t test on visitors' values, or on
// linearised scores of a ratio metric. Pairs do not belong here: `paired.ts` uses what twins share.

import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimate } from './estimate.ts';
import { linearised, sizeOf, varianceOf } from './ratio.ts';
import type { Aggregate, VisitorValues } from './visitor-values.ts';

/** Effect = treatment − control; unequal variances, Welch and Satterthwaite's degrees of freedom. */
export function welch(
  control: VisitorValues,
  treatment: VisitorValues,
  aggregate: Aggregate,
  alpha: number,
): Estimate {
  if (control.length < 2 || treatment.length < 2) {
    return notEstimable(
      `visitors by arm: ${control.length} and ${treatment.length}, at least 2 in each are needed`,
    );
  }
  const a = linearised(control, aggregate);
  const b = linearised(treatment, aggregate);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  const effect = b.value - a.value;
  const error = welchError(a.scores, b.scores);
  const size = sizeOf(a.value, b.value, ...a.scores, ...b.scores);
  if (isNoSpread(error.se, size)) {
    return notEstimable(
      `all visitors of each arm have the same value (difference ${Number(effect.toPrecision(6))}): there is no spread to judge the effect by`,
    );
  }
  const method = aggregate === 'mean' ? 'Welch t over visitors' : 'Welch t over visitors, ratio linearised';
  return estimateFromT({ effect, ...error, alpha, method });
}

/** Standard error of the difference of two independent means and its degrees of freedom. */
export function welchError(
  control: readonly number[],
  treatment: readonly number[],
): { se: number; df: number } {
  const a = varianceOf(control) / control.length;
  const b = varianceOf(treatment) / treatment.length;
  return {
    se: Math.sqrt(a + b),
    df: (a + b) ** 2 / (a ** 2 / (control.length - 1) + b ** 2 / (treatment.length - 1)),
  };
}
