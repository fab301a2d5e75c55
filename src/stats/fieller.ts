// Fieller's interval (1954) for a quotient of two estimates that may be correlated: exact where the delta method's
// symmetric one fails, that is, where the denominator is not far from 0 in units of its own error.

import { tQuantile } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';

export interface Quotient {
  readonly numerator: number;
  readonly denominator: number;
  /** Variances of the two estimates and their covariance. */
  readonly numeratorVariance: number;
  readonly denominatorVariance: number;
  readonly covariance: number;
  readonly df: number;
}

/** The values q with |N − qD| ≤ t · se(N − qD); not estimable where the denominator cannot be told from 0. */
export function fieller(quotient: Quotient, alpha: number): { ci: readonly [number, number] } | NotEstimable {
  const { numerator, denominator, numeratorVariance, denominatorVariance, covariance, df } = quotient;
  const t = tQuantile(alpha / 2, df, 'upper');
  const a = denominator ** 2 - t ** 2 * denominatorVariance;
  if (!(a > 0)) return notEstimable('the denominator cannot be told from 0: the interval is unbounded');
  const b = numerator * denominator - t ** 2 * covariance;
  const c = numerator ** 2 - t ** 2 * numeratorVariance;
  const root = Math.sqrt(Math.max(0, b ** 2 - a * c));
  return { ci: [(b - root) / a, (b + root) / a] };
}
