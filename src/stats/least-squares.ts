// Ordinary least squares with errors that are robust to clusters: many rows a visitor, one independent unit a visitor
// (Liang and Zeger 1986; CR1 factor G/(G−1) · (n−1)/(n−k)). For covariates and for outcomes kept by visit.

import { normalSurvival } from './distributions.ts';
import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimated, NotEstimable } from './estimate.ts';
import { sizeOf } from './ratio.ts';

export interface ClusteredRow {
  /** The visitor whose row it is. */
  readonly visitor: string;
  readonly outcome: number;
  /** Regressors without the intercept; the effect asked for is that of the first. */
  readonly regressors: readonly number[];
}

export interface ClusteredFit extends Estimated {
  /** Without the small-sample factor, and as if rows were independent (never to be reported as the error). */
  readonly seCr0: number;
  readonly seIndependent: number;
  readonly pNormal: number;
  readonly clusters: number;
}

/** Effect of the first regressor: CR1 error, t with clusters − 1 degrees of freedom. Not estimable below 3 clusters. */
export function clusteredLeastSquares(
  rows: readonly ClusteredRow[],
  alpha: number,
): ClusteredFit | NotEstimable {
  const clusters = [...Map.groupBy(rows, ({ visitor }) => visitor).values()];
  const k = (rows[0]?.regressors.length ?? 0) + 1;
  if (k < 2) return notEstimable('there is nothing to regress on');
  if (clusters.length < 3) return notEstimable(`visitors: ${clusters.length}, at least 3 are needed`);
  if (rows.length <= k) return notEstimable(`rows: ${rows.length}, more than ${k} are needed`);
  const design = ({ regressors }: ClusteredRow): readonly number[] => [1, ...regressors];
  const cross = zeros(k);
  const moments = new Array<number>(k).fill(0);
  for (const row of rows) {
    const x = design(row);
    for (let i = 0; i < k; i++) {
      moments[i]! += x[i]! * row.outcome;
      for (let j = 0; j < k; j++) cross[i]![j]! += x[i]! * x[j]!;
    }
  }
  const bread = inverse(cross);
  if (bread === null) return notEstimable('a regressor does not vary or repeats another');
  const beta = bread.map((row) => row.reduce((sum, value, index) => sum + value * moments[index]!, 0));
  const residual = (row: ClusteredRow): number =>
    row.outcome - design(row).reduce((sum, value, index) => sum + value * beta[index]!, 0);
  const meat = zeros(k);
  let squares = 0;
  for (const cluster of clusters) {
    const score = new Array<number>(k).fill(0);
    for (const row of cluster) {
      const error = residual(row);
      squares += error ** 2;
      for (const [index, value] of design(row).entries()) score[index]! += value * error;
    }
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) meat[i]![j]! += score[i]! * score[j]!;
  }
  const sandwich = (at: number): number => {
    let sum = 0;
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) sum += bread[at]![i]! * meat[i]![j]! * bread[j]![at]!;
    return sum;
  };
  const [g, n] = [clusters.length, rows.length];
  const seCr0 = Math.sqrt(sandwich(1));
  const se = seCr0 * Math.sqrt((g / (g - 1)) * ((n - 1) / (n - k)));
  if (isNoSpread(se, sizeOf(...beta))) return notEstimable('there is no spread to judge the effect by');
  return {
    ...estimateFromT({
      effect: beta[1]!,
      se,
      df: g - 1,
      alpha,
      method: 'least squares, clustered by visitor (CR1)',
    }),
    seCr0,
    seIndependent: Math.sqrt((squares / (n - k)) * bread[1]![1]!),
    pNormal: 2 * normalSurvival(Math.abs(beta[1]!) / se),
    clusters: g,
  };
}

function zeros(k: number): number[][] {
  return Array.from({ length: k }, () => new Array<number>(k).fill(0));
}

/** Gauss and Jordan with row pivots; null where the matrix is singular in doubles. */
function inverse(matrix: readonly (readonly number[])[]): number[][] | null {
  const k = matrix.length;
  const rows = matrix.map((row, index) => [
    ...row,
    ...Array.from({ length: k }, (_, at) => (at === index ? 1 : 0)),
  ]);
  const size = Math.max(...matrix.flat().map(Math.abs));
  for (let column = 0; column < k; column++) {
    let pivot = column;
    for (let row = column + 1; row < k; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    const value = rows[pivot]![column]!;
    if (!(Math.abs(value) > 1e-12 * size)) return null;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    rows[column] = rows[column]!.map((entry) => entry / value);
    for (let row = 0; row < k; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]!;
      rows[row] = rows[row]!.map((entry, at) => entry - factor * rows[column]![at]!);
    }
  }
  return rows.map((row) => row.slice(k));
}
