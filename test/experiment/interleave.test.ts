// The draft as properties: what any two rankings and any coins may do to a list.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { teamDraft } from '../../src/experiment/interleave.ts';
import type { Slate } from '../../src/recommend/recommender.ts';

const slateOf = (ids: readonly string[], method: string): Slate => ({
  items: ids.map((id, slot) => ({ id, score: ids.length - slot, propensity: 1 })),
  method,
  version: '1',
});
const rankings = fc.integer({ min: 1, max: 10 }).chain((k) =>
  fc.record({
    k: fc.constant(k),
    first: fc.shuffledSubarray([...'abcdefghijklmnop'], { minLength: k, maxLength: k }),
    second: fc.shuffledSubarray([...'abcdefghijklmnop'], { minLength: k, maxLength: k }),
    seed: fc.nat(1000),
  }),
);
const draft = ({ first, second, k, seed }: { first: string[]; second: string[]; k: number; seed: number }) =>
  teamDraft(
    { arm: 'a', slate: slateOf(first, 'one') },
    { arm: 'b', slate: slateOf(second, 'two') },
    k,
    randomFrom(seed),
  );

it('a list has k different items, each drafted by an arm that ranked it, in equal parts to within one', () => {
  fc.assert(
    fc.property(rankings, (asked) => {
      const { slate, drafters } = draft(asked);
      const ids = slate.items.map(({ id }) => id);
      expect(new Set(ids).size).toBe(asked.k);
      expect(ids).toHaveLength(asked.k);
      for (const id of ids) expect(asked[drafters.get(id) === 'a' ? 'first' : 'second']).toContain(id);
      const forFirst = ids.filter((id) => drafters.get(id) === 'a').length;
      expect(Math.abs(2 * forFirst - asked.k)).toBeLessThanOrEqual(1);
    }),
    { seed: 1 },
  );
});

it('each arm drafts its best item that is left, so its own come in its own order', () => {
  fc.assert(
    fc.property(rankings, (asked) => {
      const { slate, drafters } = draft(asked);
      for (const [arm, ranking] of [
        ['a', asked.first],
        ['b', asked.second],
      ] as const) {
        const places = slate.items
          .filter(({ id }) => drafters.get(id) === arm)
          .map(({ id }) => ranking.indexOf(id));
        expect(places).toEqual([...places].sort((one, other) => one - other));
      }
    }),
    { seed: 2 },
  );
});

it('equal rankings give that ranking, with certainty', () => {
  const ids = ['c', 'a', 'd', 'b'];
  const { slate } = draft({ first: ids, second: ids, k: 4, seed: 1 });
  expect(slate.items.map(({ id }) => id)).toEqual(ids);
  expect(slate.items.every(({ propensity }) => propensity === 1)).toBe(true);
});

it('the propensity is the share of coins that show the item: it adds up to k over all items', () => {
  // Of a, b | b, c with two slots: a first then b, or b first then a. Heads: a, b. Tails: b, a.
  const { slate } = draft({ first: ['a', 'b'], second: ['b', 'c'], k: 2, seed: 1 });
  expect(slate.items.map(({ propensity }) => propensity)).toEqual([1, 1]);
  // Of a, b | a, c: heads a, c; tails a, b.
  const shown = draft({ first: ['a', 'b'], second: ['a', 'c'], k: 2, seed: 1 }).slate.items;
  expect(Object.fromEntries(shown.map(({ id, propensity }) => [id, propensity]))['a']).toBe(1);
  expect(shown.find(({ id }) => id !== 'a')!.propensity).toBe(0.5);
});
