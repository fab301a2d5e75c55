// The bootstrap over visitors: draw visitors again, with their whole rows, and see how far a figure moves. For figures
// without a formula. Basic, percentile and bias-corrected accelerated intervals (Efron and Tibshirani 1993).

import { randomFrom } from '../base/random.ts';
import type { StreamPart } from '../base/random.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { meanOf } from './ratio.ts';

export interface BootstrapOptions {
  readonly alpha: number;
  readonly resamples: number;
  /** Names the stream of draws. */
  readonly seed: readonly StreamPart[];
}

export interface Bootstrapped {
  readonly kind: 'estimated';
  readonly value: number;
  readonly basic: readonly [number, number];
  readonly percentile: readonly [number, number];
  /** Null where the jackknife shows no spread. */
  readonly bca: readonly [number, number] | null;
}

/** Intervals of a figure of visitors. `units` holds one entry a visitor; `figure` must take any of them repeated. */
export function bootstrapped<Unit>(
  units: readonly Unit[],
  figure: (sample: readonly Unit[]) => number,
  { alpha, resamples, seed }: BootstrapOptions,
): Bootstrapped | NotEstimable {
  const n = units.length;
  if (n < 2) return notEstimable(`visitors: ${n}, at least 2 are needed`);
  const value = figure(units);
  if (!Number.isFinite(value)) return notEstimable('the figure is not a number for the visitors seen');
  const random = randomFrom('bootstrap', ...seed);
  const sample = units.slice();
  const drawn = Float64Array.from({ length: resamples }, () => {
    for (let place = 0; place < n; place++) sample[place] = units[random.integer(n)]!;
    return figure(sample);
  }).filter(Number.isFinite);
  if (drawn.length < resamples * 0.99)
    return notEstimable(
      `the figure is not a number in ${resamples - drawn.length} of ${resamples} resamples`,
    );
  drawn.sort();
  const at = (share: number): number => quantileOf(drawn, share);
  const percentile = [at(alpha / 2), at(1 - alpha / 2)] as const;
  return {
    kind: 'estimated',
    value,
    basic: [2 * value - percentile[1], 2 * value - percentile[0]],
    percentile,
    bca: accelerated(units, figure, value, drawn, alpha),
  };
}

/** Quantile of sorted numbers, linear between neighbours (type 7 of Hyndman and Fan 1996). */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const below = sorted[low]!;
  const above = sorted[Math.min(sorted.length - 1, low + 1)]!;
  return below + (above - below) * (place - low);
}

function accelerated<Unit>(
  units: readonly Unit[],
  figure: (sample: readonly Unit[]) => number,
  value: number,
  drawn: Float64Array,
  alpha: number,
): readonly [number, number] | null {
  const left = units.map((_, out) => figure(units.filter((_unit, index) => index !== out)));
  const middle = meanOf(left);
  const squares = left.reduce((sum, each) => sum + (middle - each) ** 2, 0);
  if (!(squares > 0)) return null;
  const acceleration = left.reduce((sum, each) => sum + (middle - each) ** 3, 0) / (6 * squares ** 1.5);
  let below = 0;
  while (below < drawn.length && drawn[below]! < value) below += 1;
  let upTo = below;
  while (upTo < drawn.length && drawn[upTo]! <= value) upTo += 1;
  const share = (below + upTo) / 2 / drawn.length;
  if (!(share > 0 && share < 1)) return null;
  const bias = normalQuantile(share);
  const place = (z: number): number => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  return [
    quantileOf(drawn, place(normalQuantile(alpha / 2))),
    quantileOf(drawn, place(normalQuantile(1 - alpha / 2))),
  ];
}
