// Intervals that may be looked at again and again: the asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha,
// Kennedy and Ramdas, arXiv 2103.06476), in GrowthBook's parametrisation by the sample size at which it is narrowest.
// It holds at all looks together, so a run may stop at any of them. Asymptotic: not meant for a handful of visitors.

import { normalSurvival } from './distributions.ts';
import type { Relative } from './relative.ts';
import type { Estimated } from './estimate.ts';

export interface Sequence {
  /** 1 − level of the sequence over all its looks. */
  readonly alpha: number;
  /** The number of units at which the interval is to be narrowest in relation to a fixed one. */
  readonly tunedFor: number;
}

/** ρ = √((−2 ln α + ln(1 − 2 ln α)) / N*). */
function rhoOf({ alpha, tunedFor }: Sequence): number {
  const tail = -2 * Math.log(alpha);
  return Math.sqrt((tail + Math.log(tail + 1)) / tunedFor);
}

/** What the standard error is multiplied with at `n` units: √n √(2 (nρ² + 1) / (nρ)² · ln(√(nρ² + 1) / α)). */
export function sequenceReach(n: number, sequence: Sequence): number {
  const rho = rhoOf(sequence);
  const grown = n * rho ** 2 + 1;
  return Math.sqrt(n * ((2 * grown) / (n * rho) ** 2) * Math.log(Math.sqrt(grown) / sequence.alpha));
}

/** The same on one side only: √n √(2 (nρ² + 1) / (nρ)² · ln(1 + √(nρ² + 1) / (2α))), ρ taken at 2α; for α < ½. */
export function oneSidedReach(n: number, sequence: Sequence): number {
  const rho = rhoOf({ ...sequence, alpha: 2 * sequence.alpha });
  const grown = n * rho ** 2 + 1;
  return Math.sqrt(n * ((2 * grown) / (n * rho) ** 2) * Math.log1p(Math.sqrt(grown) / (2 * sequence.alpha)));
}

/** The estimate with its interval and p from the sequence at `n` units: p = min(1, 1/E), E the mixture's e-value. */
export function anytimeEstimate(estimate: Estimated, n: number, sequence: Sequence): Estimated {
  const reach = sequenceReach(n, sequence) * estimate.se;
  const rho = rhoOf(sequence);
  const grown = n * rho ** 2 + 1;
  const logE = (rho ** 2 * n * (estimate.effect / estimate.se) ** 2) / (2 * grown) - Math.log(grown) / 2;
  return {
    ...estimate,
    ci: [estimate.effect - reach, estimate.effect + reach],
    p: Math.min(1, Math.exp(-logE)),
    method: `${estimate.method}, confidence sequence`,
  };
}

/** The relative effect's interval from the sequence, made on the logarithm as the fixed one is. */
export function anytimeRelativeInterval(
  relative: Relative,
  n: number,
  sequence: Sequence,
): readonly [number, number] {
  const reach = sequenceReach(n, sequence) * relative.se;
  return [Math.expm1(relative.logRatio - reach), Math.expm1(relative.logRatio + reach)];
}

/**
 * Probability that the sequence's interval at `planned` units will exclude 0, given the estimate at `n` units and a true
 * effect from now on: the final estimate is normal around (n · effect + (planned − n) · assumed) / planned.
 */
export function conditionalPower(
  estimate: Estimated,
  n: number,
  planned: number,
  assumed: number,
  sequence: Sequence,
): number {
  const spread = estimate.se * Math.sqrt(n);
  const left = planned - n;
  const mean = (n * estimate.effect + left * assumed) / planned;
  const reach = (sequenceReach(planned, sequence) * spread) / Math.sqrt(planned);
  if (left <= 0) return Math.abs(mean) > reach ? 1 : 0;
  const sd = (spread * Math.sqrt(left)) / planned;
  return normalSurvival((reach - mean) / sd) + normalSurvival((reach + mean) / sd);
}
