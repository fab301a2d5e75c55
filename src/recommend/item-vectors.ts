// Item vectors to be quantised: leading singular vectors of who met what (collaborative), of the words of title,
// genres and text (TF-IDF), or both side by side with equal weight. Subspace iteration in float64; no learned encoder.

import type { Item } from '../catalogue/item.ts';
import type { Random } from '../base/random.ts';
import { inOrder, rowLength, type TrainingTable } from './training-table.ts';

export type VectorSource = 'collaborative' | 'text' | 'both';

/** Sparse rows [items], each a list of (feature, weight). */
export type Features = readonly (readonly { readonly feature: number; readonly weight: number }[])[];

const rounds = 8;

/** [items × width], in the table's order of items, centred, total spread 1 a source. `width` is even for 'both'. */
export function itemVectors(
  items: readonly Item[],
  table: TrainingTable,
  source: VectorSource,
  width: number,
  random: Random,
): Float64Array {
  const ordered = inOrder(items, table);
  switch (source) {
    case 'collaborative':
      return leadingVectors(meetings(table), table.people, width, random);
    case 'text': {
      const { rows, words } = wordWeights(ordered);
      return leadingVectors(rows, words, width, random);
    }
    case 'both': {
      const half = width / 2;
      const left = itemVectors(items, table, 'collaborative', half, random);
      const right = itemVectors(items, table, 'text', half, random);
      const joined = new Float64Array(items.length * width);
      for (let item = 0; item < items.length; item++) {
        joined.set(left.subarray(item * half, (item + 1) * half), item * width);
        joined.set(right.subarray(item * half, (item + 1) * half), item * width + half);
      }
      return joined;
    }
    default:
      return source satisfies never;
  }
}

/** People as features, weight 1 / √(the person's items × the item's people). */
function meetings({ byItem, byPerson, itemIds }: TrainingTable): Features {
  return itemIds.map((_, item) =>
    Array.from({ length: rowLength(byItem, item) }, (_entry, place) => {
      const person = byItem.index[byItem.start[item]! + place]!;
      return {
        feature: person,
        weight: 1 / Math.sqrt(rowLength(byPerson, person) * rowLength(byItem, item)),
      };
    }),
  );
}

/** TF-IDF rows of unit length; a word in one item only says nothing about likeness and is left out. */
function wordWeights(items: readonly Item[]): { rows: Features; words: number } {
  const texts = items.map(({ title, genres, text, attributes: { codes: _given, ...others } }) =>
    `${title} ${genres.join(' ')} ${text} ${Object.values(others).join(' ')}`
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean),
  );
  const documents = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(text)) documents.set(word, (documents.get(word) ?? 0) + 1);
  const known = [...documents].filter(([, count]) => count > 1).map(([word]) => word);
  const index = new Map(known.sort().map((word, place) => [word, place]));
  const rows = texts.map((text) => {
    const counts = new Map<number, number>();
    for (const word of text) {
      const feature = index.get(word);
      if (feature !== undefined) counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
    const row = [...counts].map(([feature, count]) => ({
      feature,
      weight: count * Math.log(items.length / documents.get(known[feature]!)!),
    }));
    const length = Math.sqrt(row.reduce((sum, { weight }) => sum + weight * weight, 0)) || 1;
    return row.map(({ feature, weight }) => ({ feature, weight: weight / length }));
  });
  return { rows, words: known.length };
}

/** The rows in the basis of the `width` leading right singular vectors, centred and scaled to spread 1. */
export function leadingVectors(
  rows: Features,
  features: number,
  width: number,
  random: Random,
): Float64Array {
  let basis = Float64Array.from({ length: features * width }, () => random.normal());
  for (let round = 0; round < rounds; round++) {
    orthonormalise(basis, width);
    const projected = times(rows, basis, width);
    const next = new Float64Array(features * width);
    rows.forEach((row, item) => {
      for (const { feature, weight } of row)
        for (let axis = 0; axis < width; axis++)
          next[feature * width + axis]! += weight * projected[item * width + axis]!;
    });
    basis = next;
  }
  orthonormalise(basis, width);
  const vectors = times(rows, basis, width);
  for (let axis = 0; axis < width; axis++) {
    let mean = 0;
    for (let item = 0; item < rows.length; item++) mean += vectors[item * width + axis]! / rows.length;
    for (let item = 0; item < rows.length; item++) vectors[item * width + axis]! -= mean;
  }
  const size = Math.sqrt(vectors.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vectors.map((value) => value / size);
}

function times(rows: Features, basis: Float64Array, width: number): Float64Array {
  const product = new Float64Array(rows.length * width);
  rows.forEach((row, item) => {
    for (const { feature, weight } of row)
      for (let axis = 0; axis < width; axis++)
        product[item * width + axis]! += weight * basis[feature * width + axis]!;
  });
  return product;
}

/** Gram and Schmidt on the columns, twice for accuracy; a column that depends on those before becomes zero. */
function orthonormalise(matrix: Float64Array, width: number): void {
  const rows = matrix.length / width;
  for (let axis = 0; axis < width; axis++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < axis; other++) {
        let product = 0;
        for (let row = 0; row < rows; row++)
          product += matrix[row * width + axis]! * matrix[row * width + other]!;
        for (let row = 0; row < rows; row++)
          matrix[row * width + axis]! -= product * matrix[row * width + other]!;
      }
    }
    let size = 0;
    for (let row = 0; row < rows; row++) size += matrix[row * width + axis]! ** 2;
    const scale = size > 1e-20 ? 1 / Math.sqrt(size) : 0;
    for (let row = 0; row < rows; row++) matrix[row * width + axis]! *= scale;
  }
}
