// The training sets as laws: equal counts person by person, nothing of the test in any of them, and rows under
// another visitor's name that are never its own.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/catalogue/item.ts';
import type { HistorySplit } from '../../src/catalogue/split.ts';
import { augmentation, conditions, type Condition } from '../../src/dataset/augmentation.ts';
import type { Choice } from '../../src/dataset/choices.ts';

const row = (user: string, item: number, time: number, value = 4): Interaction => ({
  user,
  item: `i${item}`,
  time,
  value,
});

const person = fc.record({
  training: fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 6 }),
  heldOut: fc.uniqueArray(fc.integer({ min: 20, max: 39 }), { minLength: 2, maxLength: 8 }),
  synthetic: fc.array(
    fc.record({ item: fc.integer({ min: 0, max: 59 }), stars: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 8 },
  ),
  beside: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 12 }),
});

/** Histories of at least three visitors and one person of the culture; times may tie. */
const worlds = fc.array(person, { minLength: 3, maxLength: 7 }).map((people) => {
  const all = (part: 'training' | 'heldOut'): Interaction[] =>
    people.flatMap((one, index) => one[part].map((item, at) => row(`v${index}`, item, Math.floor(at / 2))));
  const culture = [row('someone', 3, 5), row('someone', 25, 9)];
  const split: HistorySplit = {
    culture,
    visitors: people.map((_, index) => `v${index}`),
    training: all('training'),
    heldOut: all('heldOut').map((one) => ({ ...one, time: one.time + 100, value: 3 + (one.time % 3) })),
    armTraining: [...culture, ...all('training')],
  };
  const synthetic = people.flatMap((one, index) =>
    one.synthetic.map(({ item, stars }, at) => row(`v${index}`, item, 2e9 + at, stars)),
  );
  // What stood beside an item that was rated, where anything did: an item that the visitor did not rate, each once.
  const choices = new Map(
    people.map((one, index): [string, Choice[]] => {
      const rated = [...new Set(one.synthetic.map(({ item }) => item))];
      const left = one.beside.filter((item) => !rated.includes(item));
      return [
        `v${index}`,
        left
          .slice(0, rated.length)
          .map((item, at) => ({ chosen: `i${rated[at]}`, left: `i${item}`, time: at })),
      ];
    }),
  );
  return { split, synthetic, rows: { ratings: synthetic, choices } };
});

const rowsOf = (set: { added: ReadonlyMap<string, readonly Interaction[]> }): Interaction[] =>
  [...set.added.values()].flat();

describe('the training sets', () => {
  it('add as many rows of each kind, person by person, and none to the real rows', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ split, rows: simulated }, seed) => {
        const prepared = augmentation(split, simulated, 1);
        const [real, own, held, permuted, unchosen] = conditions.map((condition) =>
          prepared.set(condition, seed),
        );
        expect(real!.rows).toBe(0);
        expect(own!.rows).toBe(prepared.available.added);
        for (const [visitor, rows] of own!.added) {
          expect(held!.added.get(visitor)).toHaveLength(rows.length);
          expect(permuted!.added.get(visitor)!.length).toBeLessThanOrEqual(rows.length);
          expect(unchosen!.added.get(visitor)!.length).toBeLessThanOrEqual(rows.length);
        }
      }),
    );
  });

  it('give the training the real rows and the added ones, each visitor one row an item, none that it has already', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...conditions), ({ split, rows: simulated }, condition) => {
        const prepared = augmentation(split, simulated, 1);
        const set = prepared.set(condition, 3);
        const training = prepared.training(set);
        expect(training).toHaveLength(split.armTraining.length + set.rows);
        expect(training).toEqual(expect.arrayContaining([...split.armTraining, ...rowsOf(set)]));
        expect(training.map(({ time }) => time)).toEqual(
          training.map(({ time }) => time).sort((a, b) => a - b),
        );
        expect(new Set(training.map(({ user, item }) => `${user} ${item}`)).size).toBe(training.length);
        for (const [visitor, rows] of set.added)
          expect(rows.every(({ user }) => user === visitor)).toBe(true);
      }),
    );
  });

  it('hold back what is asked for, and ask for nothing that is excluded', () => {
    fc.assert(
      fc.property(worlds, ({ split, rows: simulated }) => {
        const prepared = augmentation(split, simulated, 1);
        const held = prepared.set('held-back', 2);
        const real = new Set(split.heldOut.map(({ user, item }) => `${user} ${item}`));
        for (const { user, item } of rowsOf(held)) expect(real).toContain(`${user} ${item}`);
        for (const { visitor, liked, exclude } of prepared.cases) {
          const added = held.added.get(visitor)!.map(({ item }) => item);
          expect(liked.length).toBeGreaterThan(0);
          expect(liked.filter((item) => added.includes(item) || exclude.includes(item))).toEqual([]);
          expect(added.every((item) => exclude.includes(item))).toBe(true);
        }
      }),
    );
  });

  it('take synthetic rows later than all real ones, the last rating of an item', () => {
    fc.assert(
      fc.property(worlds, ({ split, synthetic, rows: simulated }) => {
        const prepared = augmentation(split, simulated, 1);
        const last = Math.max(...split.armTraining.map(({ time }) => time));
        for (const one of rowsOf(prepared.set('synthetic', 1))) {
          expect(one.time).toBeGreaterThan(last);
          const given = synthetic.findLast(({ user, item }) => user === one.user && item === one.item);
          expect(one.value).toBe(given!.value);
        }
      }),
    );
  });

  it('permute: rows of others, in stars and item as they gave them', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ split, synthetic, rows: simulated }, seed) => {
        const prepared = augmentation(split, simulated, 1);
        for (const { user, item, value } of rowsOf(prepared.set('permuted', seed)))
          expect(synthetic.some((one) => one.user !== user && one.item === item && one.value === value)).toBe(
            true,
          );
      }),
    );
  });

  it('tell of what stood beside an item as the visitor told of the item: the same stars at the same time', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ split, synthetic, rows: simulated }, seed) => {
        const prepared = augmentation(split, simulated, 1);
        for (const { user, item, value } of rowsOf(prepared.set('unchosen', seed))) {
          const { chosen } = simulated.choices.get(user)!.find(({ left }) => left === item)!;
          const given = synthetic.findLast((one) => one.user === user && one.item === chosen)!;
          expect(value).toBe(given.value);
        }
      }),
    );
  });

  it('permute whole visitors: with rich visitors each gets the rows that one other drew', () => {
    const visitors = ['v0', 'v1', 'v2', 'v3'];
    const training = visitors.map((user) => row(user, 0, 1));
    const split: HistorySplit = {
      culture: [],
      visitors,
      training,
      heldOut: visitors.flatMap((user) => [1, 2, 3, 4, 5, 6].map((item) => row(user, item, 10 + item))),
      armTraining: training,
    };
    const synthetic = visitors.flatMap((user, index) =>
      [0, 1, 2].map((at) => row(user, 100 + 10 * index + at, at)),
    );
    const prepared = augmentation(split, { ratings: synthetic, choices: new Map() }, 1);
    const [own, permuted] = (['synthetic', 'permuted'] as Condition[]).map((kind) => prepared.set(kind, 5));
    const items = (set: typeof own, visitor: string): string =>
      set!.added
        .get(visitor)!
        .map(({ item }) => item)
        .join();
    expect(visitors.map((visitor) => items(permuted, visitor)).sort()).toEqual(
      visitors.map((visitor) => items(own, visitor)).sort(),
    );
    for (const visitor of visitors) expect(items(permuted, visitor)).not.toBe(items(own, visitor));
  });

  it('are the same for the same seed, and other draws for another', () => {
    const training = [row('v0', 0, 1), row('v1', 0, 2)];
    const heldOut = ['v0', 'v1'].flatMap((user) =>
      Array.from({ length: 12 }, (_, at) => row(user, 1 + at, 10 + at)),
    );
    const split = { culture: [], visitors: ['v0', 'v1'], training, heldOut, armTraining: training };
    const synthetic = [row('v0', 50, 1), row('v0', 51, 2), row('v1', 52, 3), row('stranger', 1, 4)];
    const prepared = augmentation(split, { ratings: synthetic, choices: new Map() }, 1);
    const held = (seed: number): string => JSON.stringify(rowsOf(prepared.set('held-back', seed)));
    expect(held(1)).toBe(held(1));
    expect(new Set([1, 2, 3, 4].map(held)).size).toBeGreaterThan(1);
    expect(prepared.available).toEqual({ visitors: 2, synthetic: 3, heldBack: 12, added: 3 });
  });
});
