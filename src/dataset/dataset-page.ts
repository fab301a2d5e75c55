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
    '## Do the rows help?',
    '',
    'More rows are no better rows. `rehearsal augment RUN` trains each method on four sets that differ in one thing, with five',
    'seeds or more, and asks for what the same people really liked later:',
    '',
    '- **real**: what the arms of the run could train on, and nothing else;',
    '- **synthetic**: with ratings of the simulated visitors, of items new to them;',
    '- **held-back**: with as many real rows of the same people, from the earlier half of the held-out part, which nobody of the',
    '  run has seen. This is what the best imaginable visitors would give;',
    '- **permuted**: with as many simulated ratings, each visitor under the name of another. This is what rows do that know nothing',
    '  of whom they are about: they make items popular all the same.',
    '',
    'The later half of the held-out part is the test. A visitor adds as many rows as it has of both kinds, the same number in every',
    'condition. All real rows before the test are excluded from answers in every condition. A recommender is asked twice: told of the',
    "person's real rows alone (what was learnt of items), and of the added ones too (what was learnt of the person).",
    '',
    'Out come Recall and NDCG at 10 for all four, gains with 95 % intervals over people (paired, means over seeds, the spread over',
    'seeds beside them), synthetic minus permuted, and the share of the gain of equally many real rows, which is not estimable unless',
    'real rows gain for certain. A last table says how far the added ratings agree with what the same people did later. Simulated rows',
    'also hold what the arms chose to show; compare runs with other arms to tell the two apart.',
    '',
    '```',
    'rehearsal run scenarios/augment.ts',
    'rehearsal augment augment --methods popularity,item-knn,mf',
    '```',
    '',
  ].join('\n');
}

if (import.meta.main) process.stdout.write(datasetPage());
