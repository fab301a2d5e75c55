// What a beam loses: tiger's next items by a beam over valid codes, by a beam that is free to generate codes of
// nobody, and by exact scoring of the whole catalogue, the oracle of both. Same weights, same people.

import { z } from 'zod';
import { encoderDecoder } from '../recommend/encoder-decoder.ts';
import { checkpointPath } from '../recommend/define-model.ts';
import { freeTree, nobody } from '../recommend/free-tree.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { toDevice } from '../recommend/kit/parameters.ts';
import { ndcgAt, recallAt, type AnsweredCase, type NextItemCase } from '../recommend/next-item.ts';
import { excludedItems } from '../recommend/ranking.ts';
import { byProbability, semanticSearch, type Asked, type FoundItem } from '../recommend/semantic-search.ts';
import { decoderPlanOf, semanticSettings, tokensOf } from '../recommend/semantic-settings.ts';
import { historySteps, sequencesOf } from '../recommend/sequences.ts';
import { tabulate, type TrainingTable } from '../recommend/training-table.ts';
import { nextItemGrades, pairedGrades, type PairedGrade } from './paired-grades.ts';
import { chosenSets, entrantsOf } from './recommender-recipes.ts';
import { readSet, trained, type ContestSettings } from './recommenders.ts';

/** Every sequence kept for a case, best first; items are indices, `nobody` where the codes are no item's. */
type Search = (asked: Asked) => readonly FoundItem[];

export interface BeamRow {
  readonly search: string;
  readonly recall10: number;
  readonly ndcg10: number;
  /** Share of the kept sequences that are nobody's. */
  readonly invalid: number;
  /** Mean share of the first ten items of the exact order that are among the first ten here. */
  readonly shared10: number;
  /** Against exact scoring; none for itself. */
  readonly differences: readonly PairedGrade[];
}

export interface BeamReport {
  readonly set: string;
  readonly people: number;
  readonly width: number;
  readonly rows: readonly BeamRow[];
}

const width = 50;
/** People between two lines of progress: exact scoring of ten thousand items takes seconds for each. */
const toldEvery = 10;

/** The contest on each data set that is asked for; trains tiger where its weights are not kept. */
export async function beamContest(settings: ContestSettings): Promise<BeamReport[]> {
  const reports: BeamReport[] = [];
  for (const set of chosenSets(settings.sets)) {
    const { training, split } = await readSet(set, settings);
    const entrant = entrantsOf(set).find(({ name }) => name === 'tiger')!;
    const { recommender } = await trained(entrant, training, set.name, settings);
    const { seed, checkpoints } = settings;
    const chosen = z.object(semanticSettings).parse(entrant.settings);
    const table = tabulate(training);
    const sequences = sequencesOf(training, table, seed);
    const tokens = tokensOf({ set: training, table, sequences }, chosen, seed);
    const plan = decoderPlanOf(tokens, chosen);
    const { parameters } = readCheckpoint(checkpointPath(checkpoints, 'tiger', recommender.version));
    const parts = {
      parameters: toDevice(parameters),
      model: encoderDecoder(plan),
      plan,
      tokens,
      beam: width,
      rows: 1,
      keeping: byProbability,
      wholeLists: true,
    };
    const sizes = [...Array.from({ length: tokens.levels }, () => tokens.codes), tokens.lastCodes];
    const valid = semanticSearch(parts);
    const free = semanticSearch({ ...parts, tree: freeTree(tokens.full, sizes) });
    settings.log(`${set.name}: beams for ${split.cases.length} people`);
    const rows = beamRows(
      split.cases.map((one) => askedOf(one, table, plan.length - 1)),
      {
        'exact scoring': (asked) => valid([asked], Infinity)[0]!,
        [`beam of ${width}, valid codes`]: (asked) => valid([asked])[0]!,
        [`beam of ${width}, free`]: (asked) => free([asked])[0]!,
      },
      seed,
      (line) => settings.log(`${set.name}: ${line}`),
    );
    reports.push({ set: set.name, people: split.cases.length, width, rows });
  }
  return reports;
}

export interface AskedCase {
  readonly asked: Asked;
  /** Index of the item that came next. */
  readonly target: number;
}

/** Grades of the searches, the first of them the exact one, for the same cases. */
export function beamRows(
  cases: readonly AskedCase[],
  searches: Readonly<Record<string, Search>>,
  seed: number,
  log: (line: string) => void = () => {},
): BeamRow[] {
  const answered = Object.entries(searches).map(([method, search]) => {
    const lists = cases.map(({ asked }, at) => {
      if (at > 0 && at % toldEvery === 0) log(`${method}, ${at} of ${cases.length} people`);
      return search(asked).map(({ item }) => item);
    });
    const items = lists.map((list) => list.filter((item) => item !== nobody));
    const answers = items.map((list, at): AnsweredCase => {
      const rank = lists[at]!.indexOf(cases[at]!.target);
      return { slate: list.slice(0, 20).map(String), rank: rank < 0 ? null : rank };
    });
    return { method, lists, items, answers };
  });
  const exact = answered[0]!;
  return answered.map((one) => ({
    search: one.method,
    recall10: meanOver(one.answers, (answer) => recallAt(10, answer)),
    ndcg10: meanOver(one.answers, (answer) => ndcgAt(10, answer)),
    invalid: meanOver(one.lists, (list) =>
      list.length === 0 ? 0 : list.filter((item) => item === nobody).length / list.length,
    ),
    shared10: meanOver(one.items, (list, at) => {
      const first = exact.items[at]!.slice(0, 10);
      const own = new Set(list.slice(0, 10));
      return first.filter((item) => own.has(item)).length / first.length;
    }),
    differences: one === exact ? [] : pairedGrades(one, exact, seed, nextItemGrades),
  }));
}

function meanOver<One>(all: readonly One[], value: (one: One, at: number) => number): number {
  return all.reduce((sum, one, at) => sum + value(one, at), 0) / all.length;
}

/** k is 1 so that no beam is wider than asked; the whole list comes back all the same. */
function askedOf({ history, target }: NextItemCase, table: TrainingTable, length: number): AskedCase {
  const known = [...new Set(history.map(({ item }) => item))].filter((item) => item !== target);
  return {
    asked: { history: historySteps(table, history, length), k: 1, excluded: excludedItems(table, known) },
    target: table.itemIndex.get(target)!,
  };
}
