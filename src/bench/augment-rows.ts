// What a run gives to the contests of augmentation: its scenario, the ratings of its visitors, and their choices, for each
// kind of page that its arms show. Read only; which rows are used how is known to src/dataset.

import { join } from 'node:path';
import type { SimulatedRows } from '../dataset/augmentation.ts';
import { choicesOfCards, choicesOfPages } from '../dataset/choices.ts';
import { selectDataset, standardSince } from '../dataset/select.ts';
import type { Row } from '../dataset/tables.ts';
import { parseScenario, type Scenario } from '../experiment/scenario.ts';
import { openDatabase } from '../store/database.ts';
import { runValue } from '../store/read.ts';
import type { ClickSource } from './click-contest.ts';

export interface RunRows extends SimulatedRows {
  readonly scenario: Scenario;
  /** Clicks and page views, apart for arms that show covers and arms that do not. */
  readonly sources: readonly ClickSource[];
}

/** Reads a run; `arms` limits it, null takes all. The user of a row is the visitor, in whichever arm it was. */
export function runRows(folder: string, arms: readonly string[] | null): RunRows {
  const database = openDatabase(join(folder, 'events.sqlite'), { readonly: true });
  try {
    const scenario = parseScenario(runValue(database, 'scenario'), 'the recorded scenario');
    const dataset = selectDataset(database, folder, {
      tables: ['interactions', 'impressions'],
      split: 'none',
      seed: 1,
      arms,
      since: standardSince,
    });
    const ratings = [...dataset.rows('interactions')].flatMap((row) =>
      row['rating'] === null
        ? []
        : [
            {
              user: String(row['visitor']),
              item: String(row['item_id']),
              time: Number(row['timestamp']),
              value: Number(row['rating']),
            },
          ],
    );
    const impressions = [...dataset.rows('impressions')];
    const byCovers = Map.groupBy(impressions, (row) => coversOf(scenario, String(row['arm'])));
    return {
      scenario,
      ratings,
      choices: choicesOfCards(impressions),
      sources: [...byCovers].flatMap(([covers, rows]) => sourcesOf(covers, rows)),
    };
  } finally {
    database.close();
  }
}

/** Interleaved visits have no arm of their own and the page of the first. */
function coversOf({ arms }: Scenario, name: string): ClickSource['covers'] {
  const arm = arms.find((one) => one.name === name) ?? arms[0]!;
  return arm.presentation.cover ? 'shown' : 'hidden';
}

function sourcesOf(covers: ClickSource['covers'], rows: readonly Row[]): ClickSource[] {
  return [
    { rows: 'clicks', covers, choices: choicesOfCards(rows) },
    { rows: 'page views', covers, choices: choicesOfPages(rows) },
  ];
}
