// The contest of names as it is printed: what was written, what it grounds to, and how the names themselves are.

import type { NamesReport } from './names.ts';
import { sectionName, table, type Section } from './page.ts';
import { pairedText } from './paired-grades.ts';

/** Sections of docs/bench.md, one for each data set and seed. */
export function namesSections(reports: readonly NamesReport[], command: string, seed: number): Section[] {
  return reports.map(({ set, told, people, rows }) => ({
    name: sectionName('names', set, seed),
    command,
    lines: [
      `grlm asked for the last step of ${people.toLocaleString('en-US')} people. VR@10: names among the first ten written that are some item's. DHR@10: items of the list that were named exactly. Differences in Recall@10 have 95 % intervals, paired bootstrap over people. An item's metadata: ${told}.`,
      '',
      ...table(
        [
          'writer',
          'VR@10',
          'DHR@10',
          'Recall@10, exact alone',
          'Recall@10',
          'structural − exact',
          `over ${rows[0]!.writer}`,
        ],
        rows.map(({ writer, valid, direct, recallDirect, recall, differences }) => [
          writer,
          ...[valid, direct].map((share) => share?.toFixed(4) ?? '–'),
          ...[recallDirect, recall].map((share) => share.toFixed(4)),
          pairedText(differences[0]!),
          differences[1] === undefined ? '–' : pairedText(differences[1]),
        ]),
      ),
      '',
      ...table(
        [
          'names of',
          'words',
          'in one item only',
          'beginnings of 1 to 5 words',
          'collisions',
          'nobody met: asked for, found, in any list',
        ],
        rows.map(({ writer, terms, cold }) => [
          writer,
          String(terms.words),
          String(terms.usedOnce),
          terms.prefixes.join(', '),
          terms.collisionRate === null ? '–' : `${(100 * terms.collisionRate).toFixed(1)} %`,
          `${cold.cases}, ${cold.found}, ${cold.listed}`,
        ]),
      ),
    ],
  }));
}
