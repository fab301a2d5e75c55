// Sequences with published IDs, and nothing else of the items: GRLM's NAME.sequential_data.txt, one line a person, the id and
// then items in order of time, beside NAME_item_id2tid.json with five words an item; LETTER's NAME.inter.json, person →
// items, beside NAME.index.json with codes. The two belong together, since every publication numbers items in its own
// way. A row is a like of 5, its place is its time; words stand for the title, and else the id does.

import { RehearsalError } from '../../base/error.ts';
import { gather, type DropReason, type Gathering } from './gather.ts';
import type { Importer } from './importer.ts';
import { jsonEntries } from './json-entries.ts';
import { pairAt, type Layout } from './paired-files.ts';
import { readPersonLines, takePerson } from './person-rows.ts';
import type { SourceFile } from './source.ts';

/** Endings of the two files of a publication. */
const layouts: readonly Layout[] = [
  { sequences: '.sequential_data.txt', items: '_item_id2tid.json' },
  { sequences: '.inter.json', items: '.index.json' },
];
const wordsOfName = 5;

export const sequences: Importer = {
  name: 'sequences',
  summary: `sequences with published IDs (GRLM, LETTER): the file NAME.sequential_data.txt with NAME_item_id2tid.json beside it, NAME.inter.json with NAME.index.json, or a folder with one such pair; no --ids is needed`,
  takes: [],
  read: async (path, { name }) => {
    const { sequences: told, items: ids } = pairAt(path, layouts);
    const gathering = gather('sequences', path);
    readItems(ids, gathering);
    if (told.name.endsWith('.json')) {
      const expected = 'person → [item, …]';
      gathering.rows(told.label, jsonEntries(told, expected), expected, ({ line, id, value }) =>
        Array.isArray(value)
          ? takePerson(gathering, told, line, [
              id,
              ...value.map((item) => (typeof item === 'number' ? String(item) : '')),
            ])
          : `the items of ${id} are not a list`,
      );
    } else readPersonLines(told, gathering);
    const imported = gathering.finish({ name, implicit: true, keepItems: 'all' });
    const unknown: DropReason = 'item not in the item file';
    const strange = imported.report.dropped.find(({ reason }) => reason === unknown);
    if (strange === undefined) return imported;
    throw new RehearsalError(
      `${ids.label} was expected to name every item of ${told.label}, but lacks those of ${strange.count} steps, the first at ${strange.examples[0]}.`,
      {
        hint: 'It is the index of another data set: put the one beside the sequences that was published with them.',
      },
    );
  },
};

/** Items by their IDs: codes in angle brackets go into the attribute `codes`, the first five words into `terms`. */
function readItems(file: SourceFile, gathering: Gathering): void {
  const expected = 'item → [word, …] or [code, …]';
  gathering.rows(file.label, jsonEntries(file, expected), expected, ({ line, id, value }) => {
    if (!Array.isArray(value) || !value.every((one) => typeof one === 'string' && one.trim() !== ''))
      return `the words of ${id} are not a list of words`;
    const words = value as readonly string[];
    const areCodes = words.every((word) => word.startsWith('<'));
    if (!areCodes && words.length < wordsOfName) return `${id} has ${words.length} words, not ${wordsOfName}`;
    const terms = words.slice(0, wordsOfName);
    return gathering.item(
      areCodes
        ? { id, title: `Item ${id}`, attributes: { codes: words.join(',') } }
        : { id, title: terms.join(' '), attributes: { terms: terms.join(', ') } },
      file.label,
      line,
    );
  });
}
