import { beforeAll, describe, expect, it } from 'vitest';
import { itemSchema } from '../../src/catalogue/item.ts';
import { openTensors } from '../../src/recommend/kit/tensor.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { termsOf } from '../../src/recommend/methods/grlm.ts';
import type { NameItems } from '../../src/recommend/recommender.ts';
import { tabulate } from '../../src/recommend/training-table.ts';
import { isName, writtenAccount, writtenTerms } from '../../src/recommend/written-terms.ts';
import { circle } from './circle.ts';

/** The circle with words: a quarter of its own for each. */
const set = {
  ...circle(),
  items: circle().items.map(({ id }, at) =>
    itemSchema.parse({ id, title: `stop ${'abcdefghijklm'[at]!.repeat(2)} way`, genres: [`q${at % 4}`] }),
  ),
};
const table = tabulate(set);

const nameOf = (id: string): string[] => ['stop', 'visit', 'round', 'walker', id];
/** Names everything but what is left out. */
const naming =
  (...left: string[]): NameItems =>
  async (asked) =>
    asked.map(({ item: { id } }) => (left.includes(id) ? null : nameOf(id)));

describe('a name', () => {
  it.each([
    [['comb', 'hair-care', 'plain', 'women’s', '3d'], true],
    [['haarbürste', 'b', 'c', 'd', 'e'], true],
    [['a', 'b', 'c', 'd'], false],
    [['a', 'b', 'c', 'd', 'e', 'f'], false],
    [['a', 'b', 'c', 'd', 'd'], false],
    [['Comb', 'b', 'c', 'd', 'e'], false],
    [['two words', 'b', 'c', 'd', 'e'], false],
    [['', 'b', 'c', 'd', 'e'], false],
    [['a,b', 'b', 'c', 'd', 'e'], false],
  ])('%j: %s', (words, fits) => {
    expect(isName(words)).toBe(fits);
  });
});

describe('written terms', () => {
  it('are asked for with five other items, the nearest by their words, and leave no item without a name', async () => {
    let seen = 0;
    const { content } = await writtenTerms(set.items, table, async (asked) => {
      for (const { item, neighbours } of asked) {
        seen++;
        expect(neighbours).toHaveLength(5);
        expect(neighbours).not.toContain(item);
      }
      return naming('place-03', 'untouched')(asked);
    });
    expect(seen).toBe(13);
    expect(content.extracted).toBe(2);
    expect(content.terms[0]).toEqual(nameOf('place-00'));
    expect(content.terms[3]).toContain('dd');
    expect(new Set(content.terms.map((words) => words.length))).toEqual(new Set([5]));
    expect(writtenAccount(content)).toMatchObject({
      figures: { written: { items: 13, extracted: 2 }, terms: { items: 13 } },
      lines: expect.arrayContaining([expect.stringContaining('2 of 13 items kept extracted names')]),
    });
  });

  it('are a failure where nothing was named, and wrong usage where nobody can write', async () => {
    const none: NameItems = async (asked) => asked.map(() => null);
    await expect(writtenTerms(set.items, table, none)).rejects.toThrowError(/named none of the 13 items/);
    await expect(writtenTerms(set.items, table, undefined)).rejects.toMatchObject({
      name: 'UsageError',
      hint: expect.stringContaining('--model'),
    });
    expect(() => termsOf(set.items, table, 'written', 1)).toThrowError(/no endpoint is named/);
    const few: NameItems = async (asked) => (await naming()(asked)).slice(1);
    await expect(writtenTerms(set.items, table, few)).rejects.toThrowError(/13 names/);
  });

  describe('in grlm', () => {
    beforeAll(openTensors);
    const settings = { scale: 'xs', epochs: 0, history: 8, validationPeople: 0, terms: 'written' };
    const train = async (nameItems?: NameItems, seed = 1) =>
      (await methodNamed('grlm').train(set, settings, seed, { nameItems })).version;

    it('are part of the version, and the same whatever the seed', async () => {
      const version = await train(naming());
      expect(await train(naming())).toBe(version);
      expect(await train(naming('place-05'))).not.toBe(version);
      const neighbours = async (seed: number): Promise<string> => {
        let told = '';
        await train(async (asked) => {
          told = JSON.stringify(asked);
          return naming()(asked);
        }, seed);
        return told;
      };
      expect(await neighbours(2)).toBe(await neighbours(1));
      await expect(train()).rejects.toThrowError(/no endpoint is named/);
    });
  });
});
