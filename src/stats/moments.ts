// An arm as its moments: how many visitors, their mean and variance. Enough for every test of means, so a million
// visitors are three numbers. Branded as per visitor: moments of impressions or sessions cannot be handed to a test.

import { meanOf, varianceOf } from './ratio.ts';
import type { VisitorValues } from './visitor-values.ts';

declare const perVisitor: unique symbol;

/** Number, mean and sample variance (n − 1) of one value a visitor. */
export interface Moments {
  readonly [perVisitor]: true;
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** The moments of visitors' own values, numerator / denominator. Two passes, so large means lose no digits. */
export function momentsOf(values: VisitorValues): Moments {
  const own = values.map((row) => row.numerator / row.denominator);
  return visitorMoments({ n: own.length, mean: meanOf(own), variance: varianceOf(own) });
}

/** Moments that somebody else took, one value a visitor. */
export function visitorMoments(moments: { n: number; mean: number; variance: number }): Moments {
  return moments as Moments;
}

/** From Σx and Σx²: exact in theory, and in doubles as long as the spread is not tiny beside the mean. */
export function momentsFromSums(n: number, sum: number, sumOfSquares: number): Moments {
  const mean = sum / n;
  return visitorMoments({ n, mean, variance: (sumOfSquares - sum * mean) / (n - 1) });
}
