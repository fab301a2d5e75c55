// The effect relative to the control, treatment / control − 1, with an interval made on the logarithm of the
// ratio and carried back: asymmetric, never below −100 %, and better at small n than the symmetric delta interval.
// For twins the covariance of the two arms is in it, because it is taken over each visitor's difference.

import { intervalFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { linearised, varianceOf } from './ratio.ts';
import type { Linearised } from './ratio.ts';
import { welchError } from './welch.ts';
import type { Aggregate, VisitorPairs, VisitorValues } from './visitor-values.ts';

export interface Relative {
  readonly kind: 'estimated';
  /** treatment / control − 1. */
  readonly relative: number;
  /** Two-sided 1 − α interval of `relative`. */
  readonly ci: readonly [number, number];
  /** ln(treatment / control), its standard error and degrees of freedom. */
  readonly logRatio: number;
  readonly se: number;
  readonly df: number;
}

/** Twins: variance of ln(b/a) from the visitors' Z_b / b − Z_a / a. */
export function relativePaired(
  pairs: VisitorPairs,
  aggregate: Aggregate,
  alpha: number,
): Relative | NotEstimable {
  const n = pairs.control.length;
  if (n < 2) return notEstimable(`visitors in both arms: ${n}, at least 2 are needed`);
  return onLogarithms(pairs.control, pairs.treatment, aggregate, alpha, (control, treatment) => {
    const differences = treatment.map((score, index) => score - control[index]!);
    return { se: Math.sqrt(varianceOf(differences) / n), df: n - 1 };
  });
}

/** Split: var(ln(b/a)) = var_b / (n_b b²) + var_a / (n_a a²), Welch's degrees of freedom of these two terms. */
export function relativeWelch(
  control: VisitorValues,
  treatment: VisitorValues,
  aggregate: Aggregate,
  alpha: number,
): Relative | NotEstimable {
  if (control.length < 2 || treatment.length < 2) {
    return notEstimable(
      `visitors by arm: ${control.length} and ${treatment.length}, at least 2 in each are needed`,
    );
  }
  return onLogarithms(control, treatment, aggregate, alpha, welchError);
}

/** The interval of `relative` at another level than it was made for. */
export function relativeInterval(estimate: Relative, alpha: number): readonly [number, number] {
  const [low, high] = intervalFromT(estimate.logRatio, estimate.se, estimate.df, alpha);
  return [Math.expm1(low), Math.expm1(high)];
}

function onLogarithms(
  control: VisitorValues,
  treatment: VisitorValues,
  aggregate: Aggregate,
  alpha: number,
  errorOf: (control: readonly number[], treatment: readonly number[]) => { se: number; df: number },
): Relative | NotEstimable {
  const a = linearised(control, aggregate);
  const b = linearised(treatment, aggregate);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  if (!(a.value > 0)) return notEstimable(`the control's value is ${a.value}: nothing can be relative to it`);
  if (!(b.value > 0)) return notEstimable(`the treatment's value is ${b.value}: it has no logarithm`);
  const error = errorOf(scaled(a), scaled(b));
  if (isNoSpread(error.se, 1)) return notEstimable('there is no spread to judge the effect by');
  const estimate = {
    kind: 'estimated',
    relative: b.value / a.value - 1,
    logRatio: Math.log(b.value / a.value),
    ...error,
  } as const;
  const [low, high] = intervalFromT(estimate.logRatio, estimate.se, estimate.df, alpha);
  return { ...estimate, ci: [Math.expm1(low), Math.expm1(high)] };
}

function scaled(arm: Linearised): readonly number[] {
  return arm.scores.map((score) => score / arm.value);
}
