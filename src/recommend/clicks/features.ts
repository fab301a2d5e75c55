// What a click model may know of a person and an item, as numbers: who it is, what the catalogue says of them, and
// what the person went through before. Read once from the training set; an id that was not in it is nobody's.
// The only features of a moment are those of the steps before it, so a click never explains itself.

import { createHash } from 'node:crypto';
import { describedAttributes } from '../../catalogue/described.ts';
import type { Item, Person } from '../../catalogue/item.ts';
import { multipleOfFour } from '../kit/parameters.ts';
import type { TrainingSet } from '../recommender.ts';

/** Which fields a model sees: who asks, which item it is, or everything (A/B Agent, Table 4). */
export type FeatureSet = 'user' | 'item' | 'all';

/** Of the person: id, traits, past items, tags of the past, length of the past. Of the item: id, tags, period. */
export const personFields = ['visitor', 'traits', 'past', 'tastes', 'activity'] as const;
export const itemFields = ['item', 'tags', 'period'] as const;
export type PersonField = (typeof personFields)[number];
export type ItemField = (typeof itemFields)[number];
export type Field = PersonField | ItemField;

export interface Fields {
  readonly person: readonly PersonField[];
  readonly item: readonly ItemField[];
}

export function fieldsOf(features: FeatureSet): Fields {
  switch (features) {
    case 'user':
      return { person: ['visitor'], item: [] };
    case 'item':
      return { person: [], item: ['item'] };
    case 'all':
      return { person: personFields, item: itemFields };
    default:
      return features satisfies never;
  }
}

/** Rows that hold several values of a field each, every value with weight 1 / √(values of the row). */
export interface Bags {
  readonly rows: number;
  /** A multiple of four. */
  readonly width: number;
  /** [rows × width] */
  readonly values: Float32Array;
}

export interface Features {
  /** Row of each person; row 0 is nobody in particular. */
  readonly visitors: ReadonlyMap<string, number>;
  readonly traits: Bags;
  /** Genres and attributes of the items in the order given. */
  readonly tags: Bags;
  /** Five years each. */
  readonly periods: Bags;
}

/** Buckets of the length of a past: 0, 1-2, 3-6, 7-14, … */
export const activityLevels = 12;
export const activityOf = (steps: number): number =>
  Math.min(activityLevels - 1, Math.floor(Math.log2(steps + 1)));

const mostValues = 128;
const leastShare = 0.01;
const yearsOfPeriod = 5;

/** Reads the features; `items` in the order in which they are numbered, `people` those who have a history. */
export function featuresOf(
  items: readonly Item[],
  people: readonly string[],
  known: readonly Person[],
): Features {
  const byId = new Map(known.map((person) => [person.id, person]));
  const rows = multipleOfFour(items.length);
  const periodOf = ({ year }: Item): string[] =>
    year === undefined ? [] : [`from ${yearsOfPeriod * Math.floor(year / yearsOfPeriod)}`];
  return {
    visitors: new Map(people.map((id, place) => [id, place + 1])),
    traits: bagsOf([[], ...people.map((id) => traitsOf(byId.get(id)))], multipleOfFour(people.length + 1)),
    tags: bagsOf(items.map(tagsOf), rows),
    periods: bagsOf(items.map(periodOf), rows),
  };
}

/** Digest of what is read of items and people beyond their ids and histories. */
export function attributesDigest({ items, people = [] }: TrainingSet): string {
  const lines = [
    ...items.map((item) => JSON.stringify([item.id, item.year ?? null, tagsOf(item)])),
    ...people.map((person) => JSON.stringify([person.id, 'person', traitsOf(person)])),
  ];
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

function tagsOf(item: Item): string[] {
  const named = Object.entries(describedAttributes(item)).map(([name, value]) => `${name} ${value}`);
  return [...new Set([...item.genres.map((genre) => `genre ${genre}`), ...named])].sort();
}

function traitsOf(person: Person | undefined): string[] {
  const { age, gender, occupation, region } = person ?? {};
  const decade = age !== undefined && /^\d+$/.test(age) ? `${Math.floor(Number(age) / 10)}0s` : age;
  return Object.entries({ age: decade, gender, occupation, region }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
}

/** The most frequent values, at least 1 % of the rows and two of them each; the rare ones are left to the ids. */
function bagsOf(values: readonly (readonly string[])[], rows: number): Bags {
  const counts = new Map<string, number>();
  for (const row of values) for (const value of row) counts.set(value, (counts.get(value) ?? 0) + 1);
  const least = Math.max(2, leastShare * values.length);
  const kept = [...counts]
    .filter(([, count]) => count >= least)
    .sort(([a, many], [b, most]) => most - many || (a < b ? -1 : 1))
    .slice(0, mostValues)
    .map(([value]) => value);
  const place = new Map(kept.map((value, at) => [value, at]));
  const width = multipleOfFour(Math.max(1, kept.length));
  const matrix = new Float32Array(rows * width);
  values.forEach((row, at) => {
    const places = row.map((value) => place.get(value)).filter((found) => found !== undefined);
    for (const found of places) matrix[at * width + found] = 1 / Math.sqrt(places.length);
  });
  return { rows, width, values: matrix };
}
