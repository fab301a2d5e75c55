// The figures of an audit: a number with its interval and how many visitors it rests on, or the reason why there is none.
// The unit is the visitor, whatever was asked of it how often.

import { bettingInterval, type Range } from '../stats/betting.ts';
import { bootstrapped } from '../stats/bootstrap.ts';
import { intervalFromT, isNoSpread, notEstimable, type NotEstimable } from '../stats/estimate.ts';
import { meanOf, varianceOf } from '../stats/ratio.ts';
import type { StreamPart } from '../base/random.ts';

export interface Figure {
  readonly kind: 'estimated';
  readonly value: number;
  readonly ci: readonly [number, number];
  /** Visitors. */
  readonly n: number;
}

export type Found = Figure | NotEstimable;

const resamples = 2000;

/** Visitors from which a t interval is used where they differ. */
const fewestForT = 10;

/**
 * The mean of one value a visitor that lies in a known range. Its interval is Student's, cut to the range; for few visitors, and
 * where all say the same, it is one that holds at any number and with any spread (Waudby-Smith and Ramdas 2024), and wider.
 */
export function boundedMean(values: readonly number[], range: Range, alpha: number): Found {
  const n = values.length;
  if (n === 0) return notEstimable('no visitor could be judged');
  const value = meanOf(values);
  const se = n < fewestForT ? 0 : Math.sqrt(varianceOf(values) / n);
  if (isNoSpread(se, 1)) return { kind: 'estimated', value, ci: bettingInterval(values, range, alpha), n };
  const [low, high] = intervalFromT(value, se, n - 1, alpha);
  return { kind: 'estimated', value, ci: [Math.max(range.low, low), Math.min(range.high, high)], n };
}

/**
 * How much more often the first third of places is chosen than the last, half a choice added to each so that it is always a
 * number; 1 where place does nothing. `chosen` holds the places of each visitor's choices, from 1 of `places`.
 */
export function firstOverLast(
  chosen: readonly (readonly number[])[],
  places: number,
  { alpha, seed }: { readonly alpha: number; readonly seed: readonly StreamPart[] },
): Found {
  if (!chosen.some((own) => own.length > 0)) return notEstimable('nothing was chosen');
  const third = Math.ceil(places / 3);
  const found = bootstrapped(
    chosen.map((own) => ({
      first: own.filter((place) => place <= third).length,
      last: own.filter((place) => place > places - third).length,
    })),
    (sample) => {
      const sum = (end: 'first' | 'last'): number => sample.reduce((all, own) => all + own[end], 0.5);
      return sum('first') / sum('last');
    },
    { alpha, resamples, seed },
  );
  if (found.kind === 'not-estimable') return found;
  return { kind: 'estimated', value: found.value, ci: found.percentile, n: chosen.length };
}

/** Values of each visitor, visitors in order of first appearance. */
export function byVisitor<Trial extends { readonly visitor: string }>(
  trials: readonly Trial[],
): (readonly Trial[])[] {
  return [...Map.groupBy(trials, ({ visitor }) => visitor).values()];
}

export function isAbove(found: Found, bound: number): boolean {
  return found.kind === 'estimated' && found.ci[0] > bound;
}

export function isBelow(found: Found, bound: number): boolean {
  return found.kind === 'estimated' && found.ci[1] < bound;
}
