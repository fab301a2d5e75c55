// Twins who come several times: how much of the spread of differences lies between visitors (τ², true heterogeneity)
// and how much is noise within them, and from that how a fixed budget is best split into visitors and visits.
// One-way random effects over visitors' differences, by analysis of variance (Searle, Casella and McCulloch 1992).

import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { meanOf } from './ratio.ts';

export interface VarianceComponents {
  readonly kind: 'estimated';
  readonly visitors: number;
  /** Between visitors, of the true differences; 0 where the estimate is negative. */
  readonly between: number;
  /** Of one difference within a visitor: 2σ²(1 − ρ). */
  readonly within: number;
}

/** `differences`: one row a visitor, one difference (treatment − control) a replicate. */
export function varianceComponents(
  differences: readonly (readonly number[])[],
): VarianceComponents | NotEstimable {
  const rows = differences.filter((row) => row.length > 0);
  const [visitors, total] = [rows.length, rows.reduce((sum, row) => sum + row.length, 0)];
  if (visitors < 2) return notEstimable(`visitors: ${visitors}, at least 2 are needed`);
  if (total === visitors)
    return notEstimable('every visitor has one replicate: noise within them cannot be seen');
  const mean = meanOf(rows.flat());
  const own = rows.map(meanOf);
  const betweenSquares = rows.reduce((sum, row, index) => sum + row.length * (own[index]! - mean) ** 2, 0);
  const withinSquares = rows.reduce(
    (sum, row, index) => sum + row.reduce((inner, value) => inner + (value - own[index]!) ** 2, 0),
    0,
  );
  const within = withinSquares / (total - visitors);
  const each = (total - rows.reduce((sum, row) => sum + row.length ** 2, 0) / total) / (visitors - 1);
  const between = Math.max(0, (betweenSquares / (visitors - 1) - within) / each);
  return { kind: 'estimated', visitors, between, within };
}

/** Replicates a visitor that are worth most at these costs: k* = √((within/τ²)(c_visitor/c_replicate)), at least 1. */
export function bestReplicates(
  { between, within }: { readonly between: number; readonly within: number },
  costs: { readonly visitor: number; readonly replicate: number },
): number | null {
  if (between === 0) return null;
  return Math.max(1, Math.round(Math.sqrt((within / between) * (costs.visitor / costs.replicate))));
}
