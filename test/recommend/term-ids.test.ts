import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { itemSchema, type Item } from '../../src/catalogue/item.ts';
import { extractTerms, nearestItems } from '../../src/recommend/extract-terms.ts';
import { fullAgreement, generationRates, groundedList, groundingIn } from '../../src/recommend/grounding.ts';
import { baseForm, synonyms, wordsOf } from '../../src/recommend/item-words.ts';
import { readPublishedIds } from '../../src/recommend/published-ids.ts';
import { givenTerms, termReport, withTerms } from '../../src/recommend/term-ids.ts';

const item = (id: string, title: string, genres: string[] = []): Item =>
  itemSchema.parse({ id, title, genres });
const shared = new URL('../../../shared/data/', import.meta.url).pathname;
const published = `${shared}amazon14-termids-grlm/beauty_item_id2tid.json.gz`;

const shop = [
  item('1', 'Red citrus shampoo', ['Hair']),
  item('2', 'Red citrus shampoos', ['Hair']),
  item('3', 'Green mint shampoo', ['Hair']),
  item('4', 'Folding travel mirror', ['Tools']),
  item('5', 'Lighted travel mirror', ['Tools']),
  item('6', 'Comb', ['Tools']),
];
const near = [
  [1, 2],
  [0, 2],
  [0, 1],
  [4, 5],
  [3, 5],
  [3, 4],
];

describe('words of an item', () => {
  it('are in base form, once each, without empty ones', () => {
    expect(wordsOf(item('x', "The Dogs' Stories, and the Dog", ['Movies']))).toEqual([
      'movie',
      'dog',
      'story',
    ]);
    for (const [word, base] of [
      ['boxes', 'box'],
      ['glass', 'glass'],
      ['bus', 'bus'],
      ['batteries', 'battery'],
      ['series', 'series'],
      ['1990s', '1990s'],
    ] as const)
      expect(baseForm(word)).toBe(base);
  });

  it('that stand among the same others and never together get one name, that of the more frequent', () => {
    const documents = Array.from({ length: 240 }, (_, at) => {
      const words = [`kind-${at % 12}`, `use-${at % 12}`, `maker-${at % 12}`];
      return at % 12 > 0 ? words : [...words, at % 36 === 0 ? 'couch' : 'sofa'];
    });
    const names = synonyms(documents);
    expect(names.get('couch')).toBe('sofa');
    expect(names.has('kind-0')).toBe(false);
  });

  it('that stand together are a phrase, however many items have them', () => {
    const documents = Array.from({ length: 240 }, (_, at) =>
      at % 8 > 0 ? [`kind-${at % 8}`] : ['sci', 'fi', `hero-${at % 5}`],
    );
    expect([...synonyms(documents).keys()].filter((word) => word === 'sci' || word === 'fi')).toEqual([]);
  });
});

describe('extracted terms', () => {
  it('are five different words for every item, whatever its metadata', () => {
    const word = fc.constantFrom('red', 'blue', 'ship', 'moon', 'oil', 'tea', 'fox');
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 15 }),
        fc.boolean(),
        (titles, context) => {
          const items = titles.map((words, at) => item(String(at), words.join(' ')));
          const around = items.map((_, at) => [...items.keys()].filter((other) => other !== at).slice(0, 5));
          const terms = extractTerms(items, around, { context });
          for (const words of terms) expect(new Set(words).size).toBe(5);
          expect(extractTerms(items, around, { context })).toEqual(terms);
        },
      ),
      { numRuns: 60, seed: 8 },
    );
  });

  it('begin with what an item shares with its neighbours and end with what sets it apart', () => {
    const terms = extractTerms(shop, near, { context: true });
    expect(terms[2]!.slice(0, 2)).toEqual(['hair', 'shampoo']);
    expect(terms[2]!.slice(3)).not.toContain('shampoo');
    expect(terms[3]!.slice(0, 2)).toEqual(['tool', 'mirror']);
    // Equal metadata: the fifth word gives way, so that both have a name of their own.
    expect(terms[0]).not.toEqual(terms[1]);
    expect(terms[0]!.slice(0, 4)).toEqual(terms[1]!.slice(0, 4));
  });

  it('are found near the nearest by cosine, nearest first, never the item itself', () => {
    const vectors = Float64Array.from([1, 0, 0.9, 0.1, 0, 1, -1, 0]);
    expect(nearestItems(vectors, 2, 2)).toEqual([
      [1, 2],
      [0, 2],
      [1, 0],
      [2, 1],
    ]);
  });
});

describe('given terms', () => {
  it('are read from the attribute, and an item without five words is named', () => {
    const terms = new Map([['1', ['a', 'b', 'c', 'd', 'e']]]);
    expect(givenTerms(withTerms(shop.slice(0, 1), terms))).toEqual([['a', 'b', 'c', 'd', 'e']]);
    expect(() => givenTerms(withTerms(shop, terms))).toThrowError(/"2" has null/);
    // Ten of the published names of Beauty repeat a word.
    const again = new Map([['1', ['a', 'b', 'c', 'd', 'a']]]);
    expect(givenTerms(withTerms(shop.slice(0, 1), again))).toEqual([['a', 'b', 'c', 'd', 'a']]);
    const few = new Map([['1', ['a', 'b', 'c', 'd']]]);
    expect(() => givenTerms(withTerms(shop.slice(0, 1), few))).toThrowError(/5 words .* "a, b, c, d"/);
  });

  it.skipIf(!existsSync(published))(
    'published for Beauty have the figures of the reference (skipped where ../shared/data is absent)',
    () => {
      const report = termReport([...readPublishedIds(published).values()].map((words) => words.slice(0, 5)));
      expect(report).toMatchObject({ items: 12_101, distinct: 11_857, largestBucket: 13, usedOnce: 3849 });
      expect(report.prefixes).toEqual([1114, 6010, 10_220, 11_414, 11_857]);
      expect(report.collisionRate).toBeCloseTo(0.02, 3);
      expect(report.shareInCollision).toBeCloseTo(0.036, 3);
      const codes = readPublishedIds(`${shared}letter-semids/Beauty.index.json.gz`);
      expect(codes.get('0')).toEqual(['<a_183>', '<b_70>', '<c_232>', '<d_6>']);
    },
  );
});

describe('grounding', () => {
  const terms = [
    ['a', 'b', 'c', 'd', 'e'],
    ['a', 'b', 'c', 'd', 'f'],
    ['a', 'x', 'y', 'z', 'e'],
    ['a', 'b', 'c', 'd', 'e'],
  ];
  const grounding = groundingIn(terms, [1, 1, 1, 5]);

  it('gives the whole bucket of an exact match, the more popular first', () => {
    expect(grounding.ground({ words: ['a', 'b', 'c', 'd', 'e'], score: 0 })).toMatchObject({
      by: 'direct',
      items: [3, 0],
    });
  });

  it('else the item that agrees best, early places counting most; nothing where no word agrees', () => {
    const ground = (...words: string[]) => grounding.ground({ words, score: 0 });
    expect(ground('a', 'b', 'c', 'd', 'q')).toMatchObject({ by: 'structural', items: [3] });
    expect(ground('q', 'x', 'c', 'd', 'q')).toMatchObject({ by: 'structural', items: [3] });
    expect(ground('q', 'x', 'y', 'd', 'q')).toMatchObject({ by: 'structural', items: [2] });
    expect(ground('q', 'q', 'q', 'q', 'q')).toMatchObject({ by: 'nothing', items: [] });
    expect(ground('a')).toMatchObject({ by: 'structural', items: [3] });
    expect(grounding.agreement(['a', 'b', 'c', 'd', 'e'])[0]).toBeCloseTo(fullAgreement, 12);
  });

  it('lists each item once, grounded ones first, and fills up by agreement with scores that fall', () => {
    const generations = [
      { words: ['a', 'x', 'y', 'z', 'e'], score: -1 },
      { words: ['a', 'b', 'c', 'd', 'q'], score: -2 },
    ];
    const listed = groundedList(grounding, generations, 4, new Set(), [1, 1, 1, 5]);
    expect(listed.map(({ item: found }) => found)).toEqual([2, 3, 0, 1]);
    expect(listed.map(({ by }) => by)).toEqual(['direct', 'structural', 'further', 'further']);
    const scores = listed.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const direct = groundedList(grounding, generations, 4, new Set(), [1, 1, 1, 5], { directOnly: true });
    expect(direct.map(({ item: found }) => found)).toEqual([2]);
    const grounded = generations.map((one) => grounding.ground(one));
    expect(generationRates([{ grounded, listed }], 10)).toEqual({ valid: 0.5, direct: 0.25 });
    expect(generationRates([], 10)).toEqual({ valid: null, direct: null });
  });

  it.skipIf(!existsSync(published))(
    'a published name with one word corrupted leads back to its item in nine cases of ten',
    () => {
      const all = [...readPublishedIds(published).values()].map((words) => words.slice(0, 5));
      const words = [...new Set(all.flat())];
      const random = randomFrom('corruption');
      const whole = groundingIn(all, new Float64Array(all.length));
      const own = (place: number): number => {
        let found = 0;
        for (let trial = 0; trial < 1000; trial++) {
          const wanted = all[random.integer(all.length)]!;
          const corrupted = wanted.with(place, words[random.integer(words.length)]!);
          const { items } = whole.ground({ words: corrupted, score: 0 });
          // An item of the same name is the same answer.
          if (items.some((one) => all[one]!.join() === wanted.join())) found++;
        }
        return found / 1000;
      };
      for (const place of [0, 4]) expect(own(place)).toBeGreaterThanOrEqual(0.9);
    },
  );
});
