// Tests of paired outcomes that assume little: Wilcoxon's signed ranks for differences, McNemar's for yes or no. They
// stand beside the paired t test, as a check that its answer does not hang on the shape of the distribution.

import { binomialCdf, chiSquareSurvival, logBinomialTerm, normalSurvival } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';

/** Up to this many differences the distribution of W is counted, not approximated. */
const MOST_EXACT = 50;

export interface RankTest {
  readonly kind: 'tested';
  /** The smaller of the rank sums of positive and negative differences. */
  readonly statistic: number;
  readonly p: number;
  readonly exact: boolean;
}

/**
 * Wilcoxon's signed-rank test, two-sided, of one difference a visitor. Zeros are left out. Exact up to 50 differences (with
 * ties W is rounded towards the middle, which is conservative), else normal with the correction for ties.
 */
export function wilcoxonSignedRank(differences: readonly number[]): RankTest | NotEstimable {
  const nonzero = differences.filter((difference) => difference !== 0);
  if (!nonzero.every(Number.isFinite)) return notEstimable('a difference is not a finite number');
  const n = nonzero.length;
  if (n < 2) return notEstimable(`visitors whose arms differ: ${n}, at least 2 are needed`);
  const { ranks, ties } = midRanks(nonzero.map(Math.abs));
  const positive = ranks.reduce((sum, rank, index) => sum + (nonzero[index]! > 0 ? rank : 0), 0);
  const all = (n * (n + 1)) / 2;
  const statistic = Math.min(positive, all - positive);
  if (n <= MOST_EXACT) {
    const ways = signedRankWays(n);
    let below = 0;
    for (let sum = 0; sum <= Math.ceil(statistic); sum++) below += ways[sum]!;
    return { kind: 'tested', statistic, p: Math.min(1, (2 * below) / 2 ** n), exact: true };
  }
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const z = (statistic - all / 2) / Math.sqrt(variance);
  return { kind: 'tested', statistic, p: Math.min(1, 2 * normalSurvival(-z)), exact: false };
}

/** Ranks with ties sharing their mean rank, in the order given, and Σ(t³ − t) over groups of ties. */
export function midRanks(values: readonly number[]): { ranks: number[]; ties: number } {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = values.map(() => 0);
  let ties = 0;
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]!] === values[order[first]!]) last += 1;
    for (let place = first; place <= last; place++) ranks[order[place]!] = (first + last) / 2 + 1;
    const size = last - first + 1;
    ties += size ** 3 - size;
    first = last + 1;
  }
  return { ranks, ties };
}

/** In how many of the 2^n signings of the ranks 1..n the positive ones sum to each value. */
function signedRankWays(n: number): Float64Array {
  const ways = new Float64Array((n * (n + 1)) / 2 + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let sum = (rank * (rank + 1)) / 2; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  return ways;
}

export interface McNemar {
  readonly kind: 'tested';
  /** χ² with 1 degree of freedom and its p, without and with Edwards' continuity correction. */
  readonly statistic: number;
  readonly p: number;
  readonly correctedP: number;
  /** Binomial test of the discordant pairs, and the mid-p version, which is less conservative. */
  readonly exactP: number;
  readonly midP: number;
}

/** Visitors who did it in one arm only: `onlyControl` and `onlyTreatment`. The others say nothing about the effect. */
export function mcNemar(onlyControl: number, onlyTreatment: number): McNemar | NotEstimable {
  const discordant = onlyControl + onlyTreatment;
  if (discordant === 0) return notEstimable('no visitor did it in one arm only');
  const apart = Math.abs(onlyControl - onlyTreatment);
  const statistic = apart ** 2 / discordant;
  const fewer = Math.min(onlyControl, onlyTreatment);
  const below = binomialCdf(fewer, discordant, 0.5);
  return {
    kind: 'tested',
    statistic,
    p: chiSquareSurvival(statistic, 1),
    correctedP: chiSquareSurvival(Math.max(0, apart - 1) ** 2 / discordant, 1),
    exactP: Math.min(1, 2 * below),
    midP: Math.min(1, 2 * below - Math.exp(logBinomialTerm(fewer, discordant, 0.5))),
  };
}
