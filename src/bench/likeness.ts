// The likeness contest as it is printed: lists on two data sets, then visitors in the loop.

import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import { importerNamed } from '../catalogue/import/importers.ts';
import type { Figure } from '../likeness/shape.ts';
import { listContest, type ListRow } from './lists.ts';
import { loopContest, type LoopFigures } from './loop.ts';
import { table, type Section } from './page.ts';

export interface LikenessReport {
  readonly lists: Readonly<Record<string, readonly ListRow[]>>;
  readonly loop: LoopFigures;
}

const sets = [
  { name: 'ml-latest-small', importer: 'movielens', folder: 'ml-latest-small-2016' },
  { name: 'agent4rec-ml1m', importer: 'agent4rec', folder: 'agent4rec-ml1m' },
] as const;

/** Runs the whole contest on the data sets below `data`. */
export async function likenessContest(
  data: string,
  studio: Studio,
  settings: { readonly visitors: number; readonly seed: number; log(line: string): void },
): Promise<LikenessReport> {
  const lists: Record<string, readonly ListRow[]> = {};
  const read = async ({ name, importer, folder }: (typeof sets)[number]) =>
    (await importerNamed(importer).read(join(data, folder), { name })).catalogue;
  for (const set of sets) {
    settings.log(`lists on ${set.name}`);
    lists[set.name] = await listContest(await read(set), settings.seed);
  }
  settings.log('visitors in the loop on ml-latest-small');
  return { lists, loop: await loopContest(await read(sets[0]), studio, settings) };
}

/** The section of docs/bench.md. */
export function likenessSection(report: LikenessReport, command: string): Section {
  return {
    name: 'likeness',
    command,
    lines: [
      'Lists: ten held-out liked items of a person among items it never rated; the best ten by score are called liked. Precision equals recall here.',
      'Half of the people are the mind\'s culture. "choice mind" is its utility without noise from what a card says; ± is one standard error over people.',
      '',
      ...Object.entries(report.lists).flatMap(([set, rows]) => [
        `### ${set}, ${rows[0]?.people ?? 0} people`,
        '',
        ...table(
          ['negatives', 'scorer', '1:1 accuracy', ...[2, 3, 4, 9].map((ratio) => `1:${ratio} precision`)],
          ['uniform', 'popularity-matched'].flatMap((negatives) =>
            ['choice mind', 'popularity', 'mf'].map((scorer) => {
              const of = (ratio: number): string => {
                const row = rows.find(
                  (one) => one.negatives === negatives && one.scorer === scorer && one.ratio === ratio,
                )!;
                return `${(ratio === 1 ? row.accuracy : row.precision).toFixed(3)} ± ${row.standardError.toFixed(3)}`;
              };
              return [negatives, scorer, of(1), of(2), of(3), of(4), of(9)];
            }),
          ),
        ),
        '',
      ]),
      `### In the loop, ml-latest-small, ${report.loop.visitors} visitors, choice mind on rendered pages`,
      '',
      ...table(
        ['figure', 'value', '95 % interval (visitors resampled)'],
        [
          ['odds ratio of being opened, liked against not', ...cells(report.loop.oddsRatio)],
          [
            'slot audit: open rate of first third of slots over last third, random order',
            ...cells(report.loop.slotEffect),
          ],
          ...report.loop.engagement.map(({ page, rate, impressions }) => [
            `open rate on page ${page} (${impressions} impressions, share of liked items constant)`,
            ...cells(rate),
          ]),
        ],
      ),
      '',
      ...table(
        ['ratings', '1', '2', '3', '4', '5', 'share of 1-2'],
        (['simulated', 'real'] as const).map((whose) => {
          const shares = report.loop.stars[whose];
          return [whose, ...shares.map((share) => share.toFixed(3)), (shares[0]! + shares[1]!).toFixed(3)];
        }),
      ),
      '',
      `Total variation distance ${report.loop.stars.distance.toFixed(3)} over ${report.loop.stars.count} simulated ratings (under mf); two halves of the real people differ by ${report.loop.stars.floor.toFixed(3)}.`,
    ],
  };
}

function cells({ value, ci }: Figure): [string, string] {
  return [value.toFixed(3), `${ci[0].toFixed(3)} to ${ci[1].toFixed(3)}`];
}
