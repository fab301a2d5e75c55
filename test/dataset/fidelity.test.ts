// The fidelity sheet against numbers that nobody here computed: the published shares and sittings of ml-100k.

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importerNamed } from '../../src/catalogue/import/importers.ts';
import { fidelityOf, shapeOf, type ShapeRow } from '../../src/dataset/fidelity.ts';

const ml100k = '../shared/data/ml-100k';
const row = (
  user: string,
  item: string,
  stars: number | null = null,
  sitting: string | null = null,
): ShapeRow => ({
  user,
  item,
  stars,
  sitting,
});

describe('the shape of rows', () => {
  it('is null over nothing', () => {
    expect(shapeOf([], 3)).toBeNull();
  });

  it('counts by hand', () => {
    const shape = shapeOf(
      [row('a', 'x', 5, 's'), row('a', 'y', 4, 's'), row('b', 'x', null, 't'), row('b', 'x')],
      4,
    )!;
    expect(shape).toMatchObject({
      users: 2,
      items: 2,
      rows: 4,
      ratings: { n: 2, mean: 4.5, shares: [0, 0, 0, 0.5, 0.5] },
    });
    // Counts 3, 1, 0, 0 over four items: half of the items have all rows; Gini = Σ(2i − n − 1)x / (nΣx) = 10/16.
    expect(shape.popularity.at(-1)).toEqual({ top: 0.5, share: 1 });
    expect(shape.popularity[0]!.share).toBe(0.75);
    expect(shape.gini).toBeCloseTo(10 / 16, 12);
    expect(shape.perSitting).toEqual({ n: 2, median: 2, p75: 2, p90: 2 });
  });

  it('has no inequality where every item is met alike', () => {
    expect(shapeOf([row('a', 'x'), row('b', 'y')], 2)!.gini).toBeCloseTo(0, 12);
  });
});

describe('against a source', () => {
  it('says why where there is none', () => {
    const sheet = fidelityOf(shapeOf([row('a', 'x', 5)], 1)!, 'It is not here.');
    expect(sheet).toMatchObject({
      source: null,
      starDistance: null,
      popularityDistance: null,
      notes: ['It is not here.'],
    });
  });

  it('knows no sittings where times are only an order, and no stars where there are likes', () => {
    const catalogue = {
      name: 'c',
      implicit: true,
      items: [],
      people: [],
      interactions: [{ user: 'a', item: 'x', time: 1, value: 5 }],
    };
    const sheet = fidelityOf(shapeOf([row('a', 'x', 5)], 1)!, catalogue);
    expect(sheet.source).toMatchObject({ ratings: null, perSitting: null });
    expect(sheet.starDistance).toBeNull();
    expect(sheet.notes).toHaveLength(3);
  });

  it.skipIf(!existsSync(ml100k))(
    'finds the published shares and sittings of ml-100k (skipped where ../shared/data/ml-100k is absent)',
    async () => {
      const { catalogue } = await importerNamed('recbole').read(ml100k, { name: 'ml-100k' });
      const sheet = fidelityOf(shapeOf([row('a', '1', 3)], 1682)!, catalogue);
      const { ratings, perSitting, users, items, rows } = sheet.source!;
      expect([users, items, rows]).toEqual([943, 1682, 100_000]);
      expect(ratings!.mean).toBeCloseTo(3.53, 2);
      expect(ratings!.shares.map((share) => share.toFixed(3))).toEqual([
        '0.061',
        '0.114',
        '0.271',
        '0.342',
        '0.212',
      ]);
      expect(perSitting).toEqual({ n: 2793, median: 11, p75: 42, p90: 106 });
      expect(sheet.starDistance).toBeCloseTo(1 - ratings!.shares[2]!, 12);
    },
  );
});
