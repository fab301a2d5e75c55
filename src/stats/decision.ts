// From estimates to a word: better, worse, equivalent, or cannot tell, which is a normal answer. Equivalence is
// two one-sided tests (Schuirmann 1987): the 1 − 2α interval of the relative effect lies inside ± margin. It goes
// before the sign: an effect that is sure but too small to matter counts as no difference.

import { tCdf } from './distributions.ts';
import type { Estimate, NotEstimable } from './estimate.ts';
import { relativeInterval } from './relative.ts';
import type { Relative } from './relative.ts';

export type Decision = 'better' | 'worse' | 'equivalent' | 'cannot-tell';

export interface Rule {
  readonly alpha: number;
  /** Relative effects inside ± this count as no difference. */
  readonly margin: number;
  readonly higherIsBetter: boolean;
}

/** The decision; `p` may be an adjusted one (Holm), otherwise it is the estimate's own. */
export function decide(
  estimate: Estimate,
  relative: Relative | NotEstimable,
  rule: Rule,
  p?: number,
): Decision {
  if (estimate.kind === 'not-estimable') return 'cannot-tell';
  if (relative.kind === 'estimated') {
    const [low, high] = relativeInterval(relative, 2 * rule.alpha);
    if (low > -rule.margin && high < rule.margin) return 'equivalent';
  }
  if ((p ?? estimate.p) >= rule.alpha) return 'cannot-tell';
  return estimate.effect > 0 === rule.higherIsBetter ? 'better' : 'worse';
}

/** Probability that the true effect has the sign of the estimate, from its t distribution under a flat prior. */
export function probabilityOfSign(estimate: Estimate): number | null {
  return estimate.kind === 'estimated' ? tCdf(Math.abs(estimate.effect) / estimate.se, estimate.df) : null;
}

/**
 * The smallest two-sided p that exchanging labels can give: 2 / 2ⁿ for n twins. Where it is not below α no data could
 * decide, whatever a t interval says of so few (three twins of equal sign: p ≥ 0.25).
 */
export function smallestPairedP(pairs: number): number {
  return Math.min(1, 2 ** (1 - pairs));
}

/** The same for two groups: 2 / C(a + b, a). */
export function smallestGroupedP(a: number, b: number): number {
  const ways = Array.from({ length: a }, (_, index) => (b + index + 1) / (index + 1));
  return Math.min(
    1,
    ways.reduce((p, factor) => p / factor, 2),
  );
}

/** Fewest twins by which something could be decided at this level. */
export function fewestPairs(alpha: number): number {
  let n = 2;
  while (smallestPairedP(n) >= alpha) n += 1;
  return n;
}

/** Fewest visitors in each of two groups of one size. */
export function fewestInGroup(alpha: number): number {
  let n = 2;
  while (smallestGroupedP(n, n) >= alpha) n += 1;
  return n;
}
