// The labelled sets as laws: as many rows of every kind, person by person; labels that are what they say; the test later
// than all and of both labels.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/catalogue/item.ts';
import type { HistorySplit } from '../../src/catalogue/split.ts';
import { conditions } from '../../src/dataset/augmentation.ts';
import type { Choice, Choices } from '../../src/dataset/choices.ts';
import { clickAugmentation, type LabelledRow } from '../../src/dataset/click-augmentation.ts';

const person = fc.record({
  training: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }),
  heldOut: fc.uniqueArray(fc.integer({ min: 10, max: 29 }), { minLength: 2, maxLength: 10 }),
  stars: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 10, maxLength: 10 }),
  /** Items of choices, two and two: clicks first, then page views. */
  clicks: fc.uniqueArray(fc.integer({ min: 0, max: 49 }), { maxLength: 10 }),
  views: fc.uniqueArray(fc.integer({ min: 0, max: 49 }), { maxLength: 10 }),
});

const choicesOf = (items: readonly number[]): Choice[] =>
  Array.from({ length: Math.floor(items.length / 2) }, (_, at) => ({
    chosen: `i${items[2 * at]}`,
    left: `i${items[2 * at + 1]}`,
    time: at,
  }));

const worlds = fc.array(person, { minLength: 3, maxLength: 6 }).map((people) => {
  const rows = (part: 'training' | 'heldOut', from: number): Interaction[] =>
    people.flatMap((one, index) =>
      one[part].map((item, at) => ({
        user: `v${index}`,
        item: `i${item}`,
        time: from + at,
        value: one.stars[at]!,
      })),
    );
  const training = rows('training', 0);
  const split: HistorySplit = {
    culture: [],
    visitors: people.map((_, index) => `v${index}`),
    training,
    heldOut: rows('heldOut', 100),
    armTraining: training,
  };
  const kind = (of: 'clicks' | 'views'): Choices =>
    new Map(people.map((one, index) => [`v${index}`, choicesOf(one[of])]));
  return { split, clicks: kind('clicks'), views: kind('views') };
});

const addedOf = (rows: readonly LabelledRow[], split: HistorySplit): LabelledRow[] =>
  rows.slice(split.armTraining.length);

describe('labelled sets', () => {
  it('add as many rows of each kind, person by person, half of the choices clicked', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ split, clicks, views }, seed) => {
        const prepared = clickAugmentation(split, [clicks, views], 1);
        for (const choices of [clicks, views]) {
          const own = addedOf(prepared.training('synthetic', choices, seed), split);
          expect(own).toHaveLength(prepared.available.added);
          expect(own.filter(({ clicked }) => clicked)).toHaveLength(own.length / 2);
          expect(addedOf(prepared.training('real', choices, seed), split)).toEqual([]);
          for (const condition of ['held-back', 'unchosen'] as const) {
            const rows = addedOf(prepared.training(condition, choices, seed), split);
            expect(rows.map(({ visitor }) => visitor)).toEqual(own.map(({ visitor }) => visitor));
          }
          const permuted = addedOf(prepared.training('permuted', choices, seed), split);
          expect(permuted.length).toBeLessThanOrEqual(own.length);
          expect(permuted.filter(({ clicked }) => clicked)).toHaveLength(permuted.length / 2);
        }
      }),
    );
  });

  it('label real rows by their stars, choices by what was chosen, and unchosen ones by a coin', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ split, clicks }, seed) => {
        const prepared = clickAugmentation(split, [clicks], 1);
        const stars = new Map(
          [...split.training, ...split.heldOut].map((row) => [`${row.user} ${row.item}`, row.value]),
        );
        for (const { visitor, item, clicked } of prepared.training('held-back', clicks, seed))
          expect(clicked).toBe(stars.get(`${visitor} ${item}`)! >= 4);
        const chosen = new Set([...clicks].flatMap(([v, own]) => own.map((one) => `${v} ${one.chosen}`)));
        const own = addedOf(prepared.training('synthetic', clicks, seed), split);
        for (const { visitor, item, clicked } of own) expect(chosen.has(`${visitor} ${item}`)).toBe(clicked);
        const items = (rows: readonly LabelledRow[]): string[] =>
          rows.map(({ visitor, item }) => `${visitor} ${item}`).sort();
        expect(items(addedOf(prepared.training('unchosen', clicks, seed), split))).toEqual(items(own));
      }),
    );
  });

  it('test what comes after all training, of visitors who add rows, of both labels, none of it held back', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...conditions), ({ split, clicks }, condition) => {
        const prepared = clickAugmentation(split, [clicks], 1);
        const training = prepared.training(condition, clicks, 7);
        const real = condition === 'real' || condition === 'held-back';
        const adds = new Set(
          addedOf(prepared.training('synthetic', clicks, 7), split).map(({ visitor }) => visitor),
        );
        for (const { visitor, test } of prepared.cases) {
          expect(adds).toContain(visitor);
          expect(new Set(test.map(({ clicked }) => clicked)).size).toBe(2);
          expect(test.every((one) => training.every(({ time }) => time < one.time))).toBe(true);
          const theirs = training.filter((one) => one.visitor === visitor).map(({ item }) => item);
          if (real) expect(test.filter(({ item }) => theirs.includes(item))).toEqual([]);
        }
      }),
    );
  });

  it('permute: choices of others, as they made them, between items new to the person', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ split, clicks }, seed) => {
        const prepared = clickAugmentation(split, [clicks], 1);
        const rows = addedOf(prepared.training('permuted', clicks, seed), split);
        const known = new Set(split.training.map(({ user, item }) => `${user} ${item}`));
        for (let at = 0; at < rows.length; at += 2) {
          const [chosen, left] = [rows[at]!, rows[at + 1]!];
          const made = [...clicks].some(
            ([visitor, own]) =>
              visitor !== chosen.visitor &&
              own.some((one) => one.chosen === chosen.item && one.left === left.item),
          );
          expect(made).toBe(true);
          for (const { visitor, item } of [chosen, left]) expect(known).not.toContain(`${visitor} ${item}`);
        }
      }),
    );
  });
});
