// `rehearsal export RUN --to FORMAT`: the tables of a run in a format that others read, with a card. The work is in
// src/dataset; this file reads options and reports.

import { basename, join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { listed } from '../base/listed.ts';
import { catalogueRoot } from '../catalogue/folder.ts';
import type { Card } from '../dataset/card.ts';
import { exportRun } from '../dataset/export.ts';
import { chosenTables } from '../dataset/exporter.ts';
import { exporterNamed, exporters } from '../dataset/exporters.ts';
import { standardSince } from '../dataset/select.ts';
import { onRequest, readTableNames, tableNames, type SplitKind } from '../dataset/tables.ts';
import { pathOfRun } from './run-path.ts';
import type { Verb } from './verb.ts';

const splits: readonly SplitKind[] = ['none', 'time', 'user', 'leave-one-out'];
const root = 'data/exports';
/** Milliseconds between two lines of progress. */
const interval = 5_000;

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Write a run as a data set with a card.',
  details: [
    'Every row says where it comes from and that it is synthetic; failed sessions are no rows. card.json and README.md say who made the rows, with which checks, and how near they are to their source. docs/datasets.md describes tables and formats.',
    ['Formats:', ...exporters.map(({ name, summary }) => `  ${name}: ${summary}`)].join('\n'),
  ].join('\n\n'),
  examples: [
    'rehearsal export runs/demo --to parquet',
    'rehearsal export demo --to recbole --arm mf --split leave-one-out --out data/mf-visits',
  ],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [
    {
      name: 'to',
      kind: 'text',
      value: 'FORMAT',
      summary: exporters.map(({ name }) => name).join(', '),
      required: true,
    },
    { name: 'out', kind: 'text', value: 'DIR', summary: `Folder to make (default: ${root}/RUN-FORMAT).` },
    {
      name: 'tables',
      kind: 'text',
      value: 'LIST',
      summary: `Tables, with commas: ${tableNames.join(', ')} (default: what the format holds, without ${onRequest.join(' and ')}).`,
    },
    { name: 'arm', kind: 'text', value: 'LIST', summary: 'Only the visits of these arms.' },
    {
      name: 'split',
      kind: 'text',
      value: 'KIND',
      summary: `${splits.join(', ')}: into train, validation and test (8:1:1, or the last and last but one).`,
      default: 'none',
    },
    { name: 'seed', kind: 'integer', value: 'N', summary: 'Seed of the split by user.', default: '1' },
    {
      name: 'since',
      kind: 'integer',
      value: 'SECONDS',
      summary: 'Unix time at which the simulated calendar begins.',
      default: String(standardSince),
    },
    {
      name: 'name',
      kind: 'text',
      value: 'NAME',
      summary: 'Name of the data set (default: that of the run).',
    },
    {
      name: 'licence',
      kind: 'text',
      value: 'TEXT',
      summary: 'Licence of the source, which the data inherit.',
    },
    { name: 'force', kind: 'flag', summary: 'Replace a former export in DIR.' },
  ],
  run: async (input, io) => {
    const folder = pathOfRun(input.argument('RUN'));
    const exporter = exporterNamed(input.text('to')!);
    const asked = input.text('tables');
    const split = splitNamed(input.text('split')!);
    const { tables, left } = chosenTables(
      exporter,
      asked === undefined ? null : readTableNames(asked),
      split,
    );
    const arms = input.text('arm');
    const name = input.text('name') ?? basename(folder);
    const out = input.text('out') ?? join(root, `${name}-${exporter.name}`);
    const started = wallMilliseconds();
    let told = started;
    const card = await exportRun(folder, exporter, out, {
      tables,
      split,
      seed: input.integer('seed')!,
      arms: arms === undefined ? null : [...new Set(listed(arms, '--arm'))],
      since: input.integer('since')!,
      name,
      licence: input.text('licence') ?? null,
      force: input.flag('force'),
      catalogues: catalogueRoot,
      began: () => {
        io.log(`writing ${tables.join(', ')} as ${exporter.name} to ${out}`);
        if (left.length > 0)
          io.log(`left out, since a split by ${split} makes no sense of them: ${left.join(', ')}`);
      },
      progress: (file, rows) => {
        if (wallMilliseconds() - told < interval) return;
        told = wallMilliseconds();
        io.log(`${file}: ${rows.toLocaleString('en-US')} rows`);
      },
    });
    const failed = (card.checks ?? []).filter((check) => check.status === 'fail');
    io.answer(
      { path: out, seconds: (wallMilliseconds() - started) / 1000, card },
      summaryLines(
        card,
        out,
        failed.map((check) => check.name),
      ),
    );
    return failed.length > 0 ? 3 : 0;
  },
};

function splitNamed(name: string): SplitKind {
  const found = splits.find((split) => split === name);
  if (found !== undefined) return found;
  throw new UsageError(`--split expects ${splits.join(', ')}, got '${name}'`);
}

/** Tables without a row, and parts of a split that nothing fell into. */
function notWritten({ files, tables, selection }: Card): string[] {
  const holds = (word: RegExp): boolean => files.some(({ path }) => word.test(path));
  const kind = selection.split.kind;
  const parts = [['validation', /valid/] as const, ['test', /test/] as const];
  const missing = kind === 'none' ? [] : parts.filter(([, word]) => !holds(word)).map(([part]) => part);
  const pairs = tables.some(({ name }) => name === 'pairs') && selection.arms?.length === 1;
  return [
    ...(missing.length > 0
      ? [`no rows for ${missing.join(' and ')}: there are too few to be split by ${kind}`]
      : []),
    ...(pairs ? ['no pairs: they need the visits of two arms'] : []),
  ];
}

function summaryLines(card: Card, out: string, failed: readonly string[]): string[] {
  const { fidelity } = card;
  const distance = (value: number | null): string => (value === null ? 'not known' : value.toFixed(3));
  return [
    ...card.files.map(
      ({ path, rows, bytes }) =>
        `${path}: ${/\.(yaml|json)$/.test(path) && rows === 0 ? '' : `${rows.toLocaleString('en-US')} rows, `}${Math.ceil(bytes / 1024).toLocaleString('en-US')} KiB`,
    ),
    ...notWritten(card),
    ...card.changed.map(({ reason, count }) => `changed ${count.toLocaleString('en-US')}: ${reason}`),
    `against the source: star shares ${distance(fidelity.starDistance)} apart, popularity curves ${distance(fidelity.popularityDistance)}`,
    ...(failed.length > 0
      ? [`failed checks of the run: ${failed.join(', ')}; see the card before using the rows`]
      : []),
    `the data set is in ${out}; begin with ${join(out, 'README.md')}`,
  ];
}
