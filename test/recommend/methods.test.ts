import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { itemSchema } from '../../src/catalogue/item.ts';
import { solveInPlace } from '../../src/recommend/cholesky.ts';
import { methodNamed, methods } from '../../src/recommend/methods.ts';
import { meetingTogether } from '../../src/recommend/ppmi.ts';
import type { Slate, TrainingSet } from '../../src/recommend/recommender.ts';
import { tabulate } from '../../src/recommend/training-table.ts';
import { requestOf, smallWorld } from '../contracts/recommender.ts';
import { toySettingsOf } from './toy-settings.ts';

/** Rows 'user item value' → a training set over the named items. */
function world(ids: readonly string[], ...rows: readonly string[]): TrainingSet {
  return {
    items: ids.map((id) => itemSchema.parse({ id, title: id })),
    interactions: rows.map((row, time) => {
      const [user, item, value] = row.split(' ');
      return { user: user!, item: item!, value: Number(value), time };
    }),
  };
}

/** The same items and rows in the opposite order. */
function reversed({ items, interactions }: TrainingSet): TrainingSet {
  return { items: items.toReversed(), interactions: interactions.toReversed() };
}

function scoreOf(slate: Slate, id: string): number {
  return slate.items.find((item) => item.id === id)!.score;
}

describe('the table of methods', () => {
  it('names each method by its own name', () => {
    expect(Object.keys(methods)).toEqual([
      'random',
      'popularity',
      'item-knn',
      'vector-knn',
      'mf',
      'fm',
      'wide-deep',
      'deepfm',
      'dcn',
      'afn',
      'sasrec',
      'tiger',
      'promise',
      'onerec-v2',
      'grlm',
    ]);
    for (const name of Object.keys(methods)) expect(methodNamed(name).name).toBe(name);
  });

  it('answers a misspelt name with the known names and the nearest', () => {
    expect(() => methodNamed('item-nkn')).toThrowError(UsageError);
    expect(() => methodNamed('item-nkn')).toThrowError(
      /random, popularity, item-knn, vector-knn, mf.*"item-nkn"/,
    );
    try {
      methodNamed('popularty');
    } catch (error) {
      expect(error).toMatchObject({ hint: "Did you mean 'popularity'?", exitCode: 2 });
    }
    for (const name of ['', '__proto__', 'constructor'])
      expect(() => methodNamed(name)).toThrowError(UsageError);
  });

  it('refuses unknown and wrong settings by the name of the field', async () => {
    await expect(methodNamed('item-knn').train(smallWorld(), { neighbors: 5 }, 1)).rejects.toThrowError(
      /neighbors/,
    );
    await expect(methodNamed('mf').train(smallWorld(), { factors: 0 }, 1)).rejects.toThrowError(/factors/);
    await expect(methodNamed('mf').train(smallWorld(), { factors: '8' }, 1)).rejects.toBeInstanceOf(
      UsageError,
    );
    await expect(methodNamed('random').train(smallWorld(), { anything: 1 }, 1)).rejects.toThrowError(
      /anything/,
    );
  });

  it('refuses histories about items outside the catalogue, and an item id that comes twice', async () => {
    await expect(methodNamed('popularity').train(world(['a'], 'u b 5'), {}, 1)).rejects.toThrowError(/"b"/);
    await expect(methodNamed('popularity').train(world(['a', 'a']), {}, 1)).rejects.toThrowError(/twice/);
  });
});

describe.each(Object.values(methods))('$name', (method) => {
  const settings = toySettingsOf(method.name);

  it('has a version that changes with data, seed and name only, and answers the same whatever the order of the rows', async () => {
    const set = smallWorld();
    const [first, second] = [
      await method.train(set, settings, 1),
      await method.train(reversed(set), settings, 1),
    ];
    expect(first.version).toMatch(/^[0-9a-f]{64}$/);
    expect(second.version).toBe(first.version);
    const request = requestOf({ history: [{ item: 'item-2', time: 0, value: 5 }] });
    expect(await second.recommend(request)).toEqual(await first.recommend(request));
    // A version is made of what is trained from, whatever comes of it: the least training tells.
    const least = method.hasWeights ? { ...(settings as object), epochs: 0 } : settings;
    const version = async (data: TrainingSet, seed: number) =>
      (await method.train(data, least, seed)).version;
    const base = await version(set, 1);
    expect(await version(reversed(set), 1)).toBe(base);
    expect(await version(set, 2)).not.toBe(base);
    expect(await version({ ...set, interactions: set.interactions.slice(1) }, 1)).not.toBe(base);
  });

  it('can be trained on no histories and still fills a slate', async () => {
    const recommender = await method.train(world(['a', 'b', 'c']), settings, 1);
    expect((await recommender.recommend(requestOf({ k: 3 }))).items).toHaveLength(3);
  });
});

describe('popularity', () => {
  it('counts each person who liked an item once, by the latest rating, ties by id', async () => {
    const set = world(['b', 'a', 'c', 'd'], 'u a 5', 'u b 5', 'v b 2', 'v b 4.5', 'v c 5', 'v c 1', 'w a 4');
    const { items } = await (
      await methodNamed('popularity').train(set, {}, 1)
    ).recommend(requestOf({ k: 4 }));
    expect(items.map(({ id, score }) => [id, score])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 0],
      ['d', -1],
    ]);
  });
});

describe('item-knn', () => {
  it('scores by the shrunk cosine of likes, as computed by hand', async () => {
    // a: u v w; b: u v; c: w x. cos(a,b) = 2/√6 with n = 2; cos(a,c) = 1/√6 with n = 1.
    const set = world(
      ['a', 'b', 'c'],
      'u a 5',
      'v a 5',
      'w a 4',
      'u b 4',
      'v b 5',
      'w c 5',
      'x c 4',
      'x b 1',
    );
    const knn = await methodNamed('item-knn').train(set, { shrinkage: 1, popularityWeight: 0 }, 1);
    const liked = await knn.recommend(requestOf({ k: 3, history: [{ item: 'a', time: 0, value: 5 }] }));
    expect(scoreOf(liked, 'b')).toBeCloseTo((2 / Math.sqrt(6)) * (2 / 3), 12);
    expect(scoreOf(liked, 'c')).toBeCloseTo((1 / Math.sqrt(6)) * (1 / 2), 12);
    expect(scoreOf(liked, 'a')).toBe(0);
  });

  it('keeps only the nearest neighbours', async () => {
    const set = world(['a', 'b', 'c'], 'u a 5', 'u b 5', 'v a 5', 'v b 5', 'w a 5', 'w c 5');
    const knn = await methodNamed('item-knn').train(set, { neighbours: 1, popularityWeight: 0 }, 1);
    const slate = await knn.recommend(requestOf({ k: 3, history: [{ item: 'a', time: 0, value: 5 }] }));
    expect(scoreOf(slate, 'b')).toBeGreaterThan(0);
    expect(scoreOf(slate, 'c')).toBe(0);
  });

  it('can compare values centred on each person instead', async () => {
    const set = world(['a', 'b', 'c'], 'u a 5', 'u b 5', 'u c 1', 'v a 1', 'v b 2', 'v c 5');
    const knn = await methodNamed('item-knn').train(set, { values: 'centred' }, 1);
    const slate = await knn.recommend(
      requestOf({ k: 2, history: [{ item: 'a', time: 0, value: 5 }], exclude: ['a'] }),
    );
    expect(slate.items.map((item) => item.id)).toEqual(['b', 'c']);
  });
});

describe('mf', () => {
  it('folds a person of the training set in to the factors that training would give', async () => {
    // One factor and one item: y = (1 + α) x / ((1 + α) x² + λ) alternates to a fixed point that the fold-in repeats.
    const settings = { factors: 1, iterations: 100, confidence: 3, regularisation: 0.5, popularityWeight: 0 };
    const mf = await methodNamed('mf').train(world(['a'], 'u a 5'), settings, 1);
    const slate = await mf.recommend(requestOf({ k: 1, history: [{ item: 'a', time: 0, value: 5 }] }));
    // At the fixed point x = y, so (1 + α) x² + λ = 1 + α and the score xy = 1 − λ / (1 + α).
    expect(scoreOf(slate, 'a')).toBeCloseTo(1 - 0.5 / 4, 6);
  });

  it('recovers two planted tastes', async () => {
    const mf = await methodNamed('mf').train(smallWorld(), { regularisation: 1, factors: 8 }, 1);
    const history = ['item-1', 'item-3', 'item-7'].map((item, time) => ({ item, time, value: 5 }));
    const { items } = await mf.recommend(requestOf({ history, k: 10, exclude: history.map((h) => h.item) }));
    expect(items.filter(({ id }) => Number(id.slice(5)) % 2 === 1).length).toBeGreaterThanOrEqual(9);
  });
});

describe('vector-knn', () => {
  const set = world(
    ['a', 'b', 'c', 'x', 'y', 'z', 'nobody'],
    ...['1', '2', '3'].flatMap((user) => ['a', 'b', 'c'].map((item) => `${user} ${item} 5`)),
    ...['4', '5', '6', '7'].flatMap((user) => ['x', 'y', 'z'].map((item) => `${user} ${item} 5`)),
  );

  it('puts what is met together with the history before what never is, popular or not', async () => {
    const knn = await methodNamed('vector-knn').train(set, { width: 4 }, 1);
    const history = [{ item: 'a', time: 0, value: 5 }];
    const { items } = await knn.recommend(requestOf({ history, exclude: ['a'], k: 6 }));
    expect(items.slice(0, 2).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(items.at(-1)!.id).toBe('nobody');
    expect(items[0]!.score).toBeGreaterThan(items[2]!.score + 0.5);
  });

  it('lists what is popular for those of whom it knows nothing, or only what they did not like', async () => {
    const knn = await methodNamed('vector-knn').train(set, { width: 4 }, 1);
    for (const history of [[], [{ item: 'a', time: 0, value: 1 }]]) {
      const { items } = await knn.recommend(requestOf({ history, exclude: ['a'], k: 6 }));
      expect(items.map(({ id }) => id)).toEqual(['x', 'y', 'z', 'b', 'c', 'nobody']);
    }
  });

  it('follows the later part of a history more than the earlier', async () => {
    const knn = await methodNamed('vector-knn').train(set, { width: 4, decay: 0.5 }, 1);
    const history = ['a', 'x'].map((item, time) => ({ item, time, value: 5 }));
    const { items } = await knn.recommend(requestOf({ history, exclude: ['a', 'x'], k: 4 }));
    expect(items.map(({ id }) => id).toSorted()).toEqual(['b', 'c', 'y', 'z']);
    expect(
      items
        .slice(0, 2)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['y', 'z']);
  });

  it('weighs what is met together by how much more often that is than by chance', () => {
    // n(a, b) = 1 from one history of two; n(b, c) = 1 likewise; b stands in both.
    const table = tabulate(world(['a', 'b', 'c'], '1 a 5', '1 b 5', '2 b 5', '2 c 5'));
    const rows = meetingTogether(table);
    const all = 2 + 2 ** 0.75;
    expect(rows.map((row) => row.map(({ feature }) => feature))).toEqual([[1], [0, 2], [1]]);
    expect(rows[0]![0]!.weight).toBeCloseTo(Math.log(all / 2 ** 0.75), 12);
    expect(rows[1]![0]!.weight).toBeCloseTo(Math.log(all / 2), 12);
  });
});

describe.each(['item-knn', 'mf'])('%s respects what happens in the visit', (name) => {
  it('a dislike lowers the items of that taste below the same request without it', async () => {
    const recommender = await methodNamed(name).train(smallWorld(), {}, 1);
    const meanOdd = async (value?: number) => {
      const history = value === undefined ? [] : [{ item: 'item-5', time: 9, value }];
      const { items } = await recommender.recommend(requestOf({ history, k: 52, exclude: ['item-5'] }));
      const odd = items.filter(({ id }) => Number(id.slice(5)) % 2 === 1 && Number(id.slice(5)) < 52);
      return odd.reduce((sum, item) => sum + item.score, 0) / odd.length;
    };
    expect(await meanOdd(1)).toBeLessThan(await meanOdd());
    expect(await meanOdd(5)).toBeGreaterThan(await meanOdd());
  });
});

describe('solveInPlace', () => {
  it('solves any ridge system: A x = b', () => {
    const entries = (length: number) =>
      fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }).chain((size) => fc.tuple(entries(size * size), entries(size))),
        ([root, right]) => {
          const size = right.length;
          const matrix = new Float64Array(size * size);
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              for (let k = 0; k < size; k++)
                matrix[i * size + j]! += root[i * size + k]! * root[j * size + k]!;
            }
            matrix[i * size + i]! += 1;
          }
          const solution = Float64Array.from(right);
          solveInPlace(matrix.slice(), solution, size);
          for (let i = 0; i < size; i++) {
            const row = matrix.subarray(i * size, (i + 1) * size);
            expect(row.reduce((sum, value, j) => sum + value * solution[j]!, 0)).toBeCloseTo(right[i]!, 6);
          }
        },
      ),
      { numRuns: 100, seed: 4 },
    );
  });
});
