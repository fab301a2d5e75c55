// The contest of augmentation in planted worlds: rows that know their people are worth as much as real ones, rows that
// know nothing are not told from those of others, and what cannot be said is not said.

import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { augmentContest, type AugmentReport, type AugmentRow } from '../../src/bench/augment.ts';
import { agreementOf, pearson, sumsOf } from '../../src/bench/augment-agreement.ts';
import { comparisonOf, type Graded } from '../../src/bench/augment-figures.ts';
import { gradeOf } from '../../src/bench/augment-grades.ts';
import { augmentLines, augmentPage } from '../../src/bench/augment-page.ts';
import type { Catalogue, Interaction, Item } from '../../src/catalogue/item.ts';
import { byTime } from '../../src/catalogue/order.ts';
import { splitHistories } from '../../src/catalogue/split.ts';
import { methodNamed } from '../../src/recommend/methods.ts';

const tastes = 4;
const items: Item[] = Array.from({ length: 120 }, (_, index) => ({
  id: `i${index}`,
  title: `Item ${index}`,
  text: '',
  genres: [],
  attributes: {},
}));

const isOfTaste = (person: number, item: string): boolean =>
  Number(item.slice(1)) % tastes === person % tastes;

/** Likes in a random order, of which about two in three are of the person's taste; an item once. */
function likesOf(person: number, count: number, purpose: string): Interaction[] {
  const random = randomFrom('augment-world', purpose, person);
  const ordered = random.shuffle(items.map(({ id }) => id));
  const own = ordered.filter((id) => isOfTaste(person, id));
  const others = ordered.filter((id) => !isOfTaste(person, id));
  return Array.from({ length: count }, (_, time) => {
    const item = (random.uniform() < 0.65 ? own : others).pop()!;
    return { user: `p${person}`, item, time, value: 5 };
  });
}

const people = Array.from({ length: 160 }, (_, person) => person);
const catalogue: Catalogue = {
  name: 'planted',
  implicit: true,
  items,
  people: [],
  interactions: people.flatMap((person) => likesOf(person, 20, 'real')).sort(byTime),
};
const split = splitHistories(catalogue, { heldOutShare: 0.8, cultureShare: 0.3, minimumHistory: 1 });

/** Beside every item that was rated stood some other, that was not. */
function contest(ratings: readonly Interaction[]): Promise<AugmentReport> {
  const choices = new Map(
    [...Map.groupBy(ratings, ({ user }) => user)].map(([user, own]) => {
      const rated = new Set(own.map(({ item }) => item));
      const left = randomFrom('beside', user).shuffle(items.filter(({ id }) => !rated.has(id)));
      return [user, own.map(({ item, time }, at) => ({ chosen: item, left: left[at]!.id, time }))];
    }),
  );
  return augmentContest(
    catalogue,
    split,
    { ratings, choices },
    {
      contestants: [{ method: methodNamed('item-knn'), settings: {} }],
      seeds: 2,
      splitSeed: 1,
      trainOptions: () => ({}),
      log: () => undefined,
    },
  );
}

const rowOf = (report: AugmentReport, history: AugmentRow['history']): AugmentRow =>
  report.rows.find((row) => row.history === history && row.metric === 'ndcg@10')!;

describe('in a planted world', () => {
  let knowing: AugmentReport;
  let ignorant: AugmentReport;
  beforeAll(async () => {
    knowing = await contest(people.flatMap((person) => likesOf(person, 30, 'simulated')));
    ignorant = await contest(
      people.flatMap((person) =>
        randomFrom('ignorant', person)
          .shuffle(items)
          .slice(0, 30)
          .map(({ id }, time) => ({ user: `p${person}`, item: id, time, value: 5 })),
      ),
    );
  });

  it('rows that know their people gain, more than those of others, and about what real rows gain', () => {
    const row = rowOf(knowing, 'all');
    expect(row.gains.synthetic.ci![0]).toBeGreaterThan(0);
    expect(row.syntheticOver.permuted.ci![0]).toBeGreaterThan(0);
    expect(row.syntheticOver.unchosen.ci![0]).toBeGreaterThan(0);
    expect(row.shareOfRealGain.ci![0]).toBeLessThan(1);
    expect(row.shareOfRealGain.ci![1]).toBeGreaterThan(1);
    expect(knowing.added).toMatchObject({ real: 0, synthetic: knowing.added['held-back'] });
  });

  it('rows that know nothing gain nothing and are not told from those of others, while real rows gain', () => {
    const row = rowOf(ignorant, 'all');
    expect(row.gains['held-back'].ci![0]).toBeGreaterThan(0);
    expect(row.gains.synthetic.value).toBeLessThanOrEqual(0.01);
    for (const [low, high] of [row.syntheticOver.permuted.ci!, row.syntheticOver.unchosen.ci!]) {
      expect(low).toBeLessThan(0);
      expect(high).toBeGreaterThan(0);
    }
  });

  it('agreement with what people did later tells the two apart', () => {
    const { synthetic, permuted } = knowing.agreement;
    expect(synthetic.met.ci![0]).toBeGreaterThan(permuted.met.ci![1]);
    expect(ignorant.agreement.synthetic.met.value).toBeLessThan(synthetic.met.ci![0]);
    expect(synthetic.correlation).toMatchObject({ value: null, ci: null });
  });

  it('the same contest gives the same figures', async () => {
    const again = await contest(people.flatMap((person) => likesOf(person, 30, 'simulated')));
    expect({ ...again, seconds: 0 }).toEqual({ ...knowing, seconds: 0 });
  });

  it('is told with all conditions in every line, and drawn with a plot a figure', () => {
    const lines = augmentLines({ rankings: knowing, clicks: null });
    expect(lines.find((line) => line.startsWith('| method'))).toBe(
      '| method | history | metric | real | + synthetic | + held-back real | + permuted | + unchosen |',
    );
    expect(lines.filter((line) => line.startsWith('- item-knn'))).toHaveLength(knowing.rows.length);
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|null/u);
    const page = augmentPage({ rankings: knowing, clicks: null }, '<run>');
    expect(page.match(/<svg/gu)).toHaveLength(knowing.rows.length);
    expect(page).toContain('&lt;run&gt;');
    expect(page).not.toContain('<run>');
  });
});

describe('grades', () => {
  it('are those of the definitions', () => {
    expect(gradeOf(['a', 'b', 'c'], ['b', 'z'])).toEqual({
      'recall@10': 0.5,
      'ndcg@10': 1 / Math.log2(3) / (1 + 1 / Math.log2(3)),
    });
    const ten = Array.from({ length: 10 }, (_, at) => `i${at}`);
    expect(gradeOf([...ten, 'late'], ['late'])).toEqual({ 'recall@10': 0, 'ndcg@10': 0 });
    expect(gradeOf(ten, [...ten, 'one more'])['ndcg@10']).toBeCloseTo(1, 12);
  });
});

describe('what grades say', () => {
  const name = { history: 'all', metric: 'ndcg@10' } as const;
  const ofGains = (synthetic: number[], heldBack: number[]): Graded => {
    const real = [0.1, 0.3, 0.2, 0.4];
    const raised = (by: number[]): number[][] =>
      [0, 0.02].map((more) => real.map((v, i) => v + by[i]! + more));
    return {
      real: [real, real],
      synthetic: raised(synthetic),
      'held-back': raised(heldBack),
      permuted: [real, real],
      unchosen: [real, real],
    };
  };

  it('means over seeds and people, and the spread over seeds', () => {
    const row = comparisonOf('m', name, ofGains([0.1, 0.1, 0.1, 0.1], [0.2, 0.2, 0.2, 0.2]));
    expect(row.means.real.value).toBeCloseTo(0.25, 12);
    expect(row.gains.synthetic.value).toBeCloseTo(0.11, 12);
    expect(row.gains.permuted.value).toBe(0);
    expect(row.shareOfRealGain.value).toBeCloseTo(0.11 / 0.21, 12);
    expect(row.seedSpread.synthetic).toBeCloseTo(0.02 / Math.SQRT2, 12);
  });

  it('a figure that is better when it is lower gains by falling', () => {
    const graded = ofGains([0.1, 0.1, 0.1, 0.1], [0.2, 0.2, 0.2, 0.2]);
    const [up, down] = (['higher', 'lower'] as const).map((better) =>
      comparisonOf('m', name, graded, better),
    );
    expect(down!.means).toEqual(up!.means);
    expect(down!.gains.synthetic.value).toBeCloseTo(-up!.gains.synthetic.value!, 12);
    expect(down!.syntheticOver.permuted.value).toBeCloseTo(-up!.syntheticOver.permuted.value!, 12);
    expect(down!.shareOfRealGain.value).toBeNull();
  });

  it('no share of a gain that is not there', () => {
    const row = comparisonOf('m', name, ofGains([0.1, 0.1, 0.1, 0.1], [0.2, -0.3, 0.2, -0.2]));
    expect(row.shareOfRealGain).toEqual({
      value: null,
      ci: null,
      note: 'equally many real rows do not gain for certain',
    });
  });
});

describe('agreement', () => {
  it('correlates over the items of both, by hand', () => {
    const sums = sumsOf([
      [5, 4],
      [4, 4],
      [1, 2],
      [3, null],
    ]);
    expect(sums).toMatchObject({ rows: 4, n: 3, likes: 2, likedByBoth: 2, stars: 13 });
    expect(pearson(sums)).toBeCloseTo(42 / Math.sqrt(78 * 24), 12);
  });

  it('is not a number made up where nothing was added', () => {
    const none = agreementOf([{ added: new Map(), rows: 0 }], [], 'none');
    expect(none.met).toMatchObject({ value: null, ci: null });
  });
});
