// Test martingales that mix over all effects: sum s and variance v of what was seen so far give ln of an e-value, and
// a bound crossed with probability at most α at any time (Howard, Ramdas, McAuliffe and Sekhon, arXiv 1810.08240).
// The two-sided normal mixture is the mSPRT (Robbins 1970; Johari et al. 2017). Tuned to be tightest at v = `tunedFor`.

import { normalSurvival } from './distributions.ts';
import { incompleteBeta, incompleteGamma, lnGamma } from './special.ts';

/** ln of the mixture at sum s and variance v; above ln(1/α) it rejects. */
export type LogMixture = (s: number, v: number) => number;

/** The mixture's own variance r at which the bound is tightest at v: v / (2 ln(1/α) + ln(1 + 2 ln(1/α))). */
export function bestRho(v: number, alpha: number): number {
  const tail = 2 * Math.log(1 / alpha);
  return v / (tail + Math.log1p(tail));
}

/** ½ ln(r/(r + v)) + s²/(2(r + v)). */
export function normalMixture(tunedFor: number, alphaTuned: number): LogMixture {
  const r = bestRho(tunedFor, alphaTuned);
  return (s, v) => Math.log(r / (r + v)) / 2 + s ** 2 / (2 * (r + v));
}

/** Only s > 0 counts: ½ ln(4r/(r + v)) + s²/(2(r + v)) + ln Φ(s/√(r + v)). */
export function oneSidedNormalMixture(tunedFor: number, alphaTuned: number): LogMixture {
  const r = bestRho(tunedFor, 2 * alphaTuned);
  return (s, v) =>
    Math.log((4 * r) / (r + v)) / 2 +
    s ** 2 / (2 * (r + v)) +
    Math.log(normalSurvival(-s / Math.sqrt(r + v)));
}

/**
 * For steps in [−g, h], which is exact for counts: a beta mixture over the tilt p of the two-point law on {−g, h}.
 * One-sided mixes only over p > g/(g + h), that is over sums above 0.
 */
export function betaBinomialMixture(
  g: number,
  h: number,
  tunedFor: number,
  alphaTuned: number,
  oneSided: boolean,
): LogMixture {
  const r = Math.max(bestRho(tunedFor, oneSided ? 2 * alphaTuned : alphaTuned) - g * h, 1e-3 * g * h);
  const reach = g + h;
  // p ~ B(a, b) on (g/(g + h), 1] or (0, 1]; in q = 1 − p, on [0, h/(g + h)).
  const logMass = (a: number, b: number): number => {
    const whole = lnGamma(a) + lnGamma(b) - lnGamma(a + b);
    return oneSided ? whole + Math.log(incompleteBeta(b, a, h / reach, g / reach).lower) : whole;
  };
  const normaliser = logMass(r / (h * reach), r / (g * reach));
  return (s, v) => {
    const up = (v + h * s) / (h * reach);
    const down = (v - g * s) / (g * reach);
    return (
      (v / (g * h)) * Math.log(reach) -
      up * Math.log(g) -
      down * Math.log(h) +
      logMass(up + r / (h * reach), down + r / (g * reach)) -
      normaliser
    );
  };
}

/** For sums with exponential right tails of scale c: a gamma mixture over λ ∈ [0, 1/c) (their Proposition 9). */
export function gammaExponentialMixture(c: number, tunedFor: number, alphaTuned: number): LogMixture {
  const r = bestRho(tunedFor, 2 * alphaTuned);
  const logLower = (shape: number, x: number): number =>
    lnGamma(shape) + Math.log(incompleteGamma(shape, x).lower);
  const shape = r / c ** 2;
  const normaliser = shape * Math.log(shape) - logLower(shape, shape);
  return (s, v) => {
    const place = (c * s + v + r) / c ** 2;
    const grown = (v + r) / c ** 2;
    return normaliser + logLower(grown, place) - grown * Math.log(place) + (c * s + v) / c ** 2;
  };
}

/** The sum s > 0 at which a mixture reaches ln(1/α) at variance v. */
export function mixtureBound(mixture: LogMixture, v: number, alpha: number): number {
  const target = Math.log(1 / alpha);
  let high = Math.sqrt(v) + 1;
  while (mixture(high, v) < target) high *= 2;
  let low = 0;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (mixture(middle, v) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export interface Stitching {
  /** Variance from which the bound is to hold. */
  readonly from: number;
  /** Scale of the exponential tail; 0 for sub-Gaussian sums. */
  readonly c: number;
  /** How fast the error is spent: Σ k^−s. Default 1.4. */
  readonly s?: number;
  /** Ratio of the epochs that are stitched. Default 2. */
  readonly eta?: number;
}

/**
 * The polynomial stitched bound (their Theorem 1): √(k₁² v ℓ + k₂² c² ℓ²) + k₂ c ℓ with
 * ℓ(v) = s ln ln(η v / m) + ln(ζ(s) / (α ln^s η)); closed and of the order of the law of the iterated logarithm.
 */
export function stitchedBound(v: number, alpha: number, { from, c, s = 1.4, eta = 2 }: Stitching): number {
  const seen = Math.max(v, from);
  const l = s * Math.log(Math.log((eta * seen) / from)) + Math.log(zeta(s) / (alpha * Math.log(eta) ** s));
  const first = (eta ** 0.25 + eta ** -0.25) / Math.SQRT2;
  const second = (Math.sqrt(eta) + 1) / 2;
  return Math.sqrt(first ** 2 * seen * l + (second * c * l) ** 2) + second * c * l;
}

/** Riemann's ζ(s), s > 1, by Euler and Maclaurin after 20 terms. */
function zeta(s: number): number {
  const n = 20;
  let sum = 0;
  for (let k = 1; k < n; k++) sum += k ** -s;
  const tail = n ** (1 - s) / (s - 1) + n ** -s / 2 + (s * n ** (-s - 1)) / 12;
  const next = (s * (s + 1) * (s + 2) * n ** (-s - 3)) / 720;
  return sum + tail - next;
}
