// The sequences of S3-Rec (Zhou et al., CIKM 2020), on which next-item papers compare: NAME.txt holds one line per
// person, the id and then items in order of time; NAME_item2attributes.json beside it gives the attributes of each
// item as numbers. There are no titles, no ratings and no times: every row is a like of 5, and its place in the line
// is its time, so the order of the file is the order of the history.

import { basename } from 'node:path';
import { RehearsalError } from '../../base/error.ts';
import { gather, type Gathering } from './gather.ts';
import type { Importer } from './importer.ts';
import { jsonEntries } from './json-entries.ts';
import { readPersonLines } from './person-rows.ts';
import { findFile, openWithCompanions, type SourceFile } from './source.ts';

const attributesEnding = '_item2attributes.json';
const layout = 'NAME.txt (a person and then items, ids between spaces) beside NAME_item2attributes.json';

export const s3rec: Importer = {
  name: 's3rec',
  summary:
    'sequences of S3-Rec (Amazon Beauty, Toys, Sports, LastFM): the file NAME.txt with NAME_item2attributes.json beside it, or a folder with one such pair',
  takes: [],
  read: async (path, { name }) => {
    const { sequences, attributes } = pairAt(path);
    const gathering = gather('s3rec', path);
    readItems(attributes, gathering);
    readPersonLines(sequences, gathering);
    return gathering.finish({ name, implicit: true, keepItems: 'all' });
  },
};

function pairAt(path: string): { readonly sequences: SourceFile; readonly attributes: SourceFile } {
  const files = openWithCompanions(path);
  const asked = basename(path).replace(/\.gz$/, '');
  const pairs = files
    .filter((file) => file.name.endsWith('.txt'))
    .flatMap((sequences) => {
      const attributes = findFile(files, sequences.name.replace(/\.txt$/, attributesEnding));
      return attributes === undefined ? [] : [{ sequences, attributes }];
    });
  const fitting = asked.endsWith('.txt') ? pairs.filter(({ sequences }) => sequences.name === asked) : pairs;
  const [pair] = fitting;
  if (pair !== undefined && fitting.length === 1) return pair;
  const found = pairs.map(({ sequences }) => sequences.label).join(', ') || 'none';
  throw new RehearsalError(`${path} is not one set of sequences: expected ${layout}; found ${found}.`, {
    hint: 'Give the path of NAME.txt or NAME.txt.gz.',
  });
}

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
