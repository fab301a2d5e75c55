// From scores to the items of a slate: the k highest that are not excluded, ties by id, propensity 1.
// Deterministic; a policy with chance in it (random) makes its own slate.

import type { RecommendRequest, Slate } from './recommender.ts';
import { rowLength, type TrainingTable } from './training-table.ts';

/**
 * Ranks by score ([items], finite). Items nobody interacted with stand last, one below the lowest score of the
 * others, so that k can always be filled without pretending to know them. Fewer than k come back only where
 * fewer are left.
 */
export function rankedItems(
  table: TrainingTable,
  scores: Float64Array,
  request: RecommendRequest,
): Slate['items'] {
  let lowest = 0;
  for (let item = 0; item < scores.length; item++) {
    if (scores[item]! < lowest && rowLength(table.byItem, item) > 0) lowest = scores[item]!;
  }
  const placed = scores.slice();
  for (let item = 0; item < placed.length; item++) {
    if (rowLength(table.byItem, item) === 0) placed[item] = lowest - 1;
  }
  return highest(placed, request.k, excludedItems(table, request.exclude)).map((item) => ({
    id: table.itemIds[item]!,
    score: placed[item]!,
    propensity: 1,
  }));
}

/** The excluded items' indices; ids the arm does not know exclude nothing. */
export function excludedItems(table: TrainingTable, exclude: readonly string[]): ReadonlySet<number> {
  return new Set(exclude.map((id) => table.itemIndex.get(id)).filter((item) => item !== undefined));
}

/** Indices of the k highest scores outside `excluded`, highest first, ties to the smaller index. */
function highest(scores: Float64Array, k: number, excluded: ReadonlySet<number>): number[] {
  const best: number[] = [];
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!;
    if (best.length === k && score <= scores[best[k - 1]!]!) continue;
    if (excluded.has(item)) continue;
    let place = best.length === k ? k - 1 : best.length;
    while (place > 0 && scores[best[place - 1]!]! < score) {
      best[place] = best[place - 1]!;
      place--;
    }
    best[place] = item;
  }
  return best;
}
