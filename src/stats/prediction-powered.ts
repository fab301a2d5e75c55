// The bridge to reality: a few real outcomes beside many simulated ones (prediction-powered inference, Angelopoulos et al.
// 2023, tuned as in their PPI++). Simulated outcomes F are worth what they predict of the real ones Y, and no more: with r
// their correlation, n real visitors never count for more than n/(1 − r²), however many are simulated.

import { isNoSpread, notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { meanOf, sizeOf, varianceOf } from './ratio.ts';
import { sided } from './two-sample.ts';
import type { Alternative } from './two-sample.ts';

/** Real outcomes with the simulated ones of the same visitors, and simulated ones of visitors without a real outcome. */
export interface Labelled {
  readonly real: readonly number[];
  readonly simulated: readonly number[];
  readonly unlabelled: readonly number[];
}

export interface PredictionPowered {
  readonly kind: 'estimated';
  readonly effect: number;
  readonly se: number;
  readonly ci: readonly [number, number];
  readonly p: number;
  /** How much the simulation was trusted, 0 to 1. */
  readonly lambda: number;
  /** Real visitors that would give the same error without the simulation. */
  readonly effective: number;
}

export interface PredictionOptions {
  readonly alpha: number;
  /** Fixed trust; tuned from the data when absent. */
  readonly lambda?: number;
  readonly alternative?: Alternative;
}

/** θ = λ mean(F_N) + mean(Y − λF_n), variance λ² var(F_N)/N + var(Y − λF_n)/n; normal interval on the side asked for. */
export function predictionPoweredMean(
  labelled: Labelled,
  options: PredictionOptions,
): PredictionPowered | NotEstimable {
  const { real, simulated, unlabelled } = labelled;
  const [n, many] = [real.length, unlabelled.length];
  if (simulated.length !== n)
    return notEstimable(`${n} real outcomes but ${simulated.length} simulated ones`);
  if (n < 2 || many < 2)
    return notEstimable(`visitors: ${n} real, ${many} simulated, at least 2 of each are needed`);
  const lambda = options.lambda ?? tunedLambda(labelled);
  const rest = real.map((value, index) => value - lambda * simulated[index]!);
  const effect = predictionPoweredPoint(labelled, lambda);
  const se = Math.sqrt((lambda ** 2 * spreadOf(unlabelled)) / many + spreadOf(rest) / n);
  if (isNoSpread(se, sizeOf(...real, ...simulated)))
    return notEstimable('there is no spread to judge the mean by');
  const { ci, p } = sided(effect, se, Infinity, options);
  return { kind: 'estimated', effect, se, ci, p, lambda, effective: spreadOf(real) / se ** 2 };
}

/** λ mean(F_N) + mean(Y − λF_n): where the simulation is off by a constant, the real outcomes take it off again. */
export function predictionPoweredPoint({ real, simulated, unlabelled }: Labelled, lambda: number): number {
  return lambda * meanOf(unlabelled) + meanOf(real.map((value, index) => value - lambda * simulated[index]!));
}

/** Variance with divisor n, as the published method has it: the interval is asymptotic anyway. */
function spreadOf(values: readonly number[]): number {
  return (varianceOf(values) * (values.length - 1)) / values.length;
}

/** cov(Y, F) / ((1 + n/N) var F) over all simulated outcomes, clipped to [0, 1]; 0 where F does not vary. */
export function tunedLambda({ real, simulated, unlabelled }: Labelled): number {
  const [y, f] = [meanOf(real), meanOf(simulated)];
  const covariance =
    real.reduce((sum, value, index) => sum + (value - y) * (simulated[index]! - f), 0) / (real.length - 1);
  const spread = varianceOf([...simulated, ...unlabelled]);
  if (!(spread > 0)) return 0;
  return Math.min(1, Math.max(0, covariance / ((1 + real.length / unlabelled.length) * spread)));
}

/** Real visitors that n real and N simulated ones are worth at correlation r: n(n + N)/(n + (1 − r²)N). */
export function effectiveVisitors(real: number, simulated: number, correlation: number): number {
  return (real * (real + simulated)) / (real + (1 - correlation ** 2) * simulated);
}

/** What they are worth at most, with endlessly many simulated ones: n/(1 − r²). */
export function effectiveBound(real: number, correlation: number): number {
  return real / (1 - correlation ** 2);
}
