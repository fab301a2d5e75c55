// Sample ratio mismatch: did each arm get its share of visitors? A chi-square test of counts against weights.
// Without visitors there is no answer, rather than p = 1.

import { chiSquareSurvival, logBinomialTerm, normalSurvival } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';

export interface RatioTest {
  readonly kind: 'tested';
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

/**
 * χ² = Σ (observed − expected)² / expected over the arms with a positive weight, degrees of freedom arms − 1.
 * Arms of weight 0 are left out of both the counts and the expectation.
 */
export function sampleRatio(counts: readonly number[], weights: readonly number[]): RatioTest | NotEstimable {
  if (counts.length !== weights.length)
    throw new RangeError(`${counts.length} counts but ${weights.length} weights.`);
  const arms = counts
    .map((count, index) => ({ count, weight: weights[index]! }))
    .filter((arm) => arm.weight > 0);
  if (arms.length < 2) return notEstimable('fewer than two arms have a share');
  const total = arms.reduce((sum, arm) => sum + arm.count, 0);
  if (total === 0) return notEstimable('nothing was counted in any arm');
  const weight = arms.reduce((sum, arm) => sum + arm.weight, 0);
  const statistic = arms.reduce((sum, arm) => {
    const expected = (total * arm.weight) / weight;
    return sum + (arm.count - expected) ** 2 / expected;
  }, 0);
  return { kind: 'tested', statistic, df: arms.length - 1, p: chiSquareSurvival(statistic, arms.length - 1) };
}

/** Two arms exactly: the binomial probability of all splits that are no likelier than the one seen (for few visitors). */
export function exactSampleRatio(
  [control, treatment]: readonly [number, number],
  [controlWeight, treatmentWeight]: readonly [number, number],
): number | NotEstimable {
  const total = control + treatment;
  if (total === 0) return notEstimable('nothing was counted in any arm');
  const share = treatmentWeight / (controlWeight + treatmentWeight);
  const seen = logBinomialTerm(treatment, total, share);
  let p = 0;
  for (let count = 0; count <= total; count++) {
    const term = logBinomialTerm(count, total, share);
    if (term <= seen + 1e-7) p += Math.exp(term);
  }
  return Math.min(1, p);
}

/** Two arms by the normal approximation, with the continuity correction of half a visitor or without. */
export function normalSampleRatio(
  [control, treatment]: readonly [number, number],
  [controlWeight, treatmentWeight]: readonly [number, number],
  continuity: boolean,
): number | NotEstimable {
  const total = control + treatment;
  if (total === 0) return notEstimable('nothing was counted in any arm');
  const share = treatmentWeight / (controlWeight + treatmentWeight);
  const apart = Math.abs(treatment - total * share);
  const z = Math.max(0, apart - (continuity ? 0.5 : 0)) / Math.sqrt(total * share * (1 - share));
  return 2 * normalSurvival(z);
}
