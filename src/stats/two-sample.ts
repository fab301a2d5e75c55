// Two arms of different visitors from their moments: Welch's or Student's t, absolute or relative to the control, two-
// or one-sided. Relative: by the delta method on the quotient, or on its logarithm (asymmetric, better at small n).

import { tQuantile, tSurvival } from './distributions.ts';
import { isNoSpread, notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import type { Moments } from './moments.ts';

/** What the test is against: no effect either way, no effect or less, no effect or more. */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** An effect with its error; `ci` is open (±Infinity) on the side that a one-sided test does not bound. */
export interface TwoSample {
  readonly kind: 'estimated';
  readonly effect: number;
  readonly se: number;
  readonly df: number;
  readonly ci: readonly [number, number];
  readonly p: number;
}

export interface TwoSampleOptions {
  readonly alpha: number;
  readonly alternative?: Alternative;
  /** Student's test: one variance for both arms. Default false (Welch). */
  readonly equalVariances?: boolean;
}

/** treatment − control. */
export function differenceOfMeans(
  control: Moments,
  treatment: Moments,
  options: TwoSampleOptions,
): TwoSample | NotEstimable {
  const refusal = refused(control, treatment);
  if (refusal !== null) return refusal;
  const { se, df } = errorOf(control, treatment, options.equalVariances ?? false);
  return sided(treatment.mean - control.mean, se, df, options);
}

/**
 * (treatment − control) / |control| by the delta method:
 * Var = s²_b / (n_b a²) + s²_a b² / (n_a a⁴), with Welch's degrees of freedom of the absolute difference.
 */
export function relativeDifference(
  control: Moments,
  treatment: Moments,
  options: TwoSampleOptions,
): TwoSample | NotEstimable {
  const refusal = refused(control, treatment);
  if (refusal !== null) return refusal;
  if (control.mean === 0) return notEstimable("the control's value is 0: nothing can be relative to it");
  const { df } = errorOf(control, treatment, options.equalVariances ?? false);
  return sided(
    (treatment.mean - control.mean) / Math.abs(control.mean),
    Math.sqrt(liftVariance(control, treatment)),
    df,
    options,
  );
}

/** Variance of b / a for independent means a and b (delta method). */
export function liftVariance(control: Moments, treatment: Moments): number {
  return (
    treatment.variance / treatment.n / control.mean ** 2 +
    ((control.variance / control.n) * treatment.mean ** 2) / control.mean ** 4
  );
}

/** treatment / control − 1 with the interval of ln(b / a) carried back. Both means must be above 0. */
export function ratioOfMeans(
  control: Moments,
  treatment: Moments,
  options: TwoSampleOptions,
): TwoSample | NotEstimable {
  const refusal = refused(control, treatment);
  if (refusal !== null) return refusal;
  if (!(control.mean > 0) || !(treatment.mean > 0))
    return notEstimable(
      `values of ${control.mean} and ${treatment.mean}: both must be above 0 for a logarithm`,
    );
  const onLogs = (arm: Moments): Moments => ({ ...arm, variance: arm.variance / arm.mean ** 2 });
  const { se, df } = errorOf(onLogs(control), onLogs(treatment), options.equalVariances ?? false);
  const logs = sided(Math.log(treatment.mean / control.mean), se, df, options);
  return { ...logs, effect: Math.expm1(logs.effect), ci: [Math.expm1(logs.ci[0]), Math.expm1(logs.ci[1])] };
}

/** Interval and p of an effect whose error follows t with `df` degrees of freedom (Infinity: normal). */
export function sided(effect: number, se: number, df: number, options: TwoSampleOptions): TwoSample {
  const { alpha, alternative = 'two-sided' } = options;
  const statistic = effect / se;
  const base = { kind: 'estimated', effect, se, df } as const;
  if (alternative === 'two-sided') {
    const reach = tQuantile(alpha / 2, df, 'upper') * se;
    return { ...base, ci: [effect - reach, effect + reach], p: 2 * tSurvival(Math.abs(statistic), df) };
  }
  const reach = tQuantile(alpha, df, 'upper') * se;
  return alternative === 'greater'
    ? { ...base, ci: [effect - reach, Infinity], p: tSurvival(statistic, df) }
    : { ...base, ci: [-Infinity, effect + reach], p: tSurvival(-statistic, df) };
}

function refused(control: Moments, treatment: Moments): NotEstimable | null {
  if (control.n < 2 || treatment.n < 2)
    return notEstimable(`visitors by arm: ${control.n} and ${treatment.n}, at least 2 in each are needed`);
  if (![control, treatment].every(({ mean, variance }) => Number.isFinite(mean) && Number.isFinite(variance)))
    return notEstimable('a value is not a finite number');
  const size = Math.max(Math.abs(control.mean), Math.abs(treatment.mean));
  const se = Math.sqrt(control.variance / control.n + treatment.variance / treatment.n);
  if (isNoSpread(se, size))
    return notEstimable('all visitors of each arm have the same value: there is no spread');
  return null;
}

function errorOf(control: Moments, treatment: Moments, equalVariances: boolean): { se: number; df: number } {
  if (equalVariances) {
    const df = control.n + treatment.n - 2;
    const pooled = ((control.n - 1) * control.variance + (treatment.n - 1) * treatment.variance) / df;
    return { se: Math.sqrt(pooled * (1 / control.n + 1 / treatment.n)), df };
  }
  const a = control.variance / control.n;
  const b = treatment.variance / treatment.n;
  return {
    se: Math.sqrt(a + b),
    df: (a + b) ** 2 / (a ** 2 / (control.n - 1) + b ** 2 / (treatment.n - 1)),
  };
}
