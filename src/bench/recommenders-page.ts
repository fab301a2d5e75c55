// The contest of recommenders as it is printed: a table for each data set, then who is above whom, with intervals; and what
// tiger's beams lose.

import { sectionName, table, type Section } from './page.ts';
import { meanOf } from '../stats/ratio.ts';
import { pairedText, type PairedGrade } from './paired-grades.ts';
import type { PooledReport } from './pooled.ts';
import type { BeamReport } from './beams.ts';
import type { RecommenderRow, SetReport } from './recommenders.ts';

/** Sections of docs/bench.md, one for each data set and seed, so that days of training stand side by side. */
export function recommendersSections(
  reports: readonly SetReport[],
  command: string,
  seed: number,
): Section[] {
  return reports.map((report) => ({
    name: sectionName(
      'recommenders',
      report.isPart ? `${report.set}, ${report.people} people` : report.set,
      seed,
    ),
    command,
    lines: [
      'Leave-one-out: the last step of a history is asked for, every item competes but those of the history. Coverage: share of the',
      "catalogue in anybody's first ten. Long tail: share of the first ten places outside the items that hold four fifths of all rows.",
      'Minutes are of training on one thread: on a processor, and on the wall with whatever else ran. "kept" weights were trained before,',
      'by the same recipe, seed and data. Intervals: 95 %, paired bootstrap over people.',
      '',
      ...setLines(report),
    ],
  }));
}

const count = (value: number): string => value.toLocaleString('en-US');

function setLines({ set, items, people, rows, differences }: SetReport): string[] {
  return [
    `${set}: ${count(people)} people, ${count(items)} items.`,
    '',
    ...table(
      [
        'method',
        ...[5, 10, 20].map((k) => `Recall@${k}`),
        ...[5, 10, 20].map((k) => `NDCG@${k}`),
        'coverage',
        'long tail',
        'cold found',
        'weights',
        'minutes',
      ],
      rows.map(cellsOf),
    ),
    '',
    ...rows
      .filter((row) => Object.keys(row.settings).length > 0)
      .map((row) => `- ${row.entrant}: \`${settingsText(row)}\``),
    '',
    ...differenceLines(differences),
  ];
}

/** A row for each pair of entrants. */
function differenceLines(differences: readonly PairedGrade[]): string[] {
  return table(
    ['difference', 'Recall@10', 'NDCG@10', 'Recall@20', 'NDCG@20'],
    [...Map.groupBy(differences, (one) => `${one.method} − ${one.against}`)].map(([name, all]) => [
      name,
      ...all.map(pairedText),
    ]),
  );
}

/** Sections of each seed, and of what they say together, for each data set. */
export function pooledSections(reports: readonly PooledReport[], command: string): Section[] {
  return reports.flatMap((report) => [
    ...report.apart.flatMap((one, at) => recommendersSections([one], command, report.seeds[at]!)),
    pooledSection(report, command),
  ]);
}

function pooledSection(
  { set, items, seeds, people, peopleOfSeed, rows, differences }: PooledReport,
  command: string,
): Section {
  return {
    name: `recommenders ${peopleOfSeed === null ? set : `${set}, ${peopleOfSeed} people`}, seeds ${seeds.join(', ')}`,
    command,
    lines: [
      'Leave-one-out as under one seed. A seed draws which of equal times comes last, the weights before training and its order, and who',
      'is asked where not all are. Figures are means over the seeds, and Recall@10 is that of each, too. A difference is a mean over people',
      "of their own means over the seeds they were asked under. Intervals: 95 %, paired bootstrap over people, for these trainings' mean.",
      '',
      `${set}: ${count(people)} people, ${count(items)} items.`,
      '',
      ...table(
        ['method', 'Recall@10', 'NDCG@10', 'Recall@20', 'NDCG@20', 'Recall@10 of each seed'],
        rows.map(({ entrant, grades }) => [
          entrant,
          ...Object.values(grades).map((bySeed) => meanOf(bySeed).toFixed(4)),
          grades['recall@10'].map((value) => value.toFixed(4)).join(', '),
        ]),
      ),
      '',
      ...differenceLines(differences),
    ],
  };
}

function cellsOf({ entrant, grades, weights, training }: RecommenderRow): string[] {
  const share = (value: number | null): string => (value === null ? '–' : value.toFixed(4));
  const minutes = (seconds: number): string => (seconds / 60).toFixed(1);
  return [
    entrant,
    ...[...Object.values(grades.recall), ...Object.values(grades.ndcg)].map(share),
    share(grades.coverage10),
    share(grades.longTail10),
    `${grades.cold.found20} of ${grades.cold.cases}`,
    weights,
    training === null ? '–' : `${minutes(training.processorSeconds)}, ${minutes(training.seconds)}`,
  ];
}

/** As --set takes them. */
function settingsText({ settings }: RecommenderRow): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

/** The sections of the contest of beams, one for each data set and seed. */
export function beamsSections(reports: readonly BeamReport[], command: string, seed: number): Section[] {
  return reports.map(({ set, people, rows }) => ({
    name: sectionName('beams', set, seed),
    command,
    lines: [
      `tiger on the last step of the histories of ${people.toLocaleString('en-US')} people. Shared: mean share of the first ten of exact scoring that the search has in its own first ten.`,
      '',
      ...table(
        ['search', 'Recall@10', 'NDCG@10', 'shared', 'nobody', 'Recall@10 − exact', 'NDCG@10 − exact'],
        rows.map(({ search, recall10, ndcg10, shared10, invalid, differences }) => [
          search,
          ...[recall10, ndcg10, shared10, invalid].map((value) => value.toFixed(4)),
          ...(differences.length === 0 ? ['–', '–'] : differences.map(pairedText)),
        ]),
      ),
    ],
  }));
}
