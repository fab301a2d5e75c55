// Bayesian readings of an effect: a normal prior on the effect and a normal likelihood, or beta priors on two shares.
// They answer "how probable is it that the arm is better, and what do I lose if I am wrong?".

import { normalCdf, normalDensity, normalQuantile } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import type { Proportion } from './proportions.ts';
import { incompleteBeta, lnGamma } from './special.ts';

export interface NormalPrior {
  readonly mean: number;
  readonly variance: number;
}

export interface Posterior {
  readonly kind: 'estimated';
  readonly mean: number;
  readonly sd: number;
  /** Central 1 − α credible interval. */
  readonly ci: readonly [number, number];
  /** P(effect > 0). */
  readonly better: number;
  /** Expected loss of keeping the control, and of taking the treatment, in the unit of the effect. */
  readonly loss: readonly [number, number];
}

/** Precision 1/se² + 1/τ², mean (effect/se² + μ/τ²)/precision. Without a prior it is flat. */
export function posteriorOf(
  effect: number,
  se: number,
  alpha: number,
  prior: NormalPrior | null = null,
): Posterior | NotEstimable {
  if (!(se > 0) || !Number.isFinite(effect)) return notEstimable('there is no spread to judge the effect by');
  if (prior !== null && !(prior.variance > 0)) return notEstimable('the prior has no variance');
  const precision = 1 / se ** 2 + (prior === null ? 0 : 1 / prior.variance);
  const mean = (effect / se ** 2 + (prior === null ? 0 : prior.mean / prior.variance)) / precision;
  const sd = 1 / Math.sqrt(precision);
  const reach = normalQuantile(alpha / 2, 'upper') * sd;
  return {
    kind: 'estimated',
    mean,
    sd,
    ci: [mean - reach, mean + reach],
    better: normalCdf(mean / sd),
    loss: expectedLoss(mean, sd),
  };
}

/** E[max(δ, 0)] and E[max(−δ, 0)] of a normal δ: μ Φ(z) + σ φ(z) and σ φ(z) − μ Φ(−z), z = μ/σ. */
export function expectedLoss(mean: number, sd: number): readonly [number, number] {
  const z = mean / sd;
  return [mean * normalCdf(z) + sd * normalDensity(z), sd * normalDensity(z) - mean * normalCdf(-z)];
}

/**
 * P(treatment's share > control's) under independent beta(prior, prior) priors, by Gauss and Legendre over the control's
 * posterior; exact to about 1e-10.
 */
export function probabilityOfLargerShare(control: Proportion, treatment: Proportion, prior = 1): number {
  const [a, b] = [control.successes + prior, control.n - control.successes + prior];
  const [c, d] = [treatment.successes + prior, treatment.n - treatment.successes + prior];
  const logScale = lnGamma(a + b) - lnGamma(a) - lnGamma(b);
  // Where the control's posterior has nearly all its mass: twelve standard deviations about its mean.
  const mean = a / (a + b);
  const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
  const [low, high] = [Math.max(0, mean - 12 * sd), Math.min(1, mean + 12 * sd)];
  const panels = 200;
  const width = (high - low) / panels;
  let total = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (const [node, weight] of gauss5) {
      const x = low + (panel + (node + 1) / 2) * width;
      const density = Math.exp(logScale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
      total += (weight / 2) * width * density * incompleteBeta(c, d, x, 1 - x).upper;
    }
  }
  return Math.min(1, total);
}

/** Nodes and weights of Gauss and Legendre with 5 points on [−1, 1]. */
const gauss5: readonly (readonly [number, number])[] = [
  [0, 0.5688888888888889],
  [0.5384693101056831, 0.4786286704993665],
  [-0.5384693101056831, 0.4786286704993665],
  [0.906179845938664, 0.2369268850561891],
  [-0.906179845938664, 0.2369268850561891],
];

/**
 * A normal prior fitted to effects of earlier experiments, each with its standard error: mean and variance between
 * experiments by restricted maximum likelihood (Viechtbauer 2005), which takes the noise of each out.
 */
export function fittedPrior(
  effects: readonly { readonly effect: number; readonly se: number }[],
): (NormalPrior & { readonly kind: 'estimated' }) | NotEstimable {
  const usable = effects.filter(({ effect, se }) => Number.isFinite(effect) && se > 0);
  if (usable.length < 3)
    return notEstimable(`experiments with an effect: ${usable.length}, at least 3 are needed`);
  const at = (variance: number): { mean: number; slope: number } => {
    let [weights, sum, squares] = [0, 0, 0];
    for (const { effect, se } of usable) {
      const weight = 1 / (se ** 2 + variance);
      weights += weight;
      sum += weight * effect;
      squares += weight ** 2;
    }
    const mean = sum / weights;
    // Derivative of the restricted log likelihood in the variance.
    let slope = -weights / 2 + squares / (2 * weights);
    for (const { effect, se } of usable) {
      const weight = 1 / (se ** 2 + variance);
      slope += (weight * (effect - mean)) ** 2 / 2;
    }
    return { mean, slope };
  };
  if (at(0).slope <= 0)
    return notEstimable(
      'the effects differ by no more than their own errors: no variance between experiments',
    );
  let high = 1e-12;
  while (at(high).slope > 0 && high < 1e12) high *= 4;
  let low = 0;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (at(middle).slope > 0) low = middle;
    else high = middle;
  }
  return { kind: 'estimated', mean: at(high).mean, variance: (low + high) / 2 };
}
