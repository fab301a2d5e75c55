// From visitors' totals to an arm's value and each visitor's pull on it. A ratio metric R = ΣM / ΣD is
// linearised: Z = (M − R D) / mean(D) has mean 0, and R varies as the mean of Z does (the delta method, see
// Deng, Knoblich and Lu 2018). A mean is the same with Z = M/D − mean. So one paired and one unpaired test serve both.

import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import type { Aggregate, VisitorValues } from './visitor-values.ts';

export interface Linearised {
  readonly kind: 'linearised';
  /** The arm's value. */
  readonly value: number;
  /** One score per visitor, in the order of the rows, in the metric's unit; their mean is 0. */
  readonly scores: readonly number[];
}

/** The arm's value and its visitors' scores; not estimable without visitors or with a zero denominator. */
export function linearised(values: VisitorValues, aggregate: Aggregate): Linearised | NotEstimable {
  if (values.length === 0) return notEstimable('no visitors');
  if (aggregate === 'mean') {
    if (values.some((row) => row.denominator === 0)) return notEstimable('a visitor has no sessions');
    const own = values.map((row) => row.numerator / row.denominator);
    const value = meanOf(own);
    return { kind: 'linearised', value, scores: own.map((each) => each - value) };
  }
  const denominator = meanOf(values.map((row) => row.denominator));
  if (denominator === 0) return notEstimable('the denominator is zero for every visitor');
  const value = meanOf(values.map((row) => row.numerator)) / denominator;
  return {
    kind: 'linearised',
    value,
    scores: values.map((row) => (row.numerator - value * row.denominator) / denominator),
  };
}

/** Arithmetic mean, second pass over the residuals; NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  const first = values.reduce((sum, value) => sum + value, 0) / values.length;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

/** Sample variance (n − 1), two passes. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The largest absolute value; 0 of nothing. */
export function sizeOf(...values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
