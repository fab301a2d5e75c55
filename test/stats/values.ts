// Makes per-visitor values for tests out of plain numbers.

import type { Estimate, Estimated } from '../../src/stats/estimate.ts';
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

/** Twins from rows [control, treatment] of a mean metric. */
export function twinsOf(rows: readonly (readonly [number, number])[]): VisitorPairs {
  return twins(
    rows.map(([control]) => control),
    rows.map(([, treatment]) => treatment),
  );
}

/** Twins from rows [control's numerator, denominator, treatment's numerator, denominator]. */
export function ratioTwins(rows: readonly (readonly [number, number, number, number])[]): VisitorPairs {
  const control = ratios(rows.map(([numerator, denominator]) => [numerator, denominator]));
  return pairsOf(control, ratios(rows.map(([, , numerator, denominator]) => [numerator, denominator]))).pairs;
}

/** The estimate, where there must be one. */
export function estimated(estimate: Estimate): Estimated {
  if (estimate.kind === 'not-estimable') throw new Error(`not estimable: ${estimate.reason}`);
  return estimate;
}

function nameOf(index: number): string {
  return `v${String(index).padStart(5, '0')}`;
}
