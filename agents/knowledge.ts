// What a visitor knows of the world before the visit: titles and how they hang together, learned from
// *other* people's histories (the culture) and reached only by the title as read on a screen. It stands in
// for the film knowledge of a language model and, unlike it, can be inspected. Vectors: truncated SVD of the
// people × titles matrix, each entry damped by (n_person · n_title)^−¼, item side weighted by √σ; the
// damping beat PPMI's on the likeness bench (docs/journal.md).

import { digest } from '../src/base/hash.ts';
import { randomFrom } from '../src/base/random.ts';
import { dot, normaliseTitle, unit } from './text.ts';

/** One thing one person of the culture is known to have consumed. */
export interface CultureRow {
  readonly person: string;
  readonly title: string;
  readonly genres: readonly string[];
}

export interface Knowledge {
  readonly version: string;
  readonly size: number;
  /** Normalised title → unit vector. */
  readonly titles: ReadonlyMap<string, Float64Array>;
  /** Genre, lower case → unit vector of the mean of its titles. */
  readonly genres: ReadonlyMap<string, Float64Array>;
  /** A fixed sample of known titles, in proportion to how widely they are known: a visitor's yardstick of "usual". */
  readonly sample: readonly Float64Array[];
  /** The known titles in order, so that a title cut short on the screen can be completed. */
  readonly sorted: readonly string[];
  /** How titles are written, by normalised title. */
  readonly spelling: ReadonlyMap<string, string>;
}

export interface KnowledgeParameters {
  readonly rank: number;
  /** Exponent of the damping by how much a person or a title occurs. */
  readonly damping: number;
  /** Exponent of the singular values on the item side. */
  readonly spectrum: number;
  readonly iterations: number;
}

export const knowledgeParameters: KnowledgeParameters = {
  rank: 32,
  damping: 0.25,
  spectrum: 0.5,
  iterations: 12,
};

const sampleSize = 256;

/** Learns title vectors from the culture's rows. An empty culture gives a knowledge that knows nothing. */
export function learnKnowledge(rows: readonly CultureRow[], parameters = knowledgeParameters): Knowledge {
  const people = indexOf(rows.map((row) => row.person));
  const titles = indexOf(rows.map((row) => normaliseTitle(row.title)));
  const matrix = dampedMatrix(rows, people, titles, parameters.damping);
  const rank = Math.min(parameters.rank, people.size, titles.size);
  const factors = itemFactors(matrix, people.size, titles.size, rank, parameters);

  const vectors = new Map<string, Float64Array>();
  for (const [title, column] of titles) {
    vectors.set(title, unit(Float64Array.from({ length: rank }, (_, k) => factors[k]![column]!)));
  }
  return {
    version: digest({ parameters, rows: rows.map((row) => [row.person, row.title]) }).slice(0, 16),
    size: rank,
    titles: vectors,
    genres: genreCentroids(rows, vectors, rank),
    sample: sampleOf(rows, vectors),
    sorted: [...vectors.keys()].sort(),
    spelling: new Map(rows.map((row) => [normaliseTitle(row.title), row.title])),
  };
}

/**
 * The vector a title calls up, or its genres' when the title is unknown; `null` when neither is. A title that ends
 * in … is completed when only one known title begins so.
 */
export function recallTitle(
  knowledge: Knowledge,
  title: string,
  genres: readonly string[],
): { vector: Float64Array; known: boolean } | null {
  const vector = knowledge.titles.get(completed(knowledge, title));
  if (vector !== undefined) return { vector, known: true };
  const centroids = genres
    .map((genre) => knowledge.genres.get(genre.toLowerCase()))
    .filter((centroid) => centroid !== undefined);
  if (centroids.length === 0) return null;
  return { vector: unit(meanOf(centroids, knowledge.size)), known: false };
}

/** The normalised title, completed where it was cut short and just one known title fits. */
export function completed(knowledge: Knowledge, title: string): string {
  const normal = normaliseTitle(title);
  if (!title.trimEnd().endsWith('…') || normal === '') return normal;
  let low = 0;
  let high = knowledge.sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (knowledge.sorted[middle]! < normal) low = middle + 1;
    else high = middle;
  }
  const [first, second] = knowledge.sorted.slice(low, low + 2);
  return first?.startsWith(normal) && !second?.startsWith(normal) ? first : normal;
}

/**
 * Taste: mean inner product with the nearest `nearest` liked vectors, minus `dislike` times the same for the
 * disliked ones. People have several tastes, so it is never the inner product with a centroid.
 */
export function tasteOf(
  vector: Float64Array,
  liked: readonly Float64Array[],
  disliked: readonly Float64Array[],
  nearest: number,
  dislike: number,
): number {
  return nearestMean(vector, liked, nearest) - dislike * nearestMean(vector, disliked, nearest);
}

function nearestMean(vector: Float64Array, others: readonly Float64Array[], nearest: number): number {
  if (others.length === 0) return 0;
  const products = Float64Array.from(others, (other) => dot(vector, other)).sort();
  const count = Math.min(nearest, products.length);
  let sum = 0;
  for (let index = 0; index < count; index++) sum += products[products.length - 1 - index]!;
  return sum / count;
}

interface Entries {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

function indexOf(names: readonly string[]): Map<string, number> {
  return new Map([...new Set(names)].sort().map((name, index) => [name, index]));
}

function dampedMatrix(
  rows: readonly CultureRow[],
  people: ReadonlyMap<string, number>,
  titles: ReadonlyMap<string, number>,
  damping: number,
): Entries {
  const personIndex = Int32Array.from(rows, (row) => people.get(row.person)!);
  const titleIndex = Int32Array.from(rows, (row) => titles.get(normaliseTitle(row.title))!);
  const personCount = new Float64Array(people.size);
  const titleCount = new Float64Array(titles.size);
  for (let entry = 0; entry < rows.length; entry++) {
    personCount[personIndex[entry]!]! += 1;
    titleCount[titleIndex[entry]!]! += 1;
  }
  const values = Float64Array.from(
    rows,
    (_, entry) => (personCount[personIndex[entry]!]! * titleCount[titleIndex[entry]!]!) ** -damping,
  );
  return { rows: personIndex, columns: titleIndex, values };
}

/** Right singular vectors scaled by σ^spectrum, by subspace iteration from a fixed random start: rank × titles. */
function itemFactors(
  matrix: Entries,
  people: number,
  titles: number,
  rank: number,
  parameters: KnowledgeParameters,
): Float64Array[] {
  const random = randomFrom('knowledge', rank);
  let basis: Float64Array[] = Array.from({ length: rank }, () =>
    Float64Array.from({ length: titles }, () => random.normal()),
  );
  const singular = new Float64Array(rank);
  for (let iteration = 0; iteration < parameters.iterations; iteration++) {
    basis = orthonormal(basis);
    basis = basis.map((column, k) => {
      const left = new Float64Array(people); // A v
      for (let entry = 0; entry < matrix.values.length; entry++) {
        left[matrix.rows[entry]!]! += matrix.values[entry]! * column[matrix.columns[entry]!]!;
      }
      singular[k] = Math.sqrt(dot(left, left));
      const next = new Float64Array(titles); // Aᵀ A v
      for (let entry = 0; entry < matrix.values.length; entry++) {
        next[matrix.columns[entry]!]! += matrix.values[entry]! * left[matrix.rows[entry]!]!;
      }
      return next;
    });
  }
  return orthonormal(basis).map((column, k) =>
    column.map((value) => value * singular[k]! ** parameters.spectrum),
  );
}

/** Gram and Schmidt; a column that vanishes stays zero. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const rest = Float64Array.from(column);
    for (const earlier of done) {
      const overlap = dot(rest, earlier);
      for (let index = 0; index < rest.length; index++) rest[index]! -= overlap * earlier[index]!;
    }
    done.push(unit(rest));
  }
  return done;
}

function genreCentroids(
  rows: readonly CultureRow[],
  vectors: ReadonlyMap<string, Float64Array>,
  size: number,
): Map<string, Float64Array> {
  const members = new Map<string, Map<string, Float64Array>>();
  for (const row of rows) {
    const title = normaliseTitle(row.title);
    for (const genre of row.genres) {
      const key = genre.toLowerCase();
      if (!members.has(key)) members.set(key, new Map());
      members.get(key)!.set(title, vectors.get(title)!);
    }
  }
  return new Map([...members].map(([genre, titles]) => [genre, unit(meanOf([...titles.values()], size))]));
}

function meanOf(vectors: readonly Float64Array[], size: number): Float64Array {
  const mean = new Float64Array(size);
  for (const vector of vectors) for (let k = 0; k < size; k++) mean[k]! += vector[k]! / vectors.length;
  return mean;
}

function sampleOf(rows: readonly CultureRow[], vectors: ReadonlyMap<string, Float64Array>): Float64Array[] {
  if (rows.length === 0) return [];
  const random = randomFrom('knowledge-sample');
  return Array.from({ length: sampleSize }, () =>
    vectors.get(normaliseTitle(rows[random.integer(rows.length)]!.title))!,
  );
}
