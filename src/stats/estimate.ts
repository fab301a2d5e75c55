// What a test answers: an effect with its uncertainty, or the reason why there is none. There is no third
// answer, and never p = 1 for something that could not be computed.

import { tQuantile, tSurvival } from './distributions.ts';

export interface Estimated {
  readonly kind: 'estimated';
  /** treatment − control, in the metric's unit. */
  readonly effect: number;
  readonly se: number;
  readonly df: number;
  /** Two-sided 1 − α interval. */
  readonly ci: readonly [number, number];
  /** Two-sided. */
  readonly p: number;
  readonly method: string;
}

export interface NotEstimable {
  readonly kind: 'not-estimable';
  readonly reason: string;
}

export type Estimate = Estimated | NotEstimable;

/** An answer that there is none. */
export function notEstimable(reason: string): NotEstimable {
  return { kind: 'not-estimable', reason };
}

/** The estimate of an effect whose error follows t: interval and two-sided p. */
export function estimateFromT(values: {
  effect: number;
  se: number;
  df: number;
  alpha: number;
  method: string;
}): Estimated {
  const { effect, se, df, alpha, method } = values;
  return {
    kind: 'estimated',
    effect,
    se,
    df,
    ci: intervalFromT(effect, se, df, alpha),
    p: 2 * tSurvival(Math.abs(effect) / se, df),
    method,
  };
}

/** effect ± t(1 − α/2, df) × se. */
export function intervalFromT(
  effect: number,
  se: number,
  df: number,
  alpha: number,
): readonly [number, number] {
  const reach = tQuantile(1 - alpha / 2, df) * se;
  return [effect - reach, effect + reach];
}

/**
 * Whether a standard error is nothing but rounding beside numbers of this size. Then all values are equal and
 * there is no spread to judge an effect by.
 */
export function isNoSpread(se: number, size: number): boolean {
  return !(se > 1e-12 * size);
}
