// The items whose words are most like those of an item: whose company extracted names are chosen in, and written ones, too.

import type { Random } from '../base/random.ts';
import type { Item } from '../catalogue/item.ts';
import { nearestItems } from './extract-terms.ts';
import { itemVectors } from './item-vectors.ts';
import type { TrainingTable } from './training-table.ts';

const neighbours = 5;
const vectorWidth = 32;

/** Places of the five nearest other items of each item by TF-IDF vectors, nearest first; items in the table's order. */
export function textNeighbours(items: readonly Item[], table: TrainingTable, random: Random): number[][] {
  const vectors = itemVectors(items, table, 'text', vectorWidth, random);
  return nearestItems(vectors, vectorWidth, neighbours);
}
