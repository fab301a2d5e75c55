// Item vectors to be quantised: leading singular vectors of who met what (collaborative), of the words of title,
// genres and text (TF-IDF), of the vectors of an endpoint, or two of them side by side with equal weight. Subspace
// iteration in float64; no encoder is learned here.

import { describedAttributes } from '../catalogue/described.ts';
import type { Item } from '../catalogue/item.ts';
import type { Random } from '../base/random.ts';
import { withoutEndpoint, type EndpointVectors } from './endpoint-vectors.ts';
import { inOrder, rowLength, type TrainingTable } from './training-table.ts';

export const vectorSources = ['collaborative', 'text', 'both', 'endpoint', 'endpoint+collaborative'] as const;
export type VectorSource = (typeof vectorSources)[number];

/** Sparse rows [items], each a list of (feature, weight). */
export type Features = readonly (readonly { readonly feature: number; readonly weight: number }[])[];

const rounds = 8;

/**
 * [items × width], in the table's order of items, centred, total spread 1 a source. `width` is even where there are two.
 * `asked` are vectors of an endpoint in the same order; throws a UsageError where they are wanted and not given.
 */
export function itemVectors(
  items: readonly Item[],
  table: TrainingTable,
  source: VectorSource,
  width: number,
  random: Random,
  asked: EndpointVectors | null = null,
): Float64Array {
  const ordered = inOrder(items, table);
  const two = (one: VectorSource, other: VectorSource): Float64Array =>
    sideBySide(
      itemVectors(items, table, one, width / 2, random, asked),
      itemVectors(items, table, other, width / 2, random, asked),
      width / 2,
    );
  switch (source) {
    case 'collaborative':
      return leadingVectors(meetings(table), table.people, width, random);
    case 'text': {
      const { rows, words } = wordWeights(ordered);
      return leadingVectors(rows, words, width, random);
    }
    case 'both':
      return two('collaborative', 'text');
    case 'endpoint':
      if (asked === null) throw withoutEndpoint();
      return leadingAxes(unitVectors(asked), width, random);
    case 'endpoint+collaborative':
      return two('endpoint', 'collaborative');
    default:
      return source satisfies never;
  }
}

/** Rows of two matrices [items × half] behind each other. */
function sideBySide(left: Float64Array, right: Float64Array, half: number): Float64Array {
  const joined = new Float64Array(2 * left.length);
  for (let item = 0; item < left.length / half; item++) {
    joined.set(left.subarray(item * half, (item + 1) * half), 2 * item * half);
    joined.set(right.subarray(item * half, (item + 1) * half), 2 * item * half + half);
  }
  return joined;
}

/** Vectors of length 1 less their mean, which all texts have in common and which tells nothing apart. */
function unitVectors({ values, length }: EndpointVectors): Matrix {
  const count = values.length / length;
  const unit = values.slice();
  const mean = new Float64Array(length);
  for (let row = 0; row < count; row++) {
    const own = unit.subarray(row * length, (row + 1) * length);
    const size = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let axis = 0; axis < length; axis++) {
      own[axis]! /= size;
      mean[axis]! += own[axis]! / count;
    }
  }
  for (let row = 0; row < count; row++)
    for (let axis = 0; axis < length; axis++) unit[row * length + axis]! -= mean[axis]!;
  return dense(unit, count, length);
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
  const texts = items.map((item) =>
    `${item.title} ${item.genres.join(' ')} ${item.text} ${Object.values(describedAttributes(item)).join(' ')}`
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
  return leadingAxes(sparse(rows, features), width, random);
}

/** A matrix by its products: with a basis [columns × width], and transposed with [rows × width]. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  times(basis: Float64Array, width: number): Float64Array;
  transposedTimes(projected: Float64Array, width: number): Float64Array;
}

function leadingAxes(matrix: Matrix, width: number, random: Random): Float64Array {
  const { rows, columns } = matrix;
  let basis: Float64Array = Float64Array.from({ length: columns * width }, () => random.normal());
  for (let round = 0; round < rounds; round++) {
    orthonormalise(basis, width);
    basis = matrix.transposedTimes(matrix.times(basis, width), width);
  }
  orthonormalise(basis, width);
  const vectors = matrix.times(basis, width);
  for (let axis = 0; axis < width; axis++) {
    let mean = 0;
    for (let item = 0; item < rows; item++) mean += vectors[item * width + axis]! / rows;
    for (let item = 0; item < rows; item++) vectors[item * width + axis]! -= mean;
  }
  const size = Math.sqrt(vectors.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vectors.map((value) => value / size);
}

function sparse(rows: Features, columns: number): Matrix {
  return {
    rows: rows.length,
    columns,
    times(basis, width) {
      const product = new Float64Array(rows.length * width);
      rows.forEach((row, item) => {
        for (const { feature, weight } of row)
          for (let axis = 0; axis < width; axis++)
            product[item * width + axis]! += weight * basis[feature * width + axis]!;
      });
      return product;
    },
    transposedTimes(projected, width) {
      const product = new Float64Array(columns * width);
      rows.forEach((row, item) => {
        for (const { feature, weight } of row)
          for (let axis = 0; axis < width; axis++)
            product[feature * width + axis]! += weight * projected[item * width + axis]!;
      });
      return product;
    },
  };
}

/** `values` [rows × columns], row-major. */
function dense(values: Float64Array, rows: number, columns: number): Matrix {
  return {
    rows,
    columns,
    times(basis, width) {
      const product = new Float64Array(rows * width);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const value = values[row * columns + column]!;
          for (let axis = 0; axis < width; axis++)
            product[row * width + axis]! += value * basis[column * width + axis]!;
        }
      return product;
    },
    transposedTimes(projected, width) {
      const product = new Float64Array(columns * width);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const value = values[row * columns + column]!;
          for (let axis = 0; axis < width; axis++)
            product[column * width + axis]! += value * projected[row * width + axis]!;
        }
      return product;
    },
  };
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
