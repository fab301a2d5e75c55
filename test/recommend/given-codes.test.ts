import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importerNamed } from '../../src/catalogue/import/importers.ts';
import { itemSchema, type Item } from '../../src/catalogue/item.ts';
import { givenCodes } from '../../src/recommend/given-codes.ts';
import { wordsOf } from '../../src/recommend/item-words.ts';
import { openTensors } from '../../src/recommend/kit/tensor.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { readPublishedIds, withPublishedIds } from '../../src/recommend/published-ids.ts';
import type { TrainingSet } from '../../src/recommend/recommender.ts';
import { semanticMaterial, semanticSettings, tokensOf } from '../../src/recommend/semantic-settings.ts';
import { sequencesOf } from '../../src/recommend/sequences.ts';
import { tabulate } from '../../src/recommend/training-table.ts';
import { z } from 'zod';
import { requestOf } from '../contracts/recommender.ts';
import { circle, visit } from './circle.ts';

const slow = { timeout: 240_000 };
const shared = new URL('../../../shared/data/', import.meta.url).pathname;
const office = `${shared}amazon18-office`;
const letter = `${shared}letter-semids/Beauty.index.json.gz`;

const coded = (...all: (string | undefined)[]): Item[] =>
  all.map((codes, at) =>
    itemSchema.parse({ id: `i${at}`, title: 'One', attributes: codes === undefined ? {} : { codes } }),
  );

/** The circle with codes: its quarter, its place in the quarter; the last item shares those of the one before. */
function codedCircle(): TrainingSet {
  const set = circle();
  const items = set.items.map((item, at) => ({
    ...item,
    attributes: { codes: `<a_${Math.floor(Math.min(at, 11) / 3)}>,<b_${Math.min(at, 11) % 3}>` },
  }));
  return { ...set, items };
}

/** The semantic IDs of a set under settings. */
async function tokensIn(set: TrainingSet, settings: Readonly<Record<string, unknown>> = {}) {
  const table = tabulate(set);
  const data = { set, table, sequences: sequencesOf(set, table, 1) };
  const chosen = z.object(semanticSettings).parse({ vectors: 'given', ...settings });
  const material = await semanticMaterial(data, chosen);
  return { table, tokens: tokensOf(data, chosen, 1, material?.content) };
}

describe('given codes', () => {
  it('are read level by level, as many as the first item has', () => {
    expect(givenCodes(coded('<a_1>,<b_0>', ' <a_0>, <b_7> '))).toEqual({
      semantic: Int32Array.of(1, 0, 0, 7),
      levels: 2,
      codes: 8,
    });
  });

  it.each([
    [['<a_1>,<b_0>', undefined], /2 codes.*"i1" has null/],
    [[undefined], /1 to 6 codes.*"i0" has null/],
    [['<a_1>,<b_0>', '<a_1>'], /2 codes.*"i1" has "<a_1>"/],
    [['<a_1>,<b_0>', '<b_1>,<a_0>'], /"i1" has "<b_1>,<a_0>"/],
    [['<a_1024>'], /below 1024.*"i0"/],
    [['a_1'], /"i0" has "a_1"/],
    [['<a_1>,<b_1>,<c_1>,<d_1>,<e_1>,<f_1>,<g_1>'], /"i0"/],
  ] as const)('%j are refused, and the item is named', (codes, message) => {
    expect(() => givenCodes(coded(...codes))).toThrowError(message);
  });

  it('are told apart and reported as codes that are made, without vectors to lose', async () => {
    const { table, tokens } = await tokensIn(codedCircle());
    const length = tokens.levels + 1;
    const idOf = (id: string) => [
      ...tokens.full.subarray(table.itemIndex.get(id)! * length, (table.itemIndex.get(id)! + 1) * length),
    ];
    expect(idOf('place-04')).toEqual([1, 1, 0]);
    expect([idOf('place-11'), idOf('untouched')]).toEqual([
      [3, 2, 0],
      [3, 2, 1],
    ]);
    expect(tokens.report).toMatchObject({ collisionRate: 1 / 13, largestBucket: 2 });
    expect(tokens.report.levels[0]).toMatchObject({ utilisation: 1, unexplained: null });
  });

  it('that need more values than there are items are refused', async () => {
    const set = codedCircle();
    const items = set.items.map((item) => ({ ...item, attributes: { codes: '<a_13>' } }));
    await expect(tokensIn({ ...set, items })).rejects.toThrowError(/at least 14 items/);
  });

  it('are no words of an item', () => {
    expect(wordsOf(coded('<a_1>,<b_0>')[0]!)).toEqual(['one']);
  });
});

describe('names that others made for items', () => {
  beforeAll(openTensors);

  const named = (set: TrainingSet): TrainingSet => ({
    ...set,
    items: set.items.map((item, at) => ({
      ...item,
      attributes: { ...item.attributes, terms: `a, b, c, d, e${at % 2}`, codes: `<a_${at % 4}>` },
    })),
  });

  it.each([
    ['tiger', { vectors: 'text', codes: 4, levels: 2, beam: 8, history: 8 }],
    ['grlm', { beam: 8, history: 8 }],
    ['deepfm', {}],
  ] as const)(
    'are nothing that %s reads as words: version and weights are those without them',
    async (name, more) => {
      const settings = { scale: 'xs', epochs: 0, validationPeople: 0, ...more };
      const [without, withNames] = await Promise.all(
        [circle(), named(circle())].map((set) => methodNamed(name).train(set, settings, 1)),
      );
      expect(withNames!.version).toBe(without!.version);
      expect(withNames!.weights).toBe(without!.weights);
      const request = requestOf({ history: visit('03'), k: 5 });
      expect(await withNames!.recommend(request)).toEqual(await without!.recommend(request));
    },
  );

  it('are part of the version where grlm takes them as given', async () => {
    const settings = { terms: 'given', scale: 'xs', epochs: 0, history: 8, validationPeople: 0 };
    const set = named(circle());
    const [one, ...others] = set.items;
    const moved = { ...set, items: [{ ...one!, attributes: { terms: 'a, b, c, d, f' } }, ...others] };
    const [first, second] = await Promise.all(
      [set, moved].map(async (each) => (await methodNamed('grlm').train(each, settings, 1)).version),
    );
    expect(second).not.toBe(first);
  });
});

describe('models over given codes', () => {
  beforeAll(openTensors);

  it.each(['tiger', 'promise', 'onerec-v2'])(
    '%s takes them as they are, and all items are reached by them; other codes are another version',
    slow,
    async (name) => {
      const settings = {
        ...{ scale: 'xs', vectors: 'given', beam: 13, history: 8, rate: 0.02, validationPeople: 0 },
        ...(name === 'promise' ? { negatives: 7 } : {}),
        epochs: 0,
      };
      const set = codedCircle();
      const first = await methodNamed(name).train(set, settings, 1);
      const [one, ...others] = set.items;
      const moved = { ...set, items: [{ ...one!, attributes: { codes: '<a_3>,<b_0>' } }, ...others] };
      expect((await methodNamed(name).train(moved, settings, 1)).version).not.toBe(first.version);
      const { items } = await first.recommend(requestOf({ history: visit('03'), k: 13 }));
      expect(new Set(items.map(({ id }) => id))).toEqual(new Set(set.items.map(({ id }) => id)));
      await expect(methodNamed(name).train(circle(), settings, 1)).rejects.toThrowError(
        /'codes', but "place-00" has null/,
      );
    },
  );
});

describe('published identifiers', () => {
  const items = coded(undefined, undefined);
  const codes = new Map([
    ['i0', ['<a_1>', '<b_0>']],
    ['i1', ['<a_0>', '<b_2>']],
    ['more', ['<a_0>', '<b_2>']],
  ]);
  const words = new Map([
    ['i0', ['a', 'b', 'c', 'd', 'e']],
    ['i1', ['a', 'b', 'c', 'd', 'f', 'g']],
  ]);

  it('fill the attribute of their kind', () => {
    const filled = withPublishedIds(items, codes, 'x.json');
    expect(filled.attribute).toBe('codes');
    expect(filled.items.map(({ attributes }) => attributes)).toEqual([
      { codes: '<a_1>,<b_0>' },
      { codes: '<a_0>,<b_2>' },
    ]);
    const named = withPublishedIds(items, words, 'x.json');
    expect(named.attribute).toBe('terms');
    expect(named.items[1]!.attributes).toEqual({ terms: 'a, b, c, d, f' });
  });

  it('that do not name every item are refused, with how many match', () => {
    const more = [...items, itemSchema.parse({ id: 'unnamed', title: 'x' })];
    expect(() => withPublishedIds(more, codes, 'x.json')).toThrowError(
      /x\.json.*each of the 3 items.*names 2 of them.*"unnamed"/,
    );
  });

  it.skipIf(!existsSync(office))(
    'of MiniOneRec fit its catalogue and have its collisions (skipped where ../shared/data is absent)',
    slow,
    async () => {
      const { catalogue } = await importerNamed('amazon').read(office, { name: 'office' });
      const ids = readPublishedIds(`${office}/Office_Products.index.json`);
      const filled = withPublishedIds(catalogue.items, ids, 'Office_Products.index.json');
      const { tokens } = await tokensIn({ ...catalogue, items: filled.items });
      expect(tokens).toMatchObject({ levels: 3, codes: 256 });
      expect(tokens.report.collisionRate).toBeCloseTo((3459 - 3444) / 3459, 6);
    },
  );

  it.skipIf(!existsSync(letter))(
    'of LETTER have four levels and its distinct IDs, and do not fit other catalogues (skipped where ../shared/data is absent)',
    async () => {
      const ids = readPublishedIds(letter);
      const bare = [...ids.keys()].map((id) => itemSchema.parse({ id, title: id }));
      const { items: filled } = withPublishedIds(bare, ids, letter);
      const { tokens } = await tokensIn({ items: filled, interactions: [] });
      expect(tokens).toMatchObject({ levels: 4, codes: 256 });
      expect(tokens.report.collisionRate).toBeCloseTo((12_101 - 12_088) / 12_101, 6);
      const others = circle().items;
      expect(() => withPublishedIds(others, ids, letter)).toThrowError(/names 0 of them/);
    },
  );
});
