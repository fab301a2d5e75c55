// List diversity: how different in genre the items of one slate are from each other (intra-list diversity,
// Ziegler et al. 2005, with the Jaccard similarity of genre sets). Order in the slate plays no part.

import { z } from 'zod';
import type { Database } from '../store/database.ts';
import type { Metric } from './metric.ts';
import { slateItems } from './slate-items.ts';

/** 1 − mean Jaccard similarity of the genre sets of two items of a home slate, averaged over slates. */
export const listDiversity: Metric = {
  name: 'list-diversity',
  title: 'List diversity',
  unit: '1 − Jaccard',
  description:
    '1 − the mean Jaccard similarity of the genre sets over all pairs of items of a home slate, averaged over slates. Items without genres are left out; so is a slate with fewer than two others.',
  kind: 'ratio',
  higherIsBetter: true,
  numerator: { over: 'slates', sql: 'total(genre_diversity(items))' },
  denominator: { over: 'slates', sql: 'count(genre_diversity(items))' },
  prepare: defineGenreDiversity,
};

const genreRows = z.array(z.object({ item: z.string(), genre: z.string() }));

/** Defines `genre_diversity(items)`: a slate's items as JSON → its diversity in [0, 1], or null. */
function defineGenreDiversity(database: Database): void {
  const rows = genreRows.parse(
    database
      .prepare('SELECT DISTINCT i.id AS item, g.value AS genre FROM items i, json_each(i.genres) g')
      .all(),
  );
  const genres = new Map<string, string[]>();
  for (const { item, genre } of rows) genres.set(item, [...(genres.get(item) ?? []), genre]);
  // The numerator and the denominator of a slate come one after the other.
  let last: { readonly items: unknown; readonly value: number | null } | null = null;
  database.function('genre_diversity', { deterministic: true }, (items: unknown) => {
    if (last === null || last.items !== items) {
      const known = slateItems(items).flatMap(({ item }) => {
        const own = genres.get(item);
        return own === undefined ? [] : [own];
      });
      last = { items, value: diversityOf(known) };
    }
    return last.value;
  });
}

function diversityOf(items: readonly (readonly string[])[]): number | null {
  if (items.length < 2) return null;
  let similarity = 0;
  for (let first = 0; first < items.length; first++) {
    for (let second = first + 1; second < items.length; second++)
      similarity += jaccard(items[first]!, items[second]!);
  }
  return 1 - (2 * similarity) / (items.length * (items.length - 1));
}

function jaccard(first: readonly string[], second: readonly string[]): number {
  let shared = 0;
  for (const genre of first) if (second.includes(genre)) shared += 1;
  return shared / (first.length + second.length - shared);
}
