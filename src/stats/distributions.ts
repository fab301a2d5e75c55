// The normal, t, chi-square, gamma, beta, F and binomial distributions: cdf, survival (1 − cdf without the subtraction)
// and quantile. Quantiles take the probability of the lower tail, or of the upper one where `side` says so: 1 − 1e-20
// is no number, an upper tail of 1e-20 is one. Parameters need not be whole. No random numbers here.

import { placeOfTail } from './place-of-tail.ts';
import { incompleteBeta, incompleteGamma, logBetaTerm, logGammaTerm } from './special.ts';

/** Which tail a quantile's probability is in. */
export type Side = 'lower' | 'upper';

/** Above this many degrees of freedom t is computed from the normal: the fraction for the beta function gets long. */
const MOST_T_DF = 1e6;

/** P(Z ≤ z), Z standard normal. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

/** P(Z > z). */
export function normalSurvival(z: number): number {
  const tails = incompleteGamma(0.5, (z * z) / 2);
  return z > 0 ? 0.5 * tails.upper : 0.5 + 0.5 * tails.lower;
}

/** The standard normal density. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** z with P(Z ≤ z) = p, 0 < p < 1; with `side` 'upper', P(Z > z) = p. */
export function normalQuantile(p: number, side: Side = 'lower'): number {
  requireProbability(p);
  if (side === 'upper') return -normalQuantile(p);
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

/** P(T ≤ t) with `df` > 0 degrees of freedom; Infinity means normal. */
export function tCdf(t: number, df: number): number {
  return tSurvival(-t, df);
}

/** P(T > t). */
export function tSurvival(t: number, df: number): number {
  if (df > MOST_T_DF) return normalSurvival(normalOfT(t, df));
  const { x, y } = betaPlace(t, df);
  const tails = incompleteBeta(df / 2, 0.5, x, y);
  return t > 0 ? 0.5 * tails.lower : 0.5 + 0.5 * tails.upper;
}

/** t with P(T ≤ t) = p, 0 < p < 1; with `side` 'upper', P(T > t) = p. */
export function tQuantile(p: number, df: number, side: Side = 'lower'): number {
  requireProbability(p);
  if (side === 'upper') return -tQuantile(p, df);
  if (p === 0.5) return 0;
  if (df === Infinity) return normalQuantile(p);
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

/** x with P(X ≤ x) = p (or P(X > x) = p), 0 < p < 1; 0 where x is smaller than any number. */
export function chiSquareQuantile(p: number, df: number, side: Side = 'lower'): number {
  return 2 * gammaQuantile(p, df / 2, 1, side);
}

/** P(X ≤ x), X gamma with this shape and rate (not scale). */
export function gammaCdf(x: number, shape: number, rate = 1): number {
  return incompleteGamma(shape, rate * x).lower;
}

/** P(X > x). */
export function gammaSurvival(x: number, shape: number, rate = 1): number {
  return incompleteGamma(shape, rate * x).upper;
}

/** x with P(X ≤ x) = p (or P(X > x) = p), 0 < p < 1. */
export function gammaQuantile(p: number, shape: number, rate = 1, side: Side = 'lower'): number {
  requireProbability(p);
  const near = p < 0.5 ? side : otherSide(side);
  const place = placeOfTail(
    p < 0.5 ? p : 1 - p,
    (x) => ({ logTail: Math.log(incompleteGamma(shape, x)[near]), logSlope: logGammaTerm(shape, x) }),
    near,
  );
  return place / rate;
}

/** P(X ≤ x), X beta with parameters a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  return incompleteBeta(a, b, x, 1 - x).lower;
}

/** P(X > x). */
export function betaSurvival(x: number, a: number, b: number): number {
  return incompleteBeta(a, b, x, 1 - x).upper;
}

/** x with P(X ≤ x) = p (or P(X > x) = p), 0 < p < 1. */
export function betaQuantile(p: number, a: number, b: number, side: Side = 'lower'): number {
  const odds = betaOdds(p, a, b, side);
  return odds === Infinity ? 1 : odds / (1 + odds);
}

/** P(X ≤ x), X of F with these degrees of freedom. */
export function fCdf(x: number, numeratorDf: number, denominatorDf: number): number {
  return fTails(x, numeratorDf, denominatorDf).lower;
}

/** P(X > x). */
export function fSurvival(x: number, numeratorDf: number, denominatorDf: number): number {
  return fTails(x, numeratorDf, denominatorDf).upper;
}

/** x with P(X ≤ x) = p (or P(X > x) = p), 0 < p < 1. */
export function fQuantile(
  p: number,
  numeratorDf: number,
  denominatorDf: number,
  side: Side = 'lower',
): number {
  return (denominatorDf / numeratorDf) * betaOdds(p, numeratorDf / 2, denominatorDf / 2, side);
}

/** P(X > count), X binomial: `trials` draws at this chance. */
export function binomialSurvival(count: number, trials: number, chance: number): number {
  if (count < 0) return 1;
  if (count >= trials) return 0;
  return incompleteBeta(count + 1, trials - count, chance, 1 - chance).lower;
}

/** P(X ≤ count), X binomial: `trials` draws at this chance. */
export function binomialCdf(count: number, trials: number, chance: number): number {
  if (count < 0) return 0;
  if (count >= trials) return 1;
  return incompleteBeta(count + 1, trials - count, chance, 1 - chance).upper;
}

/** ln P(X = count), X binomial with 0 < chance < 1. */
export function logBinomialTerm(count: number, trials: number, chance: number): number {
  if (count === 0) return trials * Math.log1p(-chance);
  if (count === trials) return trials * Math.log(chance);
  // x^a y^b / B(a, b) at a = count, b = trials − count, times trials / (a b)
  const both = count * (trials - count);
  return logBetaTerm(count, trials - count, chance, 1 - chance) + Math.log(trials / both);
}

/** x / (1 − x) of the beta quantile x, exact near both ends. */
function betaOdds(p: number, a: number, b: number, side: Side): number {
  requireProbability(p);
  const near = p < 0.5 ? side : otherSide(side);
  return placeOfTail(
    p < 0.5 ? p : 1 - p,
    (odds) => {
      const [x, y] = [odds / (1 + odds), 1 / (1 + odds)];
      return { logTail: Math.log(incompleteBeta(a, b, x, y)[near]), logSlope: logBetaTerm(a, b, x, y) };
    },
    near,
  );
}

function fTails(x: number, numeratorDf: number, denominatorDf: number): { lower: number; upper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1 };
  const odds = (numeratorDf / denominatorDf) * x;
  if (odds === Infinity) return { lower: 1, upper: 0 };
  return incompleteBeta(numeratorDf / 2, denominatorDf / 2, odds / (1 + odds), 1 / (1 + odds));
}

/** The normal deviate with the tail of t at many degrees of freedom (Hill 1970, algorithm 395). */
function normalOfT(t: number, df: number): number {
  if (df === Infinity) return t;
  const a = df - 0.5;
  const b = 48 * a * a;
  const z = Math.sqrt(a * Math.log1p((t / df) * t));
  const cube = z ** 3;
  return Math.sign(t) * (z + (cube + 3 * z) / b);
}

/** x = df / (df + t²) and y = 1 − x, neither rounded to 0 or 1 before it must be. */
function betaPlace(t: number, df: number): { x: number; y: number } {
  const ratio = (t / df) * t;
  return ratio === Infinity ? { x: 0, y: 1 } : { x: 1 / (1 + ratio), y: ratio / (1 + ratio) };
}

function requireProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile needs a probability between 0 and 1, got ${p}.`);
}

function otherSide(side: Side): Side {
  return side === 'lower' ? 'upper' : 'lower';
}
