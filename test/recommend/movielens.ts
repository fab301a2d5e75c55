// MovieLens (ml-latest-small, 2016) read without the importers, split by time for held-out evaluation.

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { itemSchema, type Interaction } from '../../src/catalogue/item.ts';
import type { HeldOutCase } from '../../src/recommend/evaluate.ts';
import type { TrainingSet } from '../../src/recommend/recommender.ts';

const folder = new URL('../../../shared/data/ml-latest-small-2016/', import.meta.url);
export const isMovieLensHere = existsSync(folder);

/** The last 30 % of every second person's ratings are held out; the other half stays whole in the training set. */
export function splitMovieLens(): { set: TrainingSet; cases: HeldOutCase[] } {
  const items = readFileSync(new URL('movies.dat', folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('::'))
    .map(([id, title]) => itemSchema.parse({ id, title }));
  const rows: Interaction[] = gunzipSync(readFileSync(new URL('ratings.dat.gz', folder)))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split('::'))
    .map(([user, item, value, time]) => ({
      user: user!,
      item: item!,
      value: Number(value),
      time: Number(time),
    }));
  const interactions: Interaction[] = [];
  const cases: HeldOutCase[] = [];
  for (const [user, own] of Map.groupBy(rows, (row) => row.user)) {
    own.sort((a, b) => a.time - b.time || (a.item < b.item ? -1 : 1));
    const cut = Number(user) % 2 === 1 ? own.length : Math.floor(own.length * 0.7);
    interactions.push(...own.slice(0, cut));
    if (cut === own.length) continue;
    const liked = own.slice(cut).filter((row) => row.value >= 4);
    cases.push({ visitor: user, history: own.slice(0, cut), liked: liked.map((row) => row.item) });
  }
  return { set: { items, interactions }, cases };
}
