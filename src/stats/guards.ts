// What must hold before an effect is read: a guardrail that may not get worse than its margin, failures that do not
// differ by arm, and p values of A/A replays that are uniform.

import { chiSquareSurvival, normalQuantile, tSurvival } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import type { Relative } from './relative.ts';

export interface NonInferiority {
  readonly kind: 'tested';
  /** One-sided p of "worse by the margin or more". */
  readonly p: number;
  /** One-sided 1 − α bound of the relative effect on the side where the harm is. */
  readonly bound: number;
  readonly holds: boolean;
}

/** Whether the relative effect is surely less harmful than `margin` (> 0): a test on the logarithm of the ratio. */
export function nonInferiority(
  relative: Relative | NotEstimable,
  margin: number,
  higherIsBetter: boolean,
  alpha: number,
): NonInferiority | NotEstimable {
  if (relative.kind === 'not-estimable') return relative;
  const { logRatio, se, df } = relative;
  const limit = higherIsBetter ? Math.log1p(-margin) : Math.log1p(margin);
  const distance = higherIsBetter ? logRatio - limit : limit - logRatio;
  const p = tSurvival(distance / se, df);
  const reach = (quantile: number): number =>
    Math.expm1(higherIsBetter ? logRatio - quantile * se : logRatio + quantile * se);
  return { kind: 'tested', p, bound: reach(normalQuantile(alpha, 'upper')), holds: p < alpha };
}

export interface Homogeneity {
  readonly kind: 'tested';
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

/** χ² of a table of counts, arms × kinds (such as complete, crashed, refused): do the arms lose visitors alike? */
export function homogeneity(counts: readonly (readonly number[])[]): Homogeneity | NotEstimable {
  const kinds = (counts[0] ?? []).map((_, kind) => counts.reduce((sum, row) => sum + (row[kind] ?? 0), 0));
  const arms = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const total = arms.reduce((sum, count) => sum + count, 0);
  const [seenKinds, seenArms] = [
    kinds.filter((count) => count > 0).length,
    arms.filter((count) => count > 0).length,
  ];
  if (seenArms < 2) return notEstimable('fewer than two arms have visitors');
  if (seenKinds < 2) return notEstimable('all visitors ended alike');
  let statistic = 0;
  for (const [arm, row] of counts.entries())
    for (const [kind, count] of row.entries()) {
      const expected = (arms[arm]! * kinds[kind]!) / total;
      if (expected > 0) statistic += (count - expected) ** 2 / expected;
    }
  const df = (seenKinds - 1) * (seenArms - 1);
  return { kind: 'tested', statistic, df, p: chiSquareSurvival(statistic, df) };
}

export interface Uniformity {
  readonly kind: 'tested';
  /** Kolmogorov's largest distance from the diagonal. */
  readonly distance: number;
  readonly p: number;
}

/** Kolmogorov's test of p values against the uniform distribution (Stephens' approximation, 1970). */
export function uniformity(pValues: readonly number[]): Uniformity | NotEstimable {
  const n = pValues.length;
  if (n < 8) return notEstimable(`p values: ${n}, at least 8 are needed`);
  const sorted = [...pValues].sort((a, b) => a - b);
  const distance = sorted.reduce((most, p, index) => Math.max(most, p - index / n, (index + 1) / n - p), 0);
  const scaled = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (-1) ** (k - 1) * Math.exp(-2 * (k * scaled) ** 2);
  return { kind: 'tested', distance, p: scaled < 0.2 ? 1 : Math.min(1, Math.max(0, p)) };
}
