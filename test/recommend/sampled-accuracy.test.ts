import { describe, expect, it } from 'vitest';
import { sampledAccuracies } from '../../src/recommend/sampled-accuracy.ts';
import type { Recommender } from '../../src/recommend/recommender.ts';

const ids = Array.from({ length: 30 }, (_, at) => `item-${at}`);

/** Scores every item that is not excluded, and notes what it was asked. */
function scoring(score: (id: string) => number, asked: string[][] = []): Recommender {
  return {
    method: 'scoring',
    version: '1',
    recommend: async ({ k, exclude }) => {
      const left = ids.filter((id) => !exclude.includes(id));
      asked.push(left);
      const items = left
        .map((id) => ({ id, score: score(id), propensity: 1 }))
        .sort((a, b) => b.score - a.score)
        .slice(0, k);
      return { items, method: 'scoring', version: '1' };
    },
  };
}
const history = [{ item: 'item-1', time: 1, value: 5 }];
const cases = [{ visitor: 'v', history, chosen: ['item-0', 'item-2'] }];
const options = { seed: 1, logOddsAgainst: undefined };

describe('accuracy against items drawn at random', () => {
  it('is 1 where the chosen stand on top, 0 at the bottom, and a half where nothing is told apart', async () => {
    const aucOf = async (score: (id: string) => number) =>
      (await sampledAccuracies(scoring(score), cases, ids, options))[0]!.auc;
    const isChosen = (id: string): boolean => cases[0]!.chosen.includes(id);
    expect(await aucOf((id) => Number(isChosen(id)))).toBe(1);
    expect(await aucOf((id) => -Number(isChosen(id)))).toBe(0);
    expect(await aucOf(() => 7)).toBe(0.5);
  });

  it('sets the chosen against items that are neither chosen nor known, the same for every recommender', async () => {
    const [first, second]: string[][][] = [[], []];
    await sampledAccuracies(
      scoring(() => 0, first),
      cases,
      ids,
      options,
    );
    await sampledAccuracies(scoring(Number, second), cases, ids, options);
    expect(first).toEqual(second);
    expect(first![0]).toEqual(expect.arrayContaining(['item-0', 'item-2']));
    expect(first![0]).not.toContain('item-1');
  });

  it('has a logloss at the stated rate where scores are log-odds, and none where they are not', async () => {
    const always = scoring(() => Math.log(1 / 4));
    const [found] = await sampledAccuracies(always, cases, ids, { seed: 1, logOddsAgainst: 4 });
    expect(found!.logloss).toBeCloseTo(-(0.2 * Math.log(0.2) + 0.8 * Math.log(0.8)), 12);
    expect((await sampledAccuracies(always, cases, ids, options))[0]!.logloss).toBeNull();
  });

  it('says nothing of somebody to whom nothing is new', async () => {
    const everything = [{ visitor: 'v', history: [], chosen: ids }];
    expect(
      await sampledAccuracies(
        scoring(() => 0),
        everything,
        ids,
        options,
      ),
    ).toEqual([null]);
  });
});
