// Makes per-visitor values for tests out of plain numbers.

import { pairsOf, visitorValues } from '../../src/stats/visitor-values.ts';
import type { VisitorPairs, VisitorValues } from '../../src/stats/visitor-values.ts';

/** Visitors v0, v1 … with these values of a mean metric. */
export function means(values: readonly number[], first = 0): VisitorValues {
  return visitorValues(
    values.map((numerator, index) => ({ visitor: nameOf(first + index), numerator, denominator: 1 })),
  );
}

/** Visitors v0, v1 … with these numerators and denominators. */
export function ratios(values: readonly (readonly [number, number])[], first = 0): VisitorValues {
  return visitorValues(
    values.map(([numerator, denominator], index) => ({
      visitor: nameOf(first + index),
      numerator,
      denominator,
    })),
  );
}

/** Twins: the same visitors in both arms. */
export function twins(control: readonly number[], treatment: readonly number[]): VisitorPairs {
  return pairsOf(means(control), means(treatment)).pairs;
}

function nameOf(index: number): string {
  return `v${String(index).padStart(5, '0')}`;
}
