import { beforeAll, describe, expect, it } from 'vitest';
import { heldOutMeans, type HeldOutCase } from '../../src/recommend/evaluate.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import type { Recommender } from '../../src/recommend/recommender.ts';
import { isMovieLensHere, splitMovieLens } from './movielens.ts';

describe.skipIf(!isMovieLensHere)(
  'on ml-latest-small (skipped where ../shared/data/ml-latest-small-2016 is absent)',
  () => {
    const trained = new Map<string, Recommender>();
    let cases: readonly HeldOutCase[] = [];
    beforeAll(async () => {
      const split = splitMovieLens();
      cases = split.cases;
      for (const name of ['random', 'popularity', 'item-knn', 'mf'])
        trained.set(name, await methodNamed(name).train(split.set, {}, 1));
    });

    it('held-out NDCG@20 orders random < popularity < item-knn and mf', async () => {
      const ndcg: Record<string, number> = {};
      for (const [name, recommender] of trained) {
        const { ndcg: mean, n } = await heldOutMeans(recommender, cases, 20);
        expect(n).toBe(334);
        ndcg[name] = mean!;
      }
      expect(ndcg['random']).toBeLessThan(0.01);
      expect(ndcg['popularity']).toBeGreaterThan(0.08);
      expect(ndcg['item-knn']).toBeGreaterThan(ndcg['popularity']! + 0.03);
      expect(ndcg['mf']).toBeGreaterThan(ndcg['popularity']! + 0.04);
    });

    it.each(['item-knn', 'mf'])('%s: two likes bring another list than two dislikes', async (name) => {
      const recommender = trained.get(name)!;
      const exclude = ['858', '1221']; // The Godfather, I and II
      const ask = async (value: number): Promise<string[]> => {
        const history = exclude.map((item, time) => ({ item, time, value }));
        const slate = await recommender.recommend({
          visitor: 'new',
          history,
          context: {},
          k: 10,
          exclude,
          seed: 0,
        });
        return slate.items.map((item) => item.id);
      };
      const [liked, disliked] = [await ask(5), await ask(1)];
      expect(liked.filter((id) => disliked.includes(id)).length).toBeLessThanOrEqual(2);
    });
  },
);
