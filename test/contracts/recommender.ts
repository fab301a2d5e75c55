// What every recommender must hold to, in process and over HTTP. The suite knows no method; it is handed an open
// recommender trained on the small world below.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { itemSchema, type Interaction } from '../../src/catalogue/item.ts';
import { checked } from '../../src/recommend/checked.ts';
import type { Recommender, RecommendRequest, TrainingSet } from '../../src/recommend/recommender.ts';

/** 60 items, of which the last 8 have no interactions; 40 people with two tastes. */
export function smallWorld(): TrainingSet {
  const items = Array.from({ length: 60 }, (_, i) =>
    itemSchema.parse({ id: `item-${i}`, title: `Item ${i}` }),
  );
  const chance = randomFrom('small-world');
  const interactions: Interaction[] = [];
  for (let person = 0; person < 40; person++) {
    for (let item = 0; item < 52; item++) {
      if (chance.uniform() > 0.3 + (item % 5 === 0 ? 0.3 : 0)) continue;
      const value = person % 2 === item % 2 ? 4 + chance.integer(3) / 2 : 1 + chance.integer(5) / 2;
      interactions.push({ user: `person-${person}`, item: `item-${item}`, time: interactions.length, value });
    }
  }
  return { items, interactions };
}

export interface OpenRecommender {
  readonly recommender: Recommender;
  close(): Promise<void>;
}

/** A request with the defaults of the contract. */
export function requestOf(fields: Partial<RecommendRequest> = {}): RecommendRequest {
  return { visitor: 'visitor-1', history: [], context: {}, k: 10, exclude: [], seed: 0, ...fields };
}

const ids = smallWorld().items.map((item) => item.id);
const anyId = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, fc.string({ maxLength: 8 }));
const anyRequest: fc.Arbitrary<RecommendRequest> = fc.record({
  visitor: fc.string({ maxLength: 12 }),
  history: fc.array(
    fc.record({
      item: anyId,
      time: fc.integer({ min: 0, max: 2_000_000_000 }),
      value: fc.integer({ min: 1, max: 10 }).map((halves) => halves / 2),
    }),
    { maxLength: 30 },
  ),
  context: fc.record({ page: fc.constantFrom('home', 'item'), number: fc.integer({ min: 1, max: 9 }) }),
  k: fc.integer({ min: 1, max: 80 }),
  exclude: fc.array(anyId, { maxLength: 70 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

/**
 * The suite; `policy` says whether chance has a part in the slate, and whether an item that nobody touched has to
 * stand last: a generative method may know it by its codes.
 */
export function recommenderContract(
  name: string,
  open: () => Promise<OpenRecommender>,
  policy: 'deterministic' | 'generative' | 'uniform',
): void {
  describe(`${name} holds to the recommender contract`, () => {
    let opened: OpenRecommender;
    let door: Recommender;
    beforeAll(async () => {
      opened = await open();
      door = checked(opened.recommender, new Set(ids), { timeoutMs: 10_000 });
    });
    afterAll(() => opened.close());

    it('answers any request with k known, distinct items, none excluded, propensities in (0, 1]', async () => {
      await fc.assert(
        fc.asyncProperty(anyRequest, async (request) => {
          const { items } = await door.recommend(request);
          const left = new Set(ids.filter((id) => !request.exclude.includes(id)));
          expect(items).toHaveLength(Math.min(request.k, left.size));
          expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
          const wrong = items.filter(
            ({ id, score, propensity }) =>
              !left.has(id) || !Number.isFinite(score) || !(propensity > 0 && propensity <= 1),
          );
          expect(wrong).toEqual([]);
        }),
        { numRuns: 60, seed: 1 },
      );
    });

    it('ranks by score, highest first', async () => {
      await fc.assert(
        fc.asyncProperty(anyRequest, async (request) => {
          const scores = (await door.recommend(request)).items.map((item) => item.score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        }),
        { numRuns: 20, seed: 2 },
      );
    });

    it('gives the same slate for the same request', async () => {
      await fc.assert(
        fc.asyncProperty(anyRequest, async (request) => {
          const [first, second] = [await door.recommend(request), await door.recommend(request)];
          expect({ ...second, ms: 0 }).toEqual({ ...first, ms: 0 });
        }),
        { numRuns: 20, seed: 3 },
      );
    });

    it('serves a visitor without a history', async () => {
      expect((await door.recommend(requestOf())).items).toHaveLength(10);
    });

    it('takes the last of several ratings of an item: watched and then disliked is disliked, not both', async () => {
      const entry = (item: number, value: number, time: number) => ({ item: `item-${item}`, value, time });
      for (const [first, last] of [
        [4, 1],
        [4, 5],
        [1, 5],
      ] as const) {
        const history = [entry(7, first, 0), entry(2, 5, 1), entry(7, last, 2)];
        const [twice, once] = [requestOf({ history }), requestOf({ history: history.slice(1) })];
        expect((await door.recommend(twice)).items).toEqual((await door.recommend(once)).items);
      }
    });

    it('tolerates a history of items it never saw, and learns nothing from them', async () => {
      const history = [{ item: 'from-another-world', time: 1, value: 5 }];
      const withUnknown = await door.recommend(requestOf({ history }));
      expect(withUnknown.items).toEqual((await door.recommend(requestOf())).items);
    });

    it('returns every item when k exceeds the catalogue, and none when all are excluded', async () => {
      expect((await door.recommend(requestOf({ k: 1000 }))).items).toHaveLength(ids.length);
      expect((await door.recommend(requestOf({ exclude: ids }))).items).toEqual([]);
    });

    if (policy === 'generative') {
      it('says how it generated a slate', async () => {
        await fc.assert(
          fc.asyncProperty(anyRequest, async (request) => {
            const { items, generated } = await door.recommend(request);
            if (generated?.by === 'writing') {
              const { written, valid, named, nearest, further } = generated;
              expect(named + nearest + further).toBe(items.length);
              expect(valid).toBeLessThanOrEqual(written);
              expect(named > 0 && valid === 0).toBe(false);
            } else expect(generated?.reach).toMatch(/^(beam|wider|everything)$/);
          }),
          { numRuns: 20, seed: 4 },
        );
        const { generated } = await door.recommend(requestOf({ k: 1000 }));
        if (generated?.by === 'search') expect(generated.reach).toBe('everything');
        else expect(generated?.further).toBeGreaterThan(0);
      });
    } else {
      it('says nothing of generations', async () => {
        expect((await door.recommend(requestOf())).generated).toBeUndefined();
      });
    }

    if (policy === 'uniform') {
      it('has propensities that sum to k over the catalogue', async () => {
        for (const k of [1, 7, 60]) {
          const { items } = await door.recommend(requestOf({ k }));
          expect(items[0]!.propensity * ids.length).toBeCloseTo(k, 12);
        }
      });

      it('shows each item as often as its propensity says', async () => {
        const shown = new Map(ids.map((id) => [id, 0]));
        const requests = Array.from({ length: 600 }, (_, seed) => requestOf({ k: 20, seed }));
        for (const request of requests) {
          for (const { id } of (await door.recommend(request)).items) shown.set(id, shown.get(id)! + 1);
        }
        const chiSquare = [...shown.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
        // Without replacement the statistic is (1 − 20/60) χ² with 59 degrees of freedom; 0.999 quantile 98.3.
        expect(chiSquare).toBeLessThan(98.3 * (2 / 3));
      });

      it('draws another slate for another seed', async () => {
        const [first, second] = [
          await door.recommend(requestOf({ seed: 1 })),
          await door.recommend(requestOf({ seed: 2 })),
        ];
        expect(second.items).not.toEqual(first.items);
      });
    } else {
      it('ranks without chance: propensity 1, whatever the seed', async () => {
        const [first, second] = [
          await door.recommend(requestOf({ seed: 1 })),
          await door.recommend(requestOf({ seed: 2 })),
        ];
        expect(second.items).toEqual(first.items);
        expect(first.items.every((item) => item.propensity === 1)).toBe(true);
      });

      it.skipIf(policy === 'generative')('places items that nobody touched last', async () => {
        const { items } = await door.recommend(
          requestOf({ k: 60, history: [{ item: 'item-3', time: 0, value: 1 }] }),
        );
        expect(items.slice(-8).map((item) => item.id)).toEqual(ids.slice(-8));
      });
    }
  });
}
