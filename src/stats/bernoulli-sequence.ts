// Always-valid inference for yes-or-no outcomes of visitors: an interval for a share, and a test whether two arms have
// the same quantile. Both by the two-sided beta-binomial mixture, which needs no large numbers of visitors.

import { betaBinomialMixture } from './mixtures.ts';

export interface BernoulliOptions {
  readonly alpha: number;
  /** Number of visitors at which the interval is to be tightest. */
  readonly tunedFor: number;
  /** The level it is tuned at. Default 0.05. */
  readonly alphaTuned?: number;
}

/** All shares p that the mixture does not reject at ln(1/α), after `successes` of `n`. Covers at all n together. */
export function bernoulliInterval(
  successes: number,
  n: number,
  { alpha, tunedFor, alphaTuned = 0.05 }: BernoulliOptions,
): readonly [number, number] {
  const share = successes / n;
  const isRejected = (p: number): boolean =>
    shareMixture(p, tunedFor, alphaTuned)(successes, n) >= Math.log(1 / alpha);
  const bound = (inside: number, outside: number): number => {
    if (!isRejected(outside)) return Math.round(outside);
    let [kept, gone] = [inside, outside];
    for (let step = 0; step < 100; step++) {
      const middle = (kept + gone) / 2;
      if (isRejected(middle)) gone = middle;
      else kept = middle;
    }
    return (kept + gone) / 2;
  };
  const edge = 1e-9;
  const inside = Math.min(1 - edge, Math.max(edge, share));
  return [bound(inside, edge), bound(inside, 1 - edge)];
}

/**
 * Always-valid p for "both arms have the same `quantile`" (Howard and Ramdas, arXiv 1906.09712): at every candidate
 * place the arms' counts below it are Bernoulli, the e-values multiply, and the least of them over all places counts.
 */
export function sequentialQuantileTest(
  control: readonly number[],
  treatment: readonly number[],
  quantile: number,
  { tunedFor, alphaTuned = 0.05 }: Omit<BernoulliOptions, 'alpha'>,
): number {
  const mixture = shareMixture(quantile, tunedFor, alphaTuned);
  const places = [...new Set([...control, ...treatment])].sort((a, b) => a - b);
  const arms = [control, treatment].map((values) => [...values].sort((a, b) => a - b));
  /** Least ln e of an arm for a quantile at `place`: its count below may be anything from < to ≤. */
  const least = (values: readonly number[], place: number): number => {
    const expected = quantile * values.length;
    const [below, upTo] = [countBelow(values, place, false), countBelow(values, place, true)];
    return mixture(Math.min(upTo, Math.max(below, expected)), values.length);
  };
  let smallest = Infinity;
  for (const place of places) smallest = Math.min(smallest, least(arms[0]!, place) + least(arms[1]!, place));
  return Math.min(1, Math.exp(-smallest));
}

/** ln of the mixture for "the share is p", as a function of successes and visitors. */
function shareMixture(
  p: number,
  tunedFor: number,
  alphaTuned: number,
): (successes: number, n: number) => number {
  const variance = p * (1 - p);
  const mixture = betaBinomialMixture(p, 1 - p, tunedFor * variance, alphaTuned, false);
  return (successes, n) => mixture(successes - n * p, n * variance);
}

function countBelow(sorted: readonly number[], place: number, including: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < place || (including && sorted[middle] === place)) low = middle + 1;
    else high = middle;
  }
  return low;
}
