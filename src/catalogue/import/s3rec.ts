// The sequences of S3-Rec (Zhou et al., CIKM 2020), on which next-item papers compare: NAME.txt holds one line per
// person, the id and then items in order of time; NAME_item2attributes.json beside it gives the attributes of each
// item as numbers. There are no titles, no ratings and no times: every row is a like of 5, and its place in the line
// is its time, so the order of the file is the order of the history.

import { gather, type Gathering } from './gather.ts';
import type { Importer } from './importer.ts';
import { jsonEntries } from './json-entries.ts';
import { pairAt, type Layout } from './paired-files.ts';
import { readPersonLines } from './person-rows.ts';
import type { SourceFile } from './source.ts';

const layouts: readonly Layout[] = [{ sequences: '.txt', items: '_item2attributes.json' }];

export const s3rec: Importer = {
  name: 's3rec',
  summary:
    'sequences of S3-Rec (Amazon Beauty, Toys, Sports, LastFM): the file NAME.txt with NAME_item2attributes.json beside it, or a folder with one such pair',
  takes: [],
  read: async (path, { name }) => {
    const { sequences, items } = pairAt(path, layouts);
    const gathering = gather('s3rec', path);
    readItems(items, gathering);
    readPersonLines(sequences, gathering);
    return gathering.finish({ name, implicit: true, keepItems: 'all' });
  },
};

/** Items by their attributes, written a1 a2 … so that they are words; the id stands for the title that is not there. */
function readItems(file: SourceFile, gathering: Gathering): void {
  const expected = 'item → [attribute, …]';
  gathering.rows(file.label, jsonEntries(file, expected), expected, ({ line, id, value }) => {
    if (!Array.isArray(value) || !value.every((one) => Number.isInteger(one)))
      return `the attributes of ${id} are not numbers`;
    const attributes = value.map((one) => `a${String(one)}`).join(' ');
    return gathering.item(
      { id, title: `Item ${id}`, attributes: attributes === '' ? {} : { attributes } },
      file.label,
      line,
    );
  });
}
