// Writes docs/datasets.md out of the tables and the formats, so that the page cannot lie. Run as a program it prints
// the page; test/dataset/page.test.ts holds the file and this text equal.

import { exporters } from './exporters.ts';
import { tables } from './tables.ts';

/** The whole page in Markdown. */
export function datasetPage(): string {
  return [
    '# Data sets out of runs',
    '',
    'This page is generated from `src/dataset` by `npx node src/dataset/dataset-page.ts`; do not edit it.',
    '',
    '`rehearsal export RUN --to FORMAT` writes a run as a data set: rows, `card.json` with its JSON Schema, and `README.md`.',
    'Every row of a visit says which run, arm, visitor, mind, model, prompts and seed it comes from, and that it is synthetic;',
    'formats whose columns are fixed have it line by line in `provenance.csv`. Failed sessions are never rows.',
    '',
    'A user is a visitor under one arm (`visitor@arm`), since twins met different lists. Time is simulated: a visit begins at',
    'the start of a day, replicates are a day apart, `--since` says when. Splits: `time` (eight tenths, one, one, of all',
    'interactions), `user` (seeded, twins together), `leave-one-out` (the last interaction of each user, and the one before).',
    '',
    '## Formats',
    '',
    ...exporters.flatMap(({ name, summary, splits, usage }) => [
      `### ${name}`,
      '',
      `${summary[0]!.toUpperCase()}${summary.slice(1)}. Splits: ${splits.join(', ')}.`,
      '',
      '```',
      ...usage('NAME'),
      '```',
      '',
    ]),
    '## Tables',
    '',
    ...tables.flatMap(({ name, meaning, columns, splits }) => [
      `### ${name}`,
      '',
      `${meaning} ${splits === 'whole' ? 'Never split.' : `Splits: ${splits.join(', ')}.`}`,
      '',
      ...columns.map(
        (column) =>
          `- \`${column.name}\` (${column.kind}${column.nullable ? ', may be null' : ''}): ${column.meaning}`,
      ),
      '',
    ]),
    '## What comes back',
    '',
    'What was exported can be imported: `recbole` and `movielens` by their importers, `csv` and others by the importer `table`',
    'with a column map. Titles and genres come back as they were, apart from what the card lists as changed.',
    '',
    'Whether the rows are of use for training is another question: `rehearsal augment` asks it with three controls.',
    '',
  ].join('\n');
}

if (import.meta.main) process.stdout.write(datasetPage());
