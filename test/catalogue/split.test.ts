// Laws of the split: nobody is on two sides, nothing is lost, the held-out part is the later one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from '../../src/base/hash.ts';
import { itemSchema, type Catalogue, type Interaction } from '../../src/catalogue/item.ts';
import { byTime, byTimeAndPerson } from '../../src/catalogue/order.ts';
import { share, shownQuality, splitHistories } from '../../src/catalogue/split.ts';

const histories = fc
  .array(
    fc.array(fc.record({ time: fc.integer({ min: 0, max: 30 }), value: fc.constantFrom(0.5, 3, 5) }), {
      minLength: 1,
      maxLength: 25,
    }),
    { maxLength: 20 },
  )
  .map((people): Catalogue => {
    const interactions = people
      .flatMap((rows, person) =>
        rows.map((row, index): Interaction => ({ user: `p${person}`, item: `i${index}`, ...row })),
      )
      .sort(byTime);
    return {
      name: 'any',
      implicit: false,
      items: [],
      people: people.map((_, person) => ({ id: `p${person}` })),
      interactions,
    };
  });
const seed = fc.integer({ min: 0, max: 1000 });
const users = (rows: readonly Interaction[]): Set<string> => new Set(rows.map((row) => row.user));

describe('splitHistories', () => {
  it('puts every interaction into exactly one part and every person on one side', () => {
    fc.assert(
      fc.property(histories, seed, (catalogue, seed) => {
        const split = splitHistories(catalogue, { seed, minimumHistory: 5 });
        expect([...split.culture, ...split.training, ...split.heldOut].sort(byTime)).toEqual(
          catalogue.interactions,
        );
        expect(split.armTraining).toEqual([...split.culture, ...split.training].sort(byTimeAndPerson));
        expect(split.visitors.filter((visitor) => users(split.culture).has(visitor))).toEqual([]);
        expect(users(split.training)).toEqual(new Set(split.visitors));
        expect(users(split.heldOut)).toEqual(new Set(split.visitors));
      }),
    );
  });
  it('holds out the later part, of the size that was asked for', () => {
    fc.assert(
      fc.property(histories, seed, (catalogue, seed) => {
        const { visitors, training, heldOut } = splitHistories(catalogue, {
          seed,
          minimumHistory: 5,
          cultureShare: 0,
        });
        for (const visitor of visitors) {
          const [early, late] = [training, heldOut].map((rows) =>
            rows.filter((row) => row.user === visitor),
          ) as [Interaction[], Interaction[]];
          expect(early.length).toBe(Math.floor((early.length + late.length) * 0.7 + 1e-9));
          expect(early.length).toBeGreaterThanOrEqual(5);
          expect(Math.max(...early.map((row) => row.time))).toBeLessThanOrEqual(
            Math.min(...late.map((row) => row.time)),
          );
        }
      }),
    );
  });
  it('shuffles by seed where all times are equal', () => {
    const interactions = Array.from({ length: 60 }, (_, index) => ({
      user: 'p',
      item: `i${index}`,
      time: 0,
      value: 5,
    })).sort(byTime);
    const catalogue = { name: 'flat', implicit: true, items: [], people: [{ id: 'p' }], interactions };
    const held = (seed: number): string =>
      digest(splitHistories(catalogue, { seed, cultureShare: 0 }).heldOut.map((row) => row.item));
    expect(held(1)).toBe(held(1));
    expect(held(1)).not.toBe(held(2));
    // What is left is not in the order of ids either: the last step before the cut is no id's privilege.
    const lasts = Array.from(
      { length: 50 },
      (_, seed) => splitHistories(catalogue, { seed, cultureShare: 0 }).training.at(-1)!.item,
    );
    expect(new Set(lasts).size).toBeGreaterThan(10);
  });
  it('takes the culture share of the people, others for another seed', () => {
    const interactions = Array.from({ length: 100 }, (_, person) =>
      Array.from({ length: 40 }, (_, index) => ({
        user: `p${person}`,
        item: `i${index}`,
        time: index,
        value: 3,
      })),
    )
      .flat()
      .sort(byTime);
    const catalogue = { name: 'even', implicit: false, items: [], people: [], interactions };
    expect(splitHistories(catalogue, { seed: 1 }).visitors).toHaveLength(50);
    expect(splitHistories(catalogue, { seed: 1, cultureShare: 0.2 }).visitors).toHaveLength(80);
    expect(splitHistories(catalogue, { seed: 1 }).visitors).not.toEqual(
      splitHistories(catalogue, { seed: 2 }).visitors,
    );
  });
  it('refuses shares that are none', () => {
    const catalogue = { name: 'empty', implicit: false, items: [], people: [], interactions: [] };
    expect(() => splitHistories(catalogue, { heldOutShare: 1 })).toThrow(/heldOutShare/);
    expect(() => splitHistories(catalogue, { cultureShare: 1 })).toThrow(/cultureShare/);
    expect(() => share([], 1.5, 1)).toThrow(/share is 1.5/);
  });
});

describe('share', () => {
  it('nests smaller shares in larger ones and keeps histories whole', () => {
    fc.assert(
      fc.property(histories, seed, ({ interactions }, seed) => {
        const parts = [0, 0.25, 0.5, 1].map((fraction) => share(interactions, fraction, seed));
        expect(parts[0]).toEqual([]);
        expect(parts[3]).toEqual(interactions);
        for (const [index, part] of parts.entries()) {
          const larger = users(parts[index + 1] ?? interactions);
          expect([...users(part)].filter((user) => !larger.has(user))).toEqual([]);
          expect(part).toEqual(interactions.filter((row) => users(part).has(row.user)));
          expect(users(part).size).toBe(Math.ceil(users(interactions).size * [0, 0.25, 0.5, 1][index]!));
        }
      }),
    );
  });
});

describe('shownQuality', () => {
  const items = ['a', 'b', 'c'].map((id) => itemSchema.parse({ id, title: id }));
  const rows = [
    ['a', 4],
    ['a', 5],
    ['b', 2],
  ].map(([item, value], index) => ({ user: `p${index}`, item: String(item), time: 0, value: Number(value) }));
  it('fills what is missing and changes nothing that is there', () => {
    const shown = shownQuality([{ ...items[0]!, rating: 1, votes: 9 }, ...items], rows);
    expect(shown.map(({ rating, votes }) => [rating, votes])).toEqual([
      [1, 9],
      [4.5, 2],
      [2, 1],
      [undefined, undefined],
    ]);
  });
  it('makes no rating of likes', () => {
    const shown = shownQuality(
      items,
      rows.map((row) => ({ ...row, value: 5 })),
    );
    expect(shown.map(({ rating, votes }) => [rating, votes])).toEqual([
      [undefined, 2],
      [undefined, 1],
      [undefined, undefined],
    ]);
  });
});
