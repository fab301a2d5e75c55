// The normal, t, chi-square, gamma and binomial distributions: cdf, survival (1 − cdf without the
// subtraction) and quantile.
// Quantiles are found in logarithms of tail and place, so 1e-300 is as exact as 0.3. No random numbers here.

import { incompleteBeta, incompleteGamma, logBetaTerm, logGammaTerm } from './special.ts';

/** P(Z ≤ z), Z standard normal. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

/** P(Z > z). */
export function normalSurvival(z: number): number {
  const tails = incompleteGamma(0.5, (z * z) / 2);
  return z > 0 ? 0.5 * tails.upper : 0.5 + 0.5 * tails.lower;
}

/** z with P(Z ≤ z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  requireProbability(p);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const place = placeOfTail(
    tail,
    (z) => ({
      logTail: Math.log(normalSurvival(z)),
      // z φ(z) = 2 × the gamma term of z²/2, halved for one tail
      logSlope: logGammaTerm(0.5, (z * z) / 2),
    }),
    'upper',
  );
  return p < 0.5 ? -place : place;
}

/** P(T ≤ t) with `df` > 0 degrees of freedom (need not be whole). */
export function tCdf(t: number, df: number): number {
  return tSurvival(-t, df);
}

/** P(T > t). */
export function tSurvival(t: number, df: number): number {
  const { x, y } = betaPlace(t, df);
  const tails = incompleteBeta(df / 2, 0.5, x, y);
  return t > 0 ? 0.5 * tails.lower : 0.5 + 0.5 * tails.upper;
}

/** t with P(T ≤ t) = p, 0 < p < 1. */
export function tQuantile(p: number, df: number): number {
  requireProbability(p);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const place = placeOfTail(
    tail,
    (t) => {
      const { x, y } = betaPlace(t, df);
      return { logTail: Math.log(tSurvival(t, df)), logSlope: logBetaTerm(df / 2, 0.5, x, y) };
    },
    'upper',
  );
  return p < 0.5 ? -place : place;
}

/** P(X ≤ x), X chi-square with `df` > 0. */
export function chiSquareCdf(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).lower;
}

/** P(X > x). */
export function chiSquareSurvival(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).upper;
}

/** x with P(X ≤ x) = p, 0 < p < 1; 0 where x is smaller than any number. */
export function chiSquareQuantile(p: number, df: number): number {
  return 2 * gammaQuantile(p, df / 2);
}

/** x with P(a, x) = p: quantile of the gamma distribution with this shape and rate 1. */
export function gammaQuantile(p: number, shape: number): number {
  requireProbability(p);
  const side = p < 0.5 ? 'lower' : 'upper';
  return placeOfTail(
    side === 'lower' ? p : 1 - p,
    (x) => ({
      logTail: Math.log(incompleteGamma(shape, x)[side]),
      logSlope: logGammaTerm(shape, x),
    }),
    side,
  );
}

/** P(X > count), X binomial: `trials` draws at this chance. */
export function binomialSurvival(count: number, trials: number, chance: number): number {
  if (count < 0) return 1;
  if (count >= trials) return 0;
  return incompleteBeta(count + 1, trials - count, chance, 1 - chance).lower;
}

/** x = df / (df + t²) and y = 1 − x, neither rounded to 0 or 1 before it must be. */
function betaPlace(t: number, df: number): { x: number; y: number } {
  const ratio = (t / df) * t;
  return ratio === Infinity ? { x: 0, y: 1 } : { x: 1 / (1 + ratio), y: ratio / (1 + ratio) };
}

/** ln of a tail at x > 0, and ln of x × density there. */
interface TailAt {
  readonly logTail: number;
  readonly logSlope: number;
}

/** The x > 0 whose tail is `tail`: Newton's method in ln x and ln tail, kept inside a bracket by bisection. */
function placeOfTail(tail: number, at: (x: number) => TailAt, side: 'lower' | 'upper'): number {
  const sign = side === 'lower' ? 1 : -1;
  const target = Math.log(tail);
  const excess = (logPlace: number): number => sign * (at(Math.exp(logPlace)).logTail - target);

  let low = -1;
  let high = 1;
  while (excess(low) > 0) {
    if (low < -800) return 0;
    low *= 2;
  }
  while (excess(high) < 0) high = Math.min(2 * high, 709);

  let place = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const { logTail, logSlope } = at(Math.exp(place));
    const difference = sign * (logTail - target);
    if (difference > 0) high = place;
    else low = place;
    const newton = place - difference / Math.exp(logSlope - logTail);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - place) <= 4e-16 * Math.max(1, Math.abs(place)) || high - low <= 1e-16)
      return Math.exp(next);
    place = next;
  }
  return Math.exp(place);
}

function requireProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile needs a probability between 0 and 1, got ${p}.`);
}
