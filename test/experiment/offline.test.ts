import { describe, expect, it } from 'vitest';
import { offlineGrades, offlineOrders } from '../../src/experiment/offline.ts';
import { armSummarySchema, type ArmSummary } from '../../src/experiment/result.ts';
import { itemSchema } from '../../src/catalogue/item.ts';
import type { Recommender } from '../../src/recommend/recommender.ts';

const ctr = { name: 'ctr', higherIsBetter: true };

function arm(name: string, clicks: number | null, grades: Partial<ArmSummary> = {}): ArmSummary {
  return armSummarySchema.parse({
    name,
    method: name,
    visitors: 5,
    sessions: 5,
    failed: 0,
    failures: {},
    metrics: { ctr: { mean: clicks, n: 5, ci: null } },
    exits: {},
    heldOutNdcg20: null,
    ...grades,
  });
}

describe('the offline order beside the simulated one', () => {
  it('is told for each measure, with its rank correlation and the pairs that disagree', () => {
    const arms = [
      arm('a', 0.1, { heldOutNdcg20: 0.01, heldOutAuc: 0.5 }),
      arm('b', 0.3, { heldOutNdcg20: 0.02, heldOutAuc: 0.8 }),
      arm('c', 0.2, { heldOutNdcg20: 0.03, heldOutAuc: 0.7 }),
    ];
    expect(offlineOrders(arms, ctr)).toEqual([
      { measure: 'ndcg@20', order: ['c', 'b', 'a'], tau: 1 / 3, pairs: 3, disagree: [['b', 'c']], note: '' },
      { measure: 'auc', order: ['b', 'c', 'a'], tau: 1, pairs: 3, disagree: [], note: '' },
    ]);
  });

  it('is turned round for a goal of which less is better', () => {
    const arms = [arm('a', 0.1, { heldOutAuc: 0.6 }), arm('b', 0.3, { heldOutAuc: 0.5 })];
    expect(offlineOrders(arms, { ...ctr, higherIsBetter: false })[0]!.tau).toBe(1);
  });

  it('says why there is no correlation, and nothing where fewer than two arms have both', () => {
    const arms = [arm('a', 0.1, { heldOutAuc: 0.5 }), arm('b', 0.1, { heldOutAuc: 0.6 })];
    expect(offlineOrders(arms, ctr)).toMatchObject([
      { measure: 'auc', tau: null, note: expect.stringMatching(/are equal/) },
    ]);
    expect(offlineOrders([arms[0]!, arm('b', 0.1)], ctr)).toEqual([]);
    expect(offlineOrders([arms[0]!, arm('b', null, { heldOutAuc: 0.6 })], ctr)).toEqual([]);
  });
});

describe('offline grades', () => {
  const items = ['a', 'b', 'c', 'd'].map((id) => itemSchema.parse({ id, title: id }));
  const byId: Recommender = {
    method: 'by-id',
    version: '1',
    recommend: async ({ k, exclude }) => ({
      method: 'by-id',
      version: '1',
      items: items
        .filter(({ id }) => !exclude.includes(id))
        .slice(0, k)
        .map(({ id }, slot) => ({ id, score: -slot, propensity: 1 })),
    }),
  };
  const history = [{ item: 'a', time: 0, value: 5 }];

  it('are taken of later likes that are not in the history', async () => {
    const cases = [{ visitor: 'v', history, chosen: ['a', 'b'] }];
    expect(await offlineGrades(byId, cases, items, 1)).toEqual({ ndcg20: 1, recall20: 1, auc: 1 });
  });

  it('are null where nobody liked anything later', async () => {
    const cases = [{ visitor: 'v', history, chosen: ['a'] }];
    expect(await offlineGrades(byId, cases, items, 1)).toEqual({ ndcg20: null, recall20: null, auc: null });
  });
});
