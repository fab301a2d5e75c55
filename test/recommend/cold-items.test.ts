// An item that nobody has met yet is reached by what it is made of: a visitor of one genre gets the new item of that genre
// in a list that has room for that genre alone, where items are written in words that met items share.

import { beforeAll, describe, expect, it } from 'vitest';
import { itemSchema } from '../../src/catalogue/item.ts';
import { openTensors } from '../../src/recommend/kit/tensor.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import type { TrainingSet } from '../../src/recommend/recommender.ts';
import { requestOf } from '../contracts/recommender.ts';

const each = 6;
const people = 48;
const genres = ['comedy', 'horror'] as const;
const nameOf = (genre: number, at: number): string => `${genres[genre]}-${at}`;

/** Two genres; everybody goes through one of them. The new items, the last of each genre, are in nobody's history. */
function genreWorld(): TrainingSet {
  return {
    items: genres.flatMap((genre, kind) =>
      Array.from({ length: each + 1 }, (_, at) =>
        itemSchema.parse({
          id: nameOf(kind, at),
          title: `${genre === 'comedy' ? 'laughing' : 'screaming'} ${'abcdefgh'[at]!.repeat(3)}`,
          genres: [genre],
        }),
      ),
    ),
    interactions: Array.from({ length: people }, (_, person) =>
      Array.from({ length: each }, (_step, time) => ({
        user: `person-${String(person).padStart(2, '0')}`,
        item: nameOf(person % 2, (Math.floor(person / 2) + time * (1 + (person % 4 > 1 ? 4 : 0))) % each),
        time,
        value: 5,
      })),
    ).flat(),
  };
}

const settings = { scale: 'xs', history: 8, rate: 0.01, validationPeople: 0, beam: 8, epochs: 30 };

describe('an item that nobody has met', () => {
  beforeAll(openTensors);

  it('is listed by grlm in a list as long as its genre', { timeout: 240_000 }, async () => {
    const recommender = await methodNamed('grlm').train(genreWorld(), settings, 1);
    for (const kind of [0, 1]) {
      const history = [0, 1, 2].map((at) => ({ item: nameOf(kind, at), time: at, value: 5 }));
      const { items } = await recommender.recommend(requestOf({ history, k: each + 1, exclude: [] }));
      expect(items.map(({ id }) => id)).toContain(nameOf(kind, each));
    }
  });
});
