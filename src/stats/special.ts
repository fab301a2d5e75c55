// The special functions under the distributions: ln Γ and the regularised incomplete gamma and beta functions,
// accurate to about 1e-12 relative also where the answer is 1e-300. Powers and factorials are combined before
// they are exponentiated (as in C. Loader, "Fast and accurate computation of binomial probabilities", 2000).

const HALF_LOG_TWO_PI = 0.9189385332046727;
const TINY = 1e-300;
const MOST_TERMS = 100_000;

/** ln Γ(a) for a > 0. */
export function lnGamma(a: number): number {
  requirePositive(a, 'lnGamma');
  return (a - 0.5) * Math.log(a) - a + HALF_LOG_TWO_PI + stirlingCorrection(a);
}

/** ln of x^a e^−x / Γ(a), for a > 0 and x > 0. */
export function logGammaTerm(a: number, x: number): number {
  return (
    a * logarithmOfRatio(x / a, (x - a) / a) + 0.5 * Math.log(a) - HALF_LOG_TWO_PI - stirlingCorrection(a)
  );
}

/** ln of x^a y^b / B(a, b) where y = 1 − x is given apart, so that neither loses digits. */
export function logBetaTerm(a: number, b: number, x: number, y: number): number {
  const surplus = b * x - a * y;
  return (
    a * logarithmOfRatio(x * (1 + b / a), surplus / a) +
    b * logarithmOfRatio(y * (1 + a / b), -surplus / b) +
    0.5 * (Math.log(a) - Math.log1p(a / b)) -
    HALF_LOG_TWO_PI +
    stirlingCorrection(a + b) -
    stirlingCorrection(a) -
    stirlingCorrection(b)
  );
}

/** P(a, x) and Q(a, x) = 1 − P, each computed without subtracting where it is small; a > 0, x ≥ 0. */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  requirePositive(a, 'incompleteGamma');
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const term = Math.exp(logGammaTerm(a, x));
  if (x < a + 1) {
    const lower = term * gammaSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = term * gammaFraction(a, x);
  return { lower: 1 - upper, upper };
}

/** I_x(a, b) and its complement I_y(b, a), y = 1 − x given apart; a, b > 0. */
export function incompleteBeta(a: number, b: number, x: number, y: number): { lower: number; upper: number } {
  requirePositive(a, 'incompleteBeta');
  requirePositive(b, 'incompleteBeta');
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  const term = Math.exp(logBetaTerm(a, b, x, y));
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (term * betaFraction(a, b, x)) / a;
    return { lower, upper: 1 - lower };
  }
  const upper = (term * betaFraction(b, a, y)) / b;
  return { lower: 1 - upper, upper };
}

/** ln Γ(a) less Stirling's formula: an asymptotic series from 16 on, the recurrence of Γ below. */
function stirlingCorrection(a: number): number {
  let correction = 0;
  let shifted = a;
  while (shifted < 16) {
    correction += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  // Bernoulli numbers B_2k / (2k (2k − 1)).
  const series =
    1 / 12 -
    square *
      (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360)))));
  return correction + inverse * series;
}

/** ln r − (r − 1), with `less` = r − 1 given apart: near 1 by the series of artanh(less / (2 + less)), which cancels nothing. */
function logarithmOfRatio(ratio: number, less: number): number {
  if (ratio < 0.6 || ratio > 1.7) return Math.log(ratio) - less;
  const half = less / (2 + less);
  const square = half * half;
  let sum = 0;
  let power = 1;
  for (let odd = 3; power > 1e-18; odd += 2) {
    sum += power / odd;
    power *= square;
  }
  return half * (2 * square * sum - less);
}

/** Σ x^n / (a (a+1) … (a+n)). */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MOST_TERMS; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * 1e-17) return sum;
  }
  throw new RangeError(`The series of P(${a}, ${x}) did not converge.`);
}

/** Γ(a, x) e^x x^−a by Lentz's continued fraction. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) return value;
  }
  throw new RangeError(`The continued fraction of Q(${a}, ${x}) did not converge.`);
}

/** a I_x(a, b) B(a, b) / (x^a y^b) by Lentz's continued fraction. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const even = (n * (b - n) * x) / ((a + 2 * n - 1) * (a + 2 * n));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + n) * (a + b + n) * x) / ((a + 2 * n) * (a + 2 * n + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) return value;
  }
  throw new RangeError(`The continued fraction of I_${x}(${a}, ${b}) did not converge.`);
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

function requirePositive(value: number, name: string): void {
  if (!(value > 0)) throw new RangeError(`${name} needs a positive parameter, got ${value}.`);
}
