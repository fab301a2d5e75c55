import { describe, expect, it } from 'vitest';
import { heldOutMeans } from '../../src/recommend/evaluate.ts';
import type { Recommender } from '../../src/recommend/recommender.ts';

/** Always the same list, without what is excluded. */
function listing(...ids: readonly string[]): Recommender {
  return {
    method: 'listing',
    version: '1',
    recommend: async ({ k, exclude }) => ({
      items: ids
        .filter((id) => !exclude.includes(id))
        .slice(0, k)
        .map((id) => ({ id, score: 1, propensity: 1 })),
      method: 'listing',
      version: '1',
    }),
  };
}

const known = (item: string) => ({ item, time: 0, value: 5 });

describe('held-out NDCG and recall', () => {
  it('is 1 for the ideal list and 0 for a list without a hit', async () => {
    const cases = [{ visitor: 'v', history: [], liked: ['b', 'a'] }];
    expect(await heldOutMeans(listing('a', 'b', 'c'), cases, 2)).toEqual({ ndcg: 1, recall: 1, n: 1 });
    expect(await heldOutMeans(listing('c', 'd'), cases, 2)).toEqual({ ndcg: 0, recall: 0, n: 1 });
  });

  it('discounts by log2(slot + 1) and divides by the ideal at min(k, liked)', async () => {
    const cases = [{ visitor: 'v', history: [], liked: ['b', 'x'] }];
    const { ndcg, recall } = await heldOutMeans(listing('a', 'b', 'c'), cases, 3);
    expect(recall).toBe(0.5);
    expect(ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
    const many = [{ visitor: 'v', history: [], liked: ['a', 'b', 'c', 'd'] }];
    expect(await heldOutMeans(listing('a', 'b', 'c', 'd'), many, 2)).toEqual({ ndcg: 1, recall: 0.5, n: 1 });
  });

  it('excludes the history from the request and from what was liked', async () => {
    const cases = [{ visitor: 'v', history: [known('a')], liked: ['a', 'b'] }];
    expect(await heldOutMeans(listing('a', 'b'), cases, 1)).toEqual({ ndcg: 1, recall: 1, n: 1 });
  });

  it('leaves people without a liked item out, and is null over nobody', async () => {
    const nobody = [
      { visitor: 'v', history: [], liked: [] },
      { visitor: 'w', history: [known('a')], liked: ['a'] },
    ];
    expect(await heldOutMeans(listing('a'), nobody, 5)).toEqual({ ndcg: null, recall: null, n: 0 });
  });
});
