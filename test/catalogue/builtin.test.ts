// The built-in films are clean, and the planted people have tastes that can be learned: the same bytes for the
// same seed, ratings like real ones, and random < popularity < item-kNN on held-out likes.

import { describe, expect, it } from 'vitest';
import { digest } from '../../src/base/hash.ts';
import { builtIn, builtInItems } from '../../src/catalogue/builtin.ts';
import { readCatalogue } from '../../src/catalogue/folder.ts';
import { itemSchema } from '../../src/catalogue/item.ts';
import { splitHistories } from '../../src/catalogue/split.ts';

const { catalogue, truth } = builtIn();

describe('the built-in films', () => {
  const items = builtInItems();
  const titled = (title: string) => items.filter((item) => item.title === title);

  it('are items with ids and titles of their own', () => {
    expect(items).toHaveLength(3200);
    expect(new Set(items.map((item) => item.id)).size).toBe(3200);
    expect(new Set(items.map((item) => `${item.title} ${item.year}`)).size).toBe(3200);
    for (const item of items) expect(itemSchema.safeParse(item).success).toBe(true);
  });
  it('have their centuries, accents, numbers and articles right', () => {
    expect(items.every((item) => item.year === undefined || (item.year >= 1915 && item.year <= 2011))).toBe(
      true,
    );
    expect(titled('Gone with the Wind')[0]?.year).toBe(1939);
    expect(titled('The Broadway Melody')[0]?.year).toBe(1928);
    expect(titled('1941')).toHaveLength(1);
    expect(titled('Léon')).toHaveLength(1);
    expect(titled('Alien³')).toHaveLength(1);
    expect(titled('The Charge of the Light Brigade')[0]?.year).toBe(1936);
    expect(titled('Crash').map((item) => item.year)).toEqual([1996, 2005]);
  });
});

describe('the planted population', () => {
  it('is the same again from the same seed, and another from another', () => {
    expect(digest(readCatalogue('built-in').interactions)).toBe(digest(catalogue.interactions));
    expect(digest(builtIn({ seed: 2, people: 50 }).catalogue)).not.toBe(
      digest(builtIn({ seed: 1, people: 50 }).catalogue),
    );
  });
  it('rates as real people do: 10-16 % at most 2, at least 20 each, about 60 in the mean', () => {
    const low =
      catalogue.interactions.filter(({ value }) => value <= 2).length / catalogue.interactions.length;
    expect(low).toBeGreaterThan(0.1);
    expect(low).toBeLessThan(0.16);
    expect(new Set(catalogue.interactions.map(({ value }) => value)).size).toBe(10);
    const counts = new Map<string, number>();
    for (const { user } of catalogue.interactions) counts.set(user, (counts.get(user) ?? 0) + 1);
    expect(counts.size).toBe(1000);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(20);
    expect(catalogue.interactions.length / 1000).toBeGreaterThan(50);
    expect(catalogue.interactions.length / 1000).toBeLessThan(70);
  });
  it('rates by its known utility', () => {
    const mean = (low: boolean): number => {
      const rows = catalogue.interactions.filter(({ value }) => (low ? value <= 2 : value >= 4.5));
      return rows.reduce((sum, { user, item }) => sum + truth.utility(user, item), 0) / rows.length;
    };
    expect(mean(false) - mean(true)).toBeGreaterThan(0.8);
    expect(() => truth.utility('nobody', 'film-1')).toThrow(/nobody/);
  });
  it('can be learned: random < popularity < item-kNN in held-out NDCG@20, by far', () => {
    const { random, popularity, itemKnn } = heldOutQuality();
    expect(popularity).toBeGreaterThan(4 * random);
    expect(itemKnn).toBeGreaterThan(1.5 * popularity);
  });
});

/** NDCG@20 on held-out ratings of 4 and more, for plain versions of three methods. */
function heldOutQuality(): { random: number; popularity: number; itemKnn: number } {
  const split = splitHistories(catalogue, { seed: 3 });
  const place = new Map(catalogue.items.map((item, index) => [item.id, index]));
  const histories = new Map<string, number[]>();
  for (const { user, item } of split.armTraining) {
    const history = histories.get(user) ?? [];
    history.push(place.get(item) ?? 0);
    histories.set(user, history);
  }
  const popular = new Float64Array(catalogue.items.length);
  const together = Array.from(popular, () => new Map<number, number>());
  for (const history of histories.values()) {
    for (const a of history) {
      popular[a] = (popular[a] ?? 0) + 1;
      for (const b of history) if (a !== b) together[a]?.set(b, (together[a]?.get(b) ?? 0) + 1);
    }
  }
  const graded = new Set(split.visitors.slice(0, 120));
  const liked = new Map<string, Set<number>>();
  for (const { user, item, value } of split.heldOut) {
    if (value >= 4 && graded.has(user))
      liked.set(user, (liked.get(user) ?? new Set()).add(place.get(item) ?? 0));
  }
  const quality = (scored: (history: readonly number[]) => Float64Array): number => {
    let sum = 0;
    for (const [user, wanted] of liked) {
      const history = histories.get(user) ?? [];
      const scores = scored(history);
      for (const seen of history) scores[seen] = Number.NEGATIVE_INFINITY;
      const top = [...scores.keys()]
        .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
        .slice(0, 20);
      const gain = (rank: number): number => 1 / Math.log2(rank + 2);
      const best = Array.from({ length: Math.min(20, wanted.size) }, (_, rank) => gain(rank)).reduce(
        (a, b) => a + b,
        0,
      );
      sum += top.reduce((total, item, rank) => total + (wanted.has(item) ? gain(rank) : 0), 0) / best;
    }
    return sum / liked.size;
  };
  return {
    random: quality(() => popular.map((_, index) => (index * 2_654_435_761) % 1009)),
    popularity: quality(() => popular.slice()),
    itemKnn: quality((history) => {
      const scores = new Float64Array(popular.length);
      for (const a of history) {
        for (const [b, times] of together[a] ?? [])
          scores[b] = (scores[b] ?? 0) + times / Math.sqrt((popular[a] ?? 0) * (popular[b] ?? 0) + 400);
      }
      return scores;
    }),
  };
}
