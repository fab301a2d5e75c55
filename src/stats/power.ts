// How many visitors an answer needs, and what a number of visitors can see. A plan on a guess or on the observed
// spread, not a promise: the observed effect is itself uncertain.

import { normalCdf, normalQuantile, normalSurvival, tQuantile } from './distributions.ts';
import type { Estimate } from './estimate.ts';
import { noncentralTSurvival } from './noncentral-t.ts';
import type { Alternative } from './two-sample.ts';

/** P(|estimate| > critical · se) for an estimate that is normal about `effect`; critical defaults to z of 5 %. */
export function normalPower(effect: number, se: number, critical = normalQuantile(0.975)): number {
  return normalSurvival(critical - effect / se) + normalCdf(-critical - effect / se);
}

/** Power of a t test: `effectSize` in standard deviations; one sample (or pairs) of n, or two samples of n and m. */
export function tPower(
  effectSize: number,
  { n, m }: { readonly n: number; readonly m?: number | undefined },
  alpha: number,
  alternative: Alternative = 'two-sided',
): number {
  const df = m === undefined ? n - 1 : n + m - 2;
  const noncentrality = effectSize * Math.sqrt(m === undefined ? n : (n * m) / (n + m));
  const upper = (tail: number, shift: number): number =>
    noncentralTSurvival(tQuantile(tail, df, 'upper'), df, shift);
  switch (alternative) {
    case 'two-sided':
      return upper(alpha / 2, noncentrality) + upper(alpha / 2, -noncentrality);
    case 'greater':
      return upper(alpha, noncentrality);
    case 'less':
      return upper(alpha, -noncentrality);
    default:
      return alternative satisfies never;
  }
}

/** Power of the z test of two samples: `effectSize` is Cohen's h for proportions, or standard deviations. */
export function zPower(
  effectSize: number,
  { n, m }: { readonly n: number; readonly m: number },
  alpha: number,
  alternative: Alternative = 'two-sided',
): number {
  const shift = effectSize * Math.sqrt((n * m) / (n + m));
  if (alternative === 'two-sided') return normalPower(shift, 1, normalQuantile(alpha / 2, 'upper'));
  return normalSurvival(normalQuantile(alpha, 'upper') - (alternative === 'greater' ? shift : -shift));
}

/** Smallest x > 0 with power(x) ≥ `power`, for a power that rises with x; null below 2^-40 or above 2^60. */
export function smallest(power: (x: number) => number, wanted: number): number | null {
  let high = 2 ** -40;
  while (power(high) < wanted) {
    high *= 2;
    if (high > 2 ** 60) return null;
  }
  let low = high / 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (power(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** Visitors in each arm to tell two proportions apart (z, unpooled), whole numbers. */
export function visitorsForProportions(
  control: number,
  treatment: number,
  alpha: number,
  power: number,
): number {
  const distance = normalQuantile(alpha / 2, 'upper') + normalQuantile(power);
  const variance = control * (1 - control) + treatment * (1 - treatment);
  return Math.ceil((distance ** 2 * variance) / (treatment - control) ** 2);
}

/**
 * Visitors needed in all to find an effect as large as the observed one with this power in a two-sided test at α, if
 * the standard error shrinks as 1/√n from the `n` visitors of the estimate. Null without an estimate or an effect.
 */
export function visitorsNeeded(estimate: Estimate, n: number, alpha: number, power = 0.8): number | null {
  if (estimate.kind === 'not-estimable' || estimate.effect === 0) return null;
  const distance = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  return Math.ceil(n * (distance * (estimate.se / estimate.effect)) ** 2);
}

/**
 * Power to find, with a posterior whose central 1 − α interval excludes 0, a true effect under a normal prior: the
 * posterior mean (d/se² + μ/τ²)/P is beyond z/√P, P = 1/se² + 1/τ².
 */
export function posteriorPower(
  effect: number,
  se: number,
  prior: { readonly mean: number; readonly variance: number },
  alpha: number,
): number {
  const reach = normalQuantile(alpha / 2, 'upper') * Math.sqrt(1 / se ** 2 + 1 / prior.variance);
  const drawn = prior.mean / prior.variance;
  return (
    normalSurvival(((reach - drawn) * se ** 2 - effect) / se) +
    normalCdf(((-reach - drawn) * se ** 2 - effect) / se)
  );
}
