import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { itemVectors } from '../../src/recommend/item-vectors.ts';
import { prefixPurity, tokenAccount } from '../../src/recommend/token-report.ts';
import { tabulate } from '../../src/recommend/training-table.ts';
import { tokenise } from '../../src/recommend/tokenise.ts';
import { smallWorld } from '../contracts/recommender.ts';

/** Four groups far apart, each of four clouds around it: sixteen clouds of `each` points. */
const clouds = (each: number, spread = 0.01) => {
  const random = randomFrom('clouds');
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => [x, y] as const));
  const centres = corners.flatMap(([x, y]) => corners.map(([dx, dy]) => [20 * x + 2 * dx, 20 * y + 2 * dy]));
  return Float64Array.from(
    centres.flatMap(([x, y]) =>
      Array.from({ length: each }, () => [
        x! + spread * random.normal(),
        y! + spread * random.normal(),
      ]).flat(),
    ),
  );
};
const plan = { levels: 2, codes: 4, balanced: false };

describe('semantic IDs', () => {
  it('tell every item apart, whatever the vectors', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
          minLength: 4,
          maxLength: 40,
        }),
        fc.boolean(),
        (points, balanced) => {
          const tokens = tokenise(Float64Array.from(points.flat()), 2, { ...plan, balanced }, randomFrom(1));
          const ids = points.map((_, item) => tokens.full.subarray(item * 3, item * 3 + 3).join());
          expect(new Set(ids).size).toBe(points.length);
          expect(
            tokens.full.every((code, at) => code >= 0 && code < (at % 3 === 2 ? tokens.lastCodes : 4)),
          ).toBe(true);
          for (const level of tokens.report.levels) expect(level.unexplained).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
      { numRuns: 60, seed: 6 },
    );
  });

  it('find planted clouds in two levels, with every code in use and nearly nothing left unexplained', () => {
    const { report, semantic } = tokenise(clouds(20), 2, plan, randomFrom(2));
    const cloudOf = (item: number): string => semantic.subarray(item * 2, item * 2 + 2).join();
    for (let cloud = 0; cloud < 16; cloud++) {
      const ids = Array.from({ length: 20 }, (_, place) => cloudOf(cloud * 20 + place));
      expect(new Set(ids).size).toBe(1);
    }
    expect(new Set(Array.from({ length: 16 }, (_, cloud) => cloudOf(cloud * 20))).size).toBe(16);
    expect(report.levels[0]!.utilisation).toBe(1);
    expect(report.levels[1]!.unexplained).toBeLessThan(0.001);
    expect(report).toMatchObject({ collisionRate: 304 / 320, shareInCollision: 1, largestBucket: 20 });
  });

  it('are spread evenly where cells are balanced', () => {
    const skewed = Float64Array.from({ length: 200 }, (_, at) => (at < 160 ? at / 1000 : at));
    const { semantic } = tokenise(skewed, 2, { levels: 1, codes: 4, balanced: true }, randomFrom(3));
    const sizes = [0, 1, 2, 3].map((code) => semantic.filter((one) => one === code).length);
    expect(sizes).toEqual([25, 25, 25, 25]);
  });

  it('are spread as evenly as can be on every level, whatever is left over', () => {
    const random = randomFrom(5);
    const vectors = Float64Array.from({ length: 2 * 103 }, () => random.uniform() ** 3);
    const { semantic } = tokenise(vectors, 2, { levels: 3, codes: 12, balanced: true }, randomFrom(3));
    for (const level of [0, 1, 2]) {
      const sizes = Array<number>(12).fill(0);
      for (let item = 0; item < 103; item++) sizes[semantic[3 * item + level]!]!++;
      expect(sizes.toSorted((a, b) => a - b)).toEqual([
        ...Array<number>(5).fill(8),
        ...Array<number>(7).fill(9),
      ]);
    }
  });

  it('repeat for the same stream, and refuse more codes than items', () => {
    const vectors = clouds(3, 1);
    const again = () => tokenise(vectors, 2, plan, randomFrom(4)).full;
    expect(again()).toEqual(again());
    expect(() => tokenise(vectors, 2, { ...plan, codes: 49 }, randomFrom(4))).toThrowError(/at least 49/);
  });
});

describe('the purity of prefixes', () => {
  it('is the share of items of the commonest label, grows with depth, and stands beside chance', () => {
    const semantic = Int32Array.of(0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1);
    const labels = ['a', 'b', 'b', 'c', 'c', undefined];
    const found = prefixPurity(semantic, 2, labels, randomFrom(1));
    expect(found.map(({ purity }) => purity)).toEqual([4 / 5, 1]);
    for (const { purity, chance } of found) expect(chance!).toBeLessThanOrEqual(purity!);
    expect(
      prefixPurity(
        semantic,
        2,
        labels.map(() => undefined),
        randomFrom(1),
      )[0],
    ).toEqual({
      purity: null,
      chance: null,
    });
  });

  it('of planted clouds is whole, of labels by chance it is chance', () => {
    const { semantic } = tokenise(clouds(20), 2, plan, randomFrom(2));
    const groups = Array.from({ length: 320 }, (_, item) => String(Math.floor(item / 80)));
    const [first] = prefixPurity(semantic, 2, groups, randomFrom(5));
    expect(first!.purity).toBe(1);
    expect(first!.chance).toBeLessThan(0.4);
  });
});

describe('item vectors', () => {
  it.each([
    [1, 2, true],
    [3, 16, false],
  ])('of %i levels of %i codes say whether they are too few for the catalogue: %s', (levels, codes, few) => {
    const set = smallWorld();
    const table = tabulate(set);
    const random = randomFrom('vectors');
    const vectors = Float64Array.from({ length: table.itemIds.length * 8 }, () => random.normal());
    const tokens = tokenise(vectors, 8, { levels, codes, balanced: false }, randomFrom(1));
    expect(tokens.report.collisionRate! > 0.05).toBe(few);
    const { lines } = tokenAccount(tokens, set.items, table, randomFrom(1));
    expect(lines.some((line) => line.includes('more than 5.0 % collide'))).toBe(few);
  });

  it('put items with the same people near each other, and say the same for the same stream', () => {
    const set = smallWorld();
    const likes = { ...set, interactions: set.interactions.filter((row) => row.value >= 4) };
    const table = tabulate(likes);
    const vectors = itemVectors(set.items, table, 'collaborative', 8, randomFrom(1));
    expect(itemVectors(set.items, table, 'collaborative', 8, randomFrom(1))).toEqual(vectors);
    const at = (id: string) =>
      vectors.subarray(table.itemIndex.get(id)! * 8, (table.itemIndex.get(id)! + 1) * 8);
    const cosine = (a: Float64Array, b: Float64Array): number => {
      const dot = (x: Float64Array, y: Float64Array) =>
        x.reduce((sum, value, axis) => sum + value * y[axis]!, 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    expect(cosine(at('item-1'), at('item-3'))).toBeGreaterThan(cosine(at('item-1'), at('item-2')) + 0.3);
  });

  it('read words too: the same words, the same vector', () => {
    const set = smallWorld();
    const items = set.items.map((item, place) => ({
      ...item,
      title: place % 2 === 0 ? 'red ship' : 'blue moon',
    }));
    const vectors = itemVectors(items, tabulate(set), 'text', 4, randomFrom(1));
    const table = tabulate(set);
    const at = (id: string) => [
      ...vectors.subarray(table.itemIndex.get(id)! * 4, table.itemIndex.get(id)! * 4 + 4),
    ];
    expect(at('item-4')).toEqual(at('item-2'));
    expect(at('item-3')).not.toEqual(at('item-2'));
  });
});
