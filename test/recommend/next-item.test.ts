import { describe, expect, it } from 'vitest';
import { itemSchema } from '../../src/catalogue/item.ts';
import { answerCases, gradesOf, leaveOneOut, ndcgAt, recallAt } from '../../src/recommend/next-item.ts';
import type { Recommender, TrainingSet } from '../../src/recommend/recommender.ts';

const items = ['a', 'b', 'c', 'd', 'e'].map((id) => itemSchema.parse({ id, title: id }));
/** Rows 'user item value', in order of time. */
const set = (...rows: string[]): TrainingSet => ({
  items,
  interactions: rows.map((row, time) => {
    const [user, item, value] = row.split(' ');
    return { user: user!, item: item!, value: Number(value), time };
  }),
});
const listing = (...ids: string[]): Recommender => ({
  method: 'listing',
  version: '0',
  recommend: async ({ exclude, k }) => ({
    method: 'listing',
    version: '0',
    items: ids
      .filter((id) => !exclude.includes(id))
      .slice(0, k)
      .map((id) => ({ id, score: 0, propensity: 1 })),
  }),
});

describe('leave-one-out', () => {
  it('asks for the last step that is no dislike, and nobody knows it or what came after', () => {
    const { training, cases } = leaveOneOut(set('u a 5', 'u b 3', 'u c 1', 'u d 4', 'u e 2', 'v a 5'), {
      seed: 1,
    });
    expect(cases).toEqual([
      {
        visitor: 'u',
        target: 'd',
        history: [
          { item: 'a', time: 0, value: 5 },
          { item: 'b', time: 1, value: 3 },
          { item: 'c', time: 2, value: 1 },
        ],
      },
    ]);
    expect(training.map(({ user, item }) => user + item)).toEqual(['ua', 'ub', 'uc', 'va']);
  });

  it('orders rows of equal time by the seed, not by the file', () => {
    const same = Array.from({ length: 40 }, (_, user) =>
      ['a', 'b', 'c', 'd'].map((item) => ({ user: `u${user}`, item, time: 7, value: 5 })),
    ).flat();
    const lasts = (interactions: typeof same, seed: number) =>
      leaveOneOut({ items, interactions }, { seed }).cases.map((one) => one.target);
    expect(new Set(lasts(same, 1)).size).toBe(4);
    expect(lasts(same.toReversed(), 1)).toEqual(lasts(same, 1));
    expect(lasts(same, 2)).not.toEqual(lasts(same, 1));
  });

  it('trains on the same rows however many people are asked, and asks those it would have asked of all', () => {
    const users = ['u', 'v', 'w', 'x', 'y'];
    const rows = users.flatMap((user) => ['a', 'b', 'c'].map((item) => `${user} ${item} 5`));
    const all = leaveOneOut(set(...rows), { seed: 1 });
    expect(all.cases.map(({ visitor }) => visitor)).toEqual(users);
    expect(all.training).toHaveLength(10);
    const part = leaveOneOut(set(...rows), { seed: 1, people: 2 });
    expect(part.training).toEqual(all.training);
    expect(part.cases).toHaveLength(2);
    expect(all.cases).toEqual(expect.arrayContaining([...part.cases]));
    expect(leaveOneOut(set(...rows), { seed: 1, people: 9 })).toEqual(all);
    const first = (seed: number) => leaveOneOut(set(...rows), { seed, people: 1 }).cases[0]!.visitor;
    expect(new Set(Array.from({ length: 30 }, (_, seed) => first(seed)))).toEqual(new Set(users));
  });

  it('grades by hand: ranks, coverage, long tail, cold items', async () => {
    const split = leaveOneOut(set('u a 5', 'u b 5', 'u c 5', 'v a 5', 'v b 5', 'v d 5', 'w a 5', 'w d 5'), {
      seed: 1,
    });
    const answers = await answerCases(listing('a', 'b', 'd', 'c'), split.cases);
    expect(answers.map((one) => one.rank)).toEqual([1, 0]);
    expect([recallAt(1, answers[0]!), recallAt(2, answers[0]!)]).toEqual([0, 1]);
    expect(ndcgAt(10, answers[0]!)).toBeCloseTo(1 / Math.log2(3), 12);
    const grades = gradesOf(answers, split, items);
    expect(grades).toMatchObject({ people: 2, recall: { 5: 1, 20: 1 }, coverage10: 2 / 5 });
    // Training: a three times, b twice, d once; a and b are four fifths of six rows. c is cold and was found.
    expect(grades.longTail10).toBe(1);
    expect(grades.cold).toEqual({ cases: 1, found20: 1 });
    expect(gradesOf([], { training: [], cases: [] }, items)).toMatchObject({
      people: 0,
      recall: { 10: null },
      coverage10: null,
    });
  });
});
