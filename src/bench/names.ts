// What items are called by a model that writes words (GRLM, sections 3 and 4): how many of the names it writes exist and how
// many items it named exactly, untrained, after histories alone and after both tasks; what the structural match
// adds; and, where names are extracted, what neighbours in view are worth beside plain TF-IDF.

import { join } from 'node:path';
import { randomFrom } from '../base/random.ts';
import { importerNamed } from '../catalogue/import/importers.ts';
import { checkpointPath } from '../recommend/define-model.ts';
import { generationRates, groundedList, groundingIn } from '../recommend/grounding.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { initialise, toDevice } from '../recommend/kit/parameters.ts';
import { grlmSettings, namesOf } from '../recommend/methods/grlm.ts';
import { leaveOneOut, type AnsweredCase, type LeaveOneOut } from '../recommend/next-item.ts';
import { countLikes } from '../recommend/preference.ts';
import { excludedItems } from '../recommend/ranking.ts';
import type { TrainingSet } from '../recommend/recommender.ts';
import { historySteps } from '../recommend/sequences.ts';
import { termPlans } from '../recommend/term-decoder.ts';
import { termGenerator } from '../recommend/term-generation.ts';
import { termReport, type TermReport } from '../recommend/term-ids.ts';
import { tabulate } from '../recommend/training-table.ts';
import { pairedGrades, type PairedGrade } from './paired-grades.ts';
import { setsNamed } from './recommender-recipes.ts';
import { trained, type ContestSettings } from './recommenders.ts';

export interface NamesRow {
  readonly writer: string;
  /** VR@10 and DHR@10: names written that exist, and listed items that were named exactly. */
  readonly valid: number | null;
  readonly direct: number | null;
  /** Recall@10 with exact matches alone, and with structural ones. */
  readonly recallDirect: number;
  readonly recall: number;
  /** Items that nobody met in training: cases that ask for one, those that list it, and how many are in anybody's list. */
  readonly cold: { readonly cases: number; readonly found: number; readonly listed: number };
  /** Structural matches over exact ones alone; and over the first writer, with structural ones, from the second on. */
  readonly differences: readonly PairedGrade[];
  readonly terms: TermReport;
}

export interface NamesReport {
  readonly set: string;
  readonly told: string;
  readonly people: number;
  readonly rows: readonly NamesRow[];
}

/** Who writes: settings of grlm, and whether it is trained. */
export interface Writer {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly trained: boolean;
}

interface NamesSet {
  readonly name: string;
  /** What an item is told by, where it is asked to be named. */
  readonly told: string;
  read(settings: ContestSettings): Promise<TrainingSet>;
  readonly writers: readonly Writer[];
}

const writersOf = (settings: Writer['settings']): Writer[] => [
  { name: 'both tasks', settings, trained: true },
  { name: 'histories alone', settings: { ...settings, tasks: 'histories' }, trained: true },
  { name: 'untrained', settings, trained: false },
];

/** Names are learned in fewer epochs than by the rate that is usual. */
const rate = 0.005;

/** The data sets of the contest: names as published, and names extracted. */
export const namesSets: readonly NamesSet[] = [
  {
    name: 'beauty, published names',
    told: 'its own words in alphabetical order, hyphens taken for spaces, since nothing else is published with them: naming an item is little more than copying, and what both tasks gain over one is not to be read here',
    read: ({ data }) => publishedSet(join(data, 'amazon14-termids-grlm'), 'beauty'),
    // 22,363 histories: twelve epochs would take most of an hour a writer.
    writers: writersOf({ terms: 'given', rate, epochs: 4 }),
  },
  {
    name: 'office, extracted names',
    told: 'its title, brand and categories',
    read: async ({ data }) => {
      const { catalogue } = await importerNamed('amazon').read(join(data, 'amazon18-office'), {
        name: 'office',
      });
      return catalogue;
    },
    writers: [
      ...writersOf({ terms: 'extracted', rate }),
      { name: 'both tasks, plain TF-IDF', settings: { terms: 'plain', rate }, trained: true },
    ],
  },
];

/** The contest on the sets asked for, all where none are. */
export async function namesContest(settings: ContestSettings): Promise<NamesReport[]> {
  const reports: NamesReport[] = [];
  const firstWord = ({ name }: NamesSet): string => name.split(',')[0]!;
  for (const set of setsNamed(settings.sets, namesSets, firstWord, 'the contest of names')) {
    const whole = await set.read(settings);
    const split = leaveOneOut(whole, { seed: settings.seed, people: settings.people });
    const training = { items: whole.items, interactions: split.training };
    const rows = await namesRows(set.name, training, set.writers, split, settings);
    reports.push({ set: set.name, told: set.told, people: split.cases.length, rows });
  }
  return reports;
}

/** Rows of all writers on one training set; the first is what the others are held against. */
export async function namesRows(
  data: string,
  training: TrainingSet,
  writers: readonly Writer[],
  { cases }: Pick<LeaveOneOut, 'cases'>,
  settings: ContestSettings,
): Promise<NamesRow[]> {
  const table = tabulate(training);
  const popularity = countLikes(table);
  const met = new Set(training.interactions.map(({ item }) => item));
  const isCold = (item: string): boolean => !met.has(item);
  const all: {
    readonly row: Omit<NamesRow, 'differences'>;
    readonly answers: AnsweredCase[];
    readonly exact: AnsweredCase[];
  }[] = [];
  for (const writer of writers) {
    const chosen = grlmSettings.parse(writer.settings);
    const { terms, vocabulary, plan } = namesOf(training.items, table, chosen, settings.seed);
    const weights = writer.trained
      ? await trainedWeights(writer, training, data, settings)
      : initialise(termPlans(plan), randomFrom('untrained', settings.seed));
    const generate = termGenerator(toDevice(weights), plan, vocabulary, chosen.beam);
    const grounding = groundingIn(terms, popularity);
    const requests = cases.map(({ history, target }) => {
      const generations = generate(historySteps(table, history, chosen.history - 1));
      const known = history.map(({ item }) => item).filter((item) => item !== target);
      const excluded = excludedItems(table, known);
      const listed = groundedList(grounding, generations, 10, excluded, popularity);
      const exact = groundedList(grounding, generations, 10, excluded, popularity, { directOnly: true });
      return { grounded: generations.map((one) => grounding.ground(one)), listed, exact, target };
    });
    const answered = (lists: 'listed' | 'exact'): AnsweredCase[] =>
      requests.map((request) => {
        const rank = request[lists].findIndex(({ item }) => table.itemIds[item] === request.target);
        return { slate: [], rank: rank < 0 ? null : rank };
      });
    const [answers, exact] = [answered('listed'), answered('exact')];
    const recall = (of: readonly AnsweredCase[]): number =>
      of.filter(({ rank }) => rank !== null).length / Math.max(1, of.length);
    const row = {
      writer: writer.name,
      ...generationRates(requests, 10),
      recallDirect: recall(exact),
      recall: recall(answers),
      cold: {
        cases: requests.filter(({ target }) => isCold(target)).length,
        found: requests.filter(({ target }, at) => isCold(target) && answers[at]!.rank !== null).length,
        listed: new Set(
          requests.flatMap(({ listed }) => listed.map(({ item }) => table.itemIds[item]!).filter(isCold)),
        ).size,
      },
      terms: termReport(terms),
    };
    settings.log(`${data}: ${writer.name}`);
    all.push({ row, answers, exact });
  }
  const recalled = { 'recall@10': ({ rank }: AnsweredCase) => (rank === null ? 0 : 1) };
  return all.map(({ row, answers, exact }, at) => {
    const own = { method: row.writer, answers };
    const first = { method: all[0]!.row.writer, answers: all[0]!.answers };
    return {
      ...row,
      differences: [
        ...pairedGrades(own, { method: 'exact matches alone', answers: exact }, settings.seed, recalled),
        ...(at === 0 ? [] : pairedGrades(own, first, settings.seed, recalled)),
      ],
    };
  });
}

async function trainedWeights(
  { name, settings: own }: Writer,
  training: TrainingSet,
  data: string,
  settings: ContestSettings,
) {
  const entrant = { name, method: 'grlm', settings: own };
  const { recommender } = await trained(entrant, training, data, settings);
  return readCheckpoint(checkpointPath(settings.checkpoints, 'grlm', recommender.version)).parameters;
}

/**
 * A set of GRLM's repository. No titles are published with its words, so an item's metadata are these words in alphabetical
 * order: naming it is to order them.
 */
async function publishedSet(folder: string, name: string): Promise<TrainingSet> {
  const path = join(folder, `${name}.sequential_data.txt.gz`);
  const { items, interactions } = (await importerNamed('sequences').read(path, { name })).catalogue;
  return {
    items: items.map((item) => ({ ...item, title: item.title.split(' ').sort().join(' ') })),
    interactions,
  };
}
