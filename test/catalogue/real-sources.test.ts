// The importers on published data, against the counts their providers state. The data are not in this repository:
// without ../shared/data these tests are skipped.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digest } from '../../src/base/hash.ts';
import { readCatalogue, writeCatalogue } from '../../src/catalogue/folder.ts';
import { importerNamed } from '../../src/catalogue/import/importers.ts';
import type { Interaction } from '../../src/catalogue/item.ts';
import { givenCodes } from '../../src/recommend/given-codes.ts';
import { givenTerms } from '../../src/recommend/term-ids.ts';
import { shownQuality, splitHistories } from '../../src/catalogue/split.ts';

const data = '../shared/data';
const root = mkdtempSync(join(tmpdir(), 'rehearsal-real-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const published = [
  {
    source: 'movielens',
    folder: 'ml-latest-small-2016',
    items: 9125,
    people: 671,
    interactions: 100_004,
    implicit: false,
  },
  { source: 'recbole', folder: 'ml-100k', items: 1682, people: 943, interactions: 100_000, implicit: false },
  {
    source: 'agent4rec',
    folder: 'agent4rec-ml1m',
    items: 3292,
    people: 1000,
    interactions: 185_249,
    implicit: true,
  },
  {
    source: 'amazon',
    folder: 'amazon18-office',
    items: 3459,
    people: 3231,
    interactions: 21_188,
    implicit: true,
  },
];

const same = (a: Interaction, b: Interaction | undefined): boolean =>
  a.user === b?.user && a.item === b.item && a.time === b.time && a.value === b.value;

for (const { source, folder, implicit, ...counts } of published) {
  describe.skipIf(!existsSync(join(data, folder)))(
    `${source} on ${folder} (skipped where ${data}/${folder} is absent)`,
    () => {
      it('has the published counts, and is read back from its folder as it was written', async () => {
        const imported = await importerNamed(source).read(join(data, folder), { name: source });
        const { catalogue, report } = imported;
        expect(report).toMatchObject(counts);
        expect(catalogue.implicit).toBe(implicit);
        expect(report.dropped.filter(({ reason }) => reason === 'malformed')).toEqual([]);
        writeCatalogue(imported, root);
        const back = readCatalogue(source, root);
        expect(digest(back.items)).toBe(digest(catalogue.items));
        expect(back.people).toEqual(catalogue.people);
        expect(back.interactions.length).toBe(catalogue.interactions.length);
        expect(back.interactions.findIndex((row, index) => !same(row, catalogue.interactions[index]))).toBe(
          -1,
        );
      });
    },
  );
}

describe.skipIf(!existsSync(join(data, 'amazon-s3rec')))(
  `s3rec on amazon-s3rec (skipped where ${data} is absent)`,
  () => {
    it('has the counts of the benchmark, in the order of the file', async () => {
      const path = join(data, 'amazon-s3rec/Beauty.txt.gz');
      const { catalogue, report } = await importerNamed('s3rec').read(path, { name: 'beauty' });
      expect(report).toMatchObject({ items: 12_101, people: 22_363, interactions: 198_502, dropped: [] });
      const second = catalogue.interactions.filter(({ user }) => user === '2');
      expect(second.map(({ item }) => item)).toEqual(['6', '7', '8', '9', '10', '4', '11']);
      expect(catalogue.items.find(({ id }) => id === '4')?.attributes).toEqual({ attributes: 'a1 a2 a3' });
    });
  },
);

describe.skipIf(!existsSync(join(data, 'letter-semids')))(
  `sequences with published IDs (skipped where ${data} is absent)`,
  () => {
    it.each([
      [
        'amazon14-termids-grlm/beauty.sequential_data.txt.gz',
        12_101,
        22_363,
        194_687,
        '1',
        '1,2,3,4,5,6,7,8',
      ],
      ['letter-semids/Beauty.inter.json.gz', 12_101, 22_363, 198_502, '1', '5,6,7,8,9,3,10'],
    ])(
      '%s has the counts of its notes, in the order of the file',
      async (path, items, people, rows, user, own) => {
        const { catalogue, report } = await importerNamed('sequences').read(join(data, path), { name: 'x' });
        expect(report).toMatchObject({ items, people, interactions: rows, dropped: [] });
        const first = catalogue.interactions.filter((row) => row.user === user);
        expect(first.map(({ item }) => item).join()).toBe(own);
      },
    );

    it('words and codes come with the items, for models that take them as given', async () => {
      const named = await importerNamed('sequences').read(
        join(data, 'amazon14-termids-grlm/beauty.sequential_data.txt.gz'),
        { name: 'x' },
      );
      const words = givenTerms(named.catalogue.items);
      expect(words[0]).toEqual(['hair-mask', 'color-lock', 'citrus', 'protein', 'unisex']);
      expect(new Set(words.map((all) => all.join(' '))).size).toBe(11_857);
      const coded = await importerNamed('sequences').read(join(data, 'letter-semids/Beauty.inter.json.gz'), {
        name: 'x',
      });
      const { semantic, levels } = givenCodes(coded.catalogue.items);
      expect(levels).toBe(4);
      expect(new Set(coded.catalogue.items.map(({ attributes }) => attributes['codes'])).size).toBe(12_088);
      expect([...semantic.subarray(0, 4)]).toEqual([183, 70, 232, 6]);
    });
  },
);

describe.skipIf(!existsSync(join(data, 'agent4rec-ml1m')))(
  `agent4rec's parts (skipped where ${data} is absent)`,
  () => {
    it('become the times 0, 1, 2, and its ratings are kept as what is shown', async () => {
      const { catalogue } = await importerNamed('agent4rec').read(join(data, 'agent4rec-ml1m'), {
        name: 'x',
      });
      expect(
        [0, 1, 2].map((time) => catalogue.interactions.filter((row) => row.time === time).length),
      ).toEqual([74_271, 55_486, 55_492]);
      const [toyStory] = shownQuality(catalogue.items, splitHistories(catalogue).armTraining);
      expect(toyStory).toMatchObject({ title: 'Toy Story', year: 1995, rating: 4.146846413095811 });
      expect(toyStory?.votes).toBeGreaterThan(100);
    });
  },
);
