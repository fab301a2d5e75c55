import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import {
  engagementByPage,
  impressionsOf,
  oddsRatio,
  slotEffect,
  splitHalfFloor,
  starShares,
  starsOf,
  totalVariation,
  type Impression,
} from '../../src/likeness/shape.ts';

const impression = (fields: Partial<Impression>): Impression => ({
  visitor: 'v',
  page: 1,
  slot: 1,
  liked: false,
  opened: false,
  ...fields,
});
/** `open` of `shown` impressions are opened, spread over thirteen visitors. */
const some = (shown: number, open: number, fields: Partial<Impression>): Impression[] =>
  Array.from({ length: shown }, (_, index) =>
    impression({ ...fields, visitor: `v${index % 13}`, opened: index < open }),
  );

describe('the odds ratio of liked against other items', () => {
  it('is (a + ½)(d + ½)/((b + ½)(c + ½))', () => {
    const impressions = [...some(20, 8, { liked: true }), ...some(40, 4, { liked: false })];
    expect(oddsRatio(impressions, 1).value).toBeCloseTo((8.5 * 36.5) / (12.5 * 4.5), 12);
  });

  it('is 1 where nothing was opened and both are shown equally', () => {
    expect(oddsRatio([...some(10, 0, { liked: true }), ...some(10, 0, { liked: false })], 1).value).toBe(1);
  });

  it('has an interval that holds it, the same for the same seed, and of width 0 when visitors are equal', () => {
    const impressions = [...some(20, 8, { liked: true }), ...some(40, 4, { liked: false })];
    const figure = oddsRatio(impressions, 7);
    expect(oddsRatio(impressions, 7)).toEqual(figure);
    expect(oddsRatio(impressions, 8).ci).not.toEqual(figure.ci);
    expect(figure.ci[0]).toBeLessThanOrEqual(figure.value);
    expect(figure.ci[1]).toBeGreaterThanOrEqual(figure.value);
    const equal = ['a', 'b', 'c'].flatMap((visitor) => [
      impression({ visitor, liked: true, opened: true }),
      impression({ visitor, liked: false }),
    ]);
    const { value, ci } = oddsRatio(equal, 1);
    expect(ci).toEqual([value, value]);
  });

  it('resamples visitors, not impressions: one visitor alone gives no spread', () => {
    const alone = [...some(20, 8, { liked: true }), ...some(40, 4, {})].map((row) => ({
      ...row,
      visitor: 'v',
    }));
    const { value, ci } = oddsRatio(alone, 1);
    expect(ci).toEqual([value, value]);
  });
});

describe('the slot effect', () => {
  const slots = (rates: readonly number[]): Impression[] =>
    rates.flatMap((open, index) => some(40, open, { slot: index + 1 }));

  it('is the open rate of the first third over that of the last third', () => {
    expect(slotEffect(slots([20, 10, 5, 5, 5, 6]), 1).value).toBeCloseTo(30 / 11, 12);
    expect(slotEffect(slots([8, 8, 8, 8, 8, 8, 8, 8, 8, 8]), 1).value).toBe(1);
    expect(slotEffect(slots([8, 8, 8, 8, 1, 1, 4, 4, 4, 4]), 1).value).toBe(2);
  });

  it('has an interval around 1 where place does nothing, and above 1 where it does much', () => {
    const [flat, steep] = [slotEffect(slots([8, 8, 8]), 3), slotEffect(slots([32, 12, 4]), 3)];
    expect(flat.ci[0]).toBeLessThanOrEqual(1);
    expect(flat.ci[1]).toBeGreaterThanOrEqual(1);
    expect(steep.ci[0]).toBeGreaterThan(1);
  });
});

describe('engagement by page', () => {
  it('is the open rate of each page that enough impressions reached, in order', () => {
    const impressions = [
      ...some(20, 2, { page: 2 }),
      ...some(40, 10, { page: 1 }),
      ...some(3, 3, { page: 3 }),
    ];
    const pages = engagementByPage(impressions, 10, 1);
    expect(pages.map(({ page, rate, impressions: count }) => [page, rate.value, count])).toEqual([
      [1, 0.25, 40],
      [2, 0.1, 20],
    ]);
  });
});

describe('rating histograms', () => {
  it('are shares of 1 to 5 stars, halves rounded up', () => {
    expect(starShares([0.5, 1, 2.5, 3, 4.5, 5, 5, 5])).toEqual([0.25, 0, 0.25, 0, 0.5]);
  });

  it('differ by half the sum of absolute differences: a metric between 0 and 1', () => {
    expect(totalVariation([1, 0, 0], [0, 0, 1])).toBe(1);
    expect(totalVariation([0.5, 0.5, 0], [0.25, 0.5, 0.25])).toBe(0.25);
    const anyShares = fc
      .array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 })
      .filter((counts) => counts.some((count) => count > 0))
      .map((counts) => counts.map((count) => count / counts.reduce((sum, value) => sum + value, 0)));
    fc.assert(
      fc.property(anyShares, anyShares, anyShares, (a, b, c) => {
        expect(totalVariation(a, a)).toBe(0);
        expect(totalVariation(a, b)).toBe(totalVariation(b, a));
        expect(totalVariation(a, b)).toBeLessThanOrEqual(1 + 1e-12);
        expect(totalVariation(a, c)).toBeLessThanOrEqual(totalVariation(a, b) + totalVariation(b, c) + 1e-12);
      }),
      { seed: 1 },
    );
  });

  it('have a floor of 0 for people who rate alike, and above 0 for people who do not', () => {
    const people = (ratings: (person: number) => number[]): Map<string, number[]> =>
      new Map(Array.from({ length: 20 }, (_, person) => [`p${person}`, ratings(person)]));
    expect(
      splitHalfFloor(
        people(() => [3, 4, 5]),
        1,
      ),
    ).toBe(0);
    const mixed = people((person) => [1 + (person % 5), 5]);
    const floor = splitHalfFloor(mixed, 1);
    expect(floor).toBeGreaterThan(0);
    expect(floor).toBeLessThan(0.5);
    expect(splitHalfFloor(new Map([...mixed].reverse()), 1)).toBe(floor);
  });
});

describe('reading a record', () => {
  it('takes home impressions and stars of complete sessions of the arm, and nothing else', () => {
    const database = openDatabase(':memory:');
    const record = writer(database);
    const about = { activity: 'low', diversity: 'low', conformity: 'low', profile: {} } as const;
    record.saveItems(['a', 'b', 'c'].map((id) => ({ id, title: id, genres: [] })));
    const shown = (list: 'home' | 'results', slate: number) =>
      ({
        type: 'slate-shown',
        time: 0,
        slate,
        list,
        page: 1,
        method: 'm',
        version: '1',
        items: ['a', 'b'].map((item, index) => ({
          item,
          slot: index + 1,
          score: 1 - index,
          propensity: 1,
          inView: true,
        })),
      }) as const;
    for (const [visitor, arm, status] of [
      ['one', 'probe', 'complete'],
      ['two', 'probe', 'truncated'],
      ['one', 'other', 'complete'],
    ] as const) {
      record.saveVisitor({ id: visitor, ...about });
      record.saveSession(
        {
          visitor,
          arm,
          replicate: 1,
          mind: 'm',
          mindVersion: '1',
          seed: 1,
          status,
          exitReason: status === 'complete' ? 'bored' : 'step-limit',
          failureKind: null,
          failureMessage: null,
          steps: 3,
          simulatedSeconds: 9,
          wallMs: 1,
        },
        [
          { type: 'visit-started', time: 0, budget: 9 },
          shown('home', 1),
          { type: 'item-opened', time: 1, item: 'a', slate: 1, slot: 1 },
          { type: 'item-watched', time: 2, item: 'a', slate: 1, slot: 1 },
          { type: 'item-rated', time: 3, item: 'a', slate: 1, slot: 1, stars: 4 },
          shown('results', 2),
          { type: 'visit-ended', time: 4, reason: status === 'complete' ? 'bored' : 'step-limit' },
        ],
      );
    }
    expect(impressionsOf(database, 'probe')).toMatchObject([
      { visitor: 'one', page: 1, slot: 1, liked: true, opened: true },
      { visitor: 'one', page: 1, slot: 2, liked: false, opened: false },
    ]);
    expect(impressionsOf(database, 'probe')).toHaveLength(2);
    expect(starsOf(database, 'probe')).toEqual([4]);
    database.close();
  });
});
