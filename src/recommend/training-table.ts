// Histories as two sparse matrices in typed arrays (compressed rows: by person and by item), the form every
// method learns from. Items and people are numbered in the order of their ids, so a smaller index is a smaller
// id. Times only decide which of two rows of the same person and item counts; no method sees them.

import { createHash } from 'node:crypto';
import { RehearsalError } from '../base/error.ts';
import type { Item } from '../catalogue/item.ts';
import { byText } from '../catalogue/order.ts';
import type { TrainingSet } from './recommender.ts';

/** One direction of the sparse matrix: row r owns the entries from start[r] up to start[r + 1]. */
export interface SparseRows {
  /** [rows + 1] */
  readonly start: Int32Array;
  /** [entries] The other side's index, ascending within a row. */
  readonly index: Int32Array;
  /** [entries] The value given, 0.5-5. */
  readonly value: Float64Array;
}

export interface TrainingTable {
  /** Sorted; the position is the item's index. */
  readonly itemIds: readonly string[];
  readonly itemIndex: ReadonlyMap<string, number>;
  readonly people: number;
  /** Rows are people, entries items. */
  readonly byPerson: SparseRows;
  /** Rows are items, entries people. */
  readonly byItem: SparseRows;
  /** SHA-256 of the item ids and of every entry. */
  readonly digest: string;
}

/**
 * Numbers and sorts a training set. Of several rows of one person and item the latest counts (at equal times the
 * highest value). The order of the rows in the set does not matter. Throws where an item id comes twice or a row
 * names an item that is not among the items.
 */
export function tabulate(set: TrainingSet): TrainingTable {
  const itemIds = set.items.map((item) => item.id).sort(byText);
  const itemIndex = new Map(itemIds.map((id, index) => [id, index]));
  if (itemIndex.size !== itemIds.length) {
    const twice = itemIds.find((id, index) => itemIds[index + 1] === id);
    throw new RehearsalError(`Expected every item once, but the id ${JSON.stringify(twice)} comes twice.`, {
      hint: 'Import the catalogue again, or give each item its own id.',
    });
  }
  const personIds = [...new Set(set.interactions.map((row) => row.user))].sort(byText);
  const personIndex = new Map(personIds.map((id, index) => [id, index]));
  const entries = set.interactions.map((row) => {
    const item = itemIndex.get(row.item);
    if (item === undefined) {
      throw new RehearsalError(
        `Expected histories about the catalogue's ${itemIds.length} items, but a row of user ` +
          `${JSON.stringify(row.user)} names the item ${JSON.stringify(row.item)}.`,
        { hint: 'Add the item to the catalogue or drop the row before training.' },
      );
    }
    return { person: personIndex.get(row.user)!, item, time: row.time, value: row.value };
  });
  entries.sort((a, b) => a.person - b.person || a.item - b.item || a.time - b.time || a.value - b.value);
  const latest = entries.filter((entry, position) => {
    const next = entries[position + 1];
    return next === undefined || next.person !== entry.person || next.item !== entry.item;
  });

  const byPerson = compress(
    personIds.length,
    latest.map(({ person, item, value }) => ({ row: person, index: item, value })),
  );
  const byItem = compress(
    itemIds.length,
    latest.map(({ person, item, value }) => ({ row: item, index: person, value })),
  );
  const hash = createHash('sha256').update(JSON.stringify([itemIds, personIds]));
  for (const array of [byPerson.start, byPerson.index, byPerson.value]) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return { itemIds, itemIndex, people: personIds.length, byPerson, byItem, digest: hash.digest('hex') };
}

/** The items in the table's order. */
export function inOrder(items: readonly Item[], table: Pick<TrainingTable, 'itemIds'>): Item[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return table.itemIds.map((id) => byId.get(id)!);
}

/** The number of entries in a row. */
export function rowLength(rows: SparseRows, row: number): number {
  return rows.start[row + 1]! - rows.start[row]!;
}

/** Counting sort by row; entries keep their order within a row. */
function compress(
  rows: number,
  entries: readonly { row: number; index: number; value: number }[],
): SparseRows {
  const start = new Int32Array(rows + 1);
  for (const entry of entries) start[entry.row + 1]!++;
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const next = start.slice();
  const index = new Int32Array(entries.length);
  const value = new Float64Array(entries.length);
  for (const entry of entries) {
    const place = next[entry.row]!++;
    index[place] = entry.index;
    value[place] = entry.value;
  }
  return { start, index, value };
}
