// How well log-odds tell what was clicked from what was not: AUC and logloss, the two numbers of click prediction.
// Pure functions of scores and labels.

export interface ClickAccuracy {
  readonly n: number;
  readonly clicks: number;
  /** Chance that a click scores above a no-click, ties counting half; null where either is missing. */
  readonly auc: number | null;
  /** Mean −log of the probability given to what happened, in nats; null over nothing. */
  readonly logloss: number | null;
}

export function clickAccuracy(logOdds: ArrayLike<number>, clicked: readonly boolean[]): ClickAccuracy {
  const scores = Array.from(logOdds);
  const positive = scores.filter((_, at) => clicked[at]!);
  const negative = scores.filter((_, at) => !clicked[at]!);
  const total = scores.reduce((sum, score, at) => sum + surprise(score, clicked[at]!), 0);
  return {
    n: scores.length,
    clicks: positive.length,
    auc: areaUnder(positive, negative),
    logloss: scores.length === 0 ? null : total / scores.length,
  };
}

/** −log σ(score) of a click, −log(1 − σ(score)) of none, without overflow. */
export function surprise(logOdds: number, clicked: boolean): number {
  const against = clicked ? -logOdds : logOdds;
  return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
}

/** The share of (positive, negative) pairs in which the positive is higher, ties half (Mann and Whitney 1947). */
export function areaUnder(positive: readonly number[], negative: readonly number[]): number | null {
  if (positive.length === 0 || negative.length === 0) return null;
  const sorted = Float64Array.from(negative).sort();
  const pairs = positive.reduce(
    (sum, score) => sum + (below(sorted, score, false) + below(sorted, score, true)) / 2,
    0,
  );
  return pairs / (positive.length * negative.length);
}

/** How many of the sorted numbers are below the score, or not above it. */
function below(sorted: Float64Array, score: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle]!;
    if (value < score || (orEqual && value === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}
