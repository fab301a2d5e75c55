// How many visitors an answer needs. The normal approximation on the observed spread; a plan, not a promise:
// the observed effect is itself uncertain.

import { normalQuantile } from './distributions.ts';
import type { Estimate } from './estimate.ts';

/**
 * Visitors needed in all to find an effect as large as the observed one with this power in a two-sided test at α, if
 * the standard error shrinks as 1/√n from the `n` visitors of the estimate. Null without an estimate or an effect.
 */
export function visitorsNeeded(estimate: Estimate, n: number, alpha: number, power = 0.8): number | null {
  if (estimate.kind === 'not-estimable' || estimate.effect === 0) return null;
  const distance = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  return Math.ceil(n * (distance * (estimate.se / estimate.effect)) ** 2);
}
