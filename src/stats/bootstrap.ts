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
  options: BootstrapOptions,
): Bootstrapped | NotEstimable {
  const sample = units.slice();
  return intervals(
    units.length,
    {
      whole: () => figure(units),
      of: (places) => {
        places.forEach((from, place) => (sample[place] = units[from]!));
        return figure(sample);
      },
      without: (out) => figure(units.filter((_unit, index) => index !== out)),
    },
    options,
  );
}

/**
 * `bootstrapped` of the mean, the same draws, in time that grows with the visitors and not with their square: a mean
 * without one visitor is (sum − value) / (n − 1). For tens of thousands of visitors.
 */
export function bootstrappedMean(
  values: readonly number[],
  options: BootstrapOptions,
): Bootstrapped | NotEstimable {
  const n = values.length;
  const own = Float64Array.from(values);
  const sum = own.reduce((total, value) => total + value, 0);
  return intervals(
    n,
    {
      whole: () => sum / n,
      of: (places) => places.reduce((total, from) => total + own[from]!, 0) / n,
      without: (out) => (sum - own[out]!) / (n - 1),
    },
    options,
  );
}

/** A figure of n visitors: of all, of those at the places drawn, and of all but one. */
interface Figure {
  whole(): number;
  of(places: Int32Array): number;
  without(out: number): number;
}

function intervals(
  n: number,
  figure: Figure,
  { alpha, resamples, seed }: BootstrapOptions,
): Bootstrapped | NotEstimable {
  if (n < 2) return notEstimable(`visitors: ${n}, at least 2 are needed`);
  const value = figure.whole();
  if (!Number.isFinite(value)) return notEstimable('the figure is not a number for the visitors seen');
  const random = randomFrom('bootstrap', ...seed);
  const places = new Int32Array(n);
  const drawn = Float64Array.from({ length: resamples }, () => {
    for (let place = 0; place < n; place++) places[place] = random.integer(n);
    return figure.of(places);
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
    bca: accelerated(
      Array.from({ length: n }, (_, out) => figure.without(out)),
      value,
      drawn,
      alpha,
    ),
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

/** `left` holds the figure without each visitor in turn: the jackknife. */
function accelerated(
  left: readonly number[],
  value: number,
  drawn: Float64Array,
  alpha: number,
): readonly [number, number] | null {
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
