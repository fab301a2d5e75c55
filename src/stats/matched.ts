// Two proportions of the same cases, each judged twice (matched pairs): their difference with an interval that keeps its
// coverage where few pairs differ or none does.

import { normalQuantile } from './distributions.ts';

/** Pairs by what they showed: both, only the first, only the second, neither. */
export interface MatchedPairs {
  readonly both: number;
  readonly first: number;
  readonly second: number;
  readonly neither: number;
}

/** Counts pairs. */
export function matchedPairs(pairs: Iterable<readonly [boolean, boolean]>): MatchedPairs {
  const counts = { both: 0, first: 0, second: 0, neither: 0 };
  for (const [a, b] of pairs) counts[a ? (b ? 'both' : 'first') : b ? 'second' : 'neither'] += 1;
  return counts;
}

/**
 * First minus second with its 1 − α interval: Wald's after half a pair is added to each of the four counts (Agresti and
 * Min 2005, Statistics in Medicine 24). The difference itself is as observed. Null without pairs.
 */
export function matchedDifference(
  { both, first, second, neither }: MatchedPairs,
  alpha: number,
): { readonly difference: number; readonly ci: readonly [number, number] } | null {
  const n = both + first + second + neither;
  if (n === 0) return null;
  const [b, c, m] = [first + 0.5, second + 0.5, n + 2];
  const middle = (b - c) / m;
  const reach = (normalQuantile(alpha / 2, 'upper') * Math.sqrt(b + c - (b - c) ** 2 / m)) / m;
  return {
    difference: (first - second) / n,
    ci: [Math.max(-1, middle - reach), Math.min(1, middle + reach)],
  };
}
