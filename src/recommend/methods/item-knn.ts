// Item-based collaborative filtering: items are alike when the same people liked them; an item's score is the
// sum of its likeness to what the visitor knows, weighted by how it was received.
// Deshpande and Karypis 2004, Item-based top-N recommendation algorithms; shrinkage as in Bell and Koren 2007.

import { z } from 'zod';
import { defineMethod } from '../define-method.ts';
import { countLikes, historyPreferences, LIKED, logPopularity, preferenceSettings } from '../preference.ts';
import { rankedItems } from '../ranking.ts';
import { rowLength, type SparseRows, type TrainingTable } from '../training-table.ts';

const settings = z
  .object({
    /** How many most similar items each item keeps. */
    neighbours: z.int().min(1).max(10_000).default(200),
    /** Pseudo-count: a similarity supported by n people is multiplied by n / (n + shrinkage). */
    shrinkage: z.number().min(0).max(1000).default(3),
    /** What is compared: who liked it (1 or nothing), or everybody's value minus that person's mean. */
    values: z.enum(['liked', 'centred']).default('liked'),
    lukewarm: preferenceSettings.lukewarm.default(0.3),
    disliked: preferenceSettings.disliked.default(-0.5),
    /** Weight of log popularity: small, it only orders items about which the history says nothing. */
    popularityWeight: z.number().min(0).max(100).default(1e-6),
  })
  .strict();

/** Score: Σ over the history of similarity × preference, + popularityWeight × log popularity. */
export const itemKnn = defineMethod({
  name: 'item-knn',
  summary: 'items liked by the people who liked what the visitor likes',
  settings,
  learn: (table, chosen) => {
    const neighbours = nearestItems(table, chosen);
    const prior = logPopularity(countLikes(table)).map((share) => share * chosen.popularityWeight);
    return (request) => {
      const scores = prior.slice();
      for (const known of historyPreferences(table, request.history, chosen)) {
        const end = neighbours.start[known.item + 1]!;
        for (let entry = neighbours.start[known.item]!; entry < end; entry++) {
          scores[neighbours.index[entry]!]! += known.preference * neighbours.value[entry]!;
        }
      }
      return rankedItems(table, scores, request);
    };
  },
});

/** Each item's most similar items with positive similarity; rows, entries: items; value: shrunk cosine. */
function nearestItems(table: TrainingTable, chosen: z.infer<typeof settings>): SparseRows {
  const items = table.itemIds.length;
  const { byPerson, byItem } = comparedValues(table, chosen.values);
  const norms = Float64Array.from({ length: items }, (_, item) => Math.sqrt(sumOfSquares(byItem, item)));
  const products = new Float64Array(items);
  const together = new Int32Array(items);
  const start = new Int32Array(items + 1);
  const index: number[] = [];
  const value: number[] = [];

  for (let item = 0; item < items; item++) {
    const met: number[] = [];
    for (let entry = byItem.start[item]!; entry < byItem.start[item + 1]!; entry++) {
      const person = byItem.index[entry]!;
      const own = byItem.value[entry]!;
      const end = byPerson.start[person + 1]!;
      for (let other = byPerson.start[person]!; other < end; other++) {
        const neighbour = byPerson.index[other]!;
        if (together[neighbour]!++ === 0) met.push(neighbour);
        products[neighbour]! += own * byPerson.value[other]!;
      }
    }
    const similar: { neighbour: number; similarity: number }[] = [];
    for (const neighbour of met) {
      const count = together[neighbour]!;
      const product = products[neighbour]!;
      together[neighbour] = 0;
      products[neighbour] = 0;
      if (neighbour === item || product <= 0) continue;
      const cosine = product / (norms[item]! * norms[neighbour]!);
      similar.push({ neighbour, similarity: (cosine * count) / (count + chosen.shrinkage) });
    }
    similar.sort((a, b) => b.similarity - a.similarity || a.neighbour - b.neighbour);
    for (const kept of similar.slice(0, chosen.neighbours)) {
      index.push(kept.neighbour);
      value.push(kept.similarity);
    }
    start[item + 1] = index.length;
  }
  return { start, index: Int32Array.from(index), value: Float64Array.from(value) };
}

/** The matrix whose columns are compared, in both directions; entries that say nothing are left out. */
function comparedValues(
  table: TrainingTable,
  values: 'liked' | 'centred',
): { byPerson: SparseRows; byItem: SparseRows } {
  if (values === 'liked') {
    const like = (value: number): number => (value >= LIKED ? 1 : 0);
    return {
      byPerson: mapValues(table.byPerson, like),
      byItem: mapValues(table.byItem, like),
    };
  }
  const means = Float64Array.from({ length: table.people }, (_, person) => mean(table.byPerson, person));
  return {
    byPerson: mapValues(table.byPerson, (value, person) => value - means[person]!),
    byItem: mapValues(table.byItem, (value, _item, person) => value - means[person]!),
  };
}

function mapValues(
  rows: SparseRows,
  change: (value: number, row: number, index: number) => number,
): SparseRows {
  const start = new Int32Array(rows.start.length);
  const index: number[] = [];
  const value: number[] = [];
  for (let row = 0; row + 1 < rows.start.length; row++) {
    for (let entry = rows.start[row]!; entry < rows.start[row + 1]!; entry++) {
      const changed = change(rows.value[entry]!, row, rows.index[entry]!);
      if (changed === 0) continue;
      index.push(rows.index[entry]!);
      value.push(changed);
    }
    start[row + 1] = index.length;
  }
  return { start, index: Int32Array.from(index), value: Float64Array.from(value) };
}

function mean(rows: SparseRows, row: number): number {
  let sum = 0;
  for (let entry = rows.start[row]!; entry < rows.start[row + 1]!; entry++) sum += rows.value[entry]!;
  return sum / rowLength(rows, row);
}

function sumOfSquares(rows: SparseRows, row: number): number {
  let sum = 0;
  for (let entry = rows.start[row]!; entry < rows.start[row + 1]!; entry++) sum += rows.value[entry]! ** 2;
  return sum;
}
