// What it is worth to judge prefixes (PROMISE, section 4): one training of promise, searched in the ways of
// guided-ways.ts, for the same people throughout, with what each search finds and costs.

import { z } from 'zod';
import { randomFrom } from '../base/random.ts';
import { checkpointPath } from '../recommend/define-model.ts';
import {
  hierarchicalRecall,
  searchCases,
  type AskedStep,
  type SearchedCase,
} from '../recommend/hierarchical-recall.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { toDevice } from '../recommend/kit/parameters.ts';
import { gradesOf, ndcgAt, type AnsweredCase, type LeaveOneOut } from '../recommend/next-item.ts';
import { prefixesOf } from '../recommend/prefixes.ts';
import { judgePlanOf } from '../recommend/process-reward.ts';
import { excludedItems } from '../recommend/ranking.ts';
import type { TrainingSet } from '../recommend/recommender.ts';
import { decoderPlanOf, semanticSettings, tokensOf } from '../recommend/semantic-settings.ts';
import { historySteps, holdOutLast, sequencesOf } from '../recommend/sequences.ts';
import { tabulate } from '../recommend/training-table.ts';
import { guidedWays, type GuidedTrials, type Way } from './guided-ways.ts';
import { pairedGrades, type GradeOf, type PairedGrade } from './paired-grades.ts';
import { chosenSets, entrantsOf, type ContestSet, type Entrant } from './recommender-recipes.ts';
import { readSet, trained, type ContestSettings } from './recommenders.ts';

export interface GuidedRow extends Pick<Way, 'search' | 'family'> {
  /** Multiply-accumulates of one search with a full history. */
  readonly multiplications: number;
  readonly recall10: number;
  /** Which two orders of the same ten items do tell apart. */
  readonly ndcg10: number;
  /** Share of the first ten places that go to items outside the most popular. */
  readonly longTail10: number | null;
  /** HRecall at each level, from the first: is the true prefix among those kept? Null where nothing is searched. */
  readonly hierarchical: readonly number[] | null;
  /** Over the plain beam: recall@10 and HRecall below the last level; none for itself. */
  readonly differences: readonly PairedGrade[];
  /** Of a judged search over each control that might explain it: other judges, and two decoders. */
  readonly overControls: readonly PairedGrade[];
}

export interface GuidedReport {
  readonly set: string;
  readonly people: number;
  /** K′, the width of the plain beam and of all that is judged. */
  readonly beam: number;
  readonly rows: readonly GuidedRow[];
}

const trials: GuidedTrials = {
  beam: 10,
  proposals: [10, 20, 40, 80],
  otherBeams: [5, 20, 40],
  controlled: 40,
};

/** The contest on each data set that is asked for; trains promise and tiger where their weights are not kept. */
export async function guidedContest(settings: ContestSettings): Promise<GuidedReport[]> {
  const reports: GuidedReport[] = [];
  for (const set of chosenSets(settings.sets)) {
    const { training, split } = await readSet(set, settings);
    const rows = await guidedRows(set.name, training, guidedEntrants(set), split, settings);
    reports.push({ set: set.name, people: split.cases.length, beam: trials.beam, rows });
  }
  return reports;
}

/**
 * promise and tiger by their recipes, promise for as many epochs as tiger, however long a judge takes: what is searched is to
 * have learnt as much as its second opinion.
 */
function guidedEntrants(set: ContestSet): Entrant[] {
  const recipeOf = (method: string): Entrant => entrantsOf(set).find(({ name }) => name === method)!;
  const [promise, tiger] = [recipeOf('promise'), recipeOf('tiger')];
  return [{ ...promise, settings: { ...promise.settings, epochs: tiger.settings['epochs'] } }, tiger];
}

/** Rows of all searches on one training set; the first is the plain beam. */
export async function guidedRows(
  data: string,
  training: TrainingSet,
  entrants: readonly Entrant[],
  split: LeaveOneOut,
  settings: ContestSettings,
  tried: GuidedTrials = trials,
): Promise<GuidedRow[]> {
  const { seed, checkpoints, log } = settings;
  const weightsOf = async (name: string) => {
    const entrant = entrants.find((one) => one.method === name)!;
    const { recommender } = await trained(entrant, training, data, settings);
    return toDevice(readCheckpoint(checkpointPath(checkpoints, name, recommender.version)).parameters);
  };
  const chosen = z
    .object(semanticSettings)
    .parse(entrants.find(({ method }) => method === 'promise')!.settings);
  const table = tabulate(training);
  const sequences = sequencesOf(training, table, seed);
  const tokens = tokensOf({ set: training, table, sequences }, chosen, seed);
  const plan = decoderPlanOf(tokens, chosen);
  const prefixes = prefixesOf(tokens.full, plan.levels);
  const models = {
    promise: await weightsOf('promise'),
    tiger: await weightsOf('tiger'),
    plan,
    judgePlan: judgePlanOf(plan, prefixes.codes.length),
    tokens,
    prefixes,
    // As the method holds people out.
    training: holdOutLast(sequences.all, chosen.validationPeople, randomFrom('promise', seed).shuffle)
      .training,
  };
  const cases = split.cases.map(({ history, target }): AskedStep => ({
    past: historySteps(table, history, plan.length - 1),
    next: table.itemIndex.get(target)!,
    known: excludedItems(
      table,
      history.map(({ item }) => item),
    ),
  }));
  const answered = guidedWays(models, tried, seed).map((way) => {
    const found = searchCases(way.parts, cases, 10);
    log(`${data}: ${way.search}`);
    const slates = found.map(({ rank, listed }) => ({
      rank,
      slate: listed.map((item) => table.itemIds[item]!),
    }));
    const multiplications = way.multiplications();
    return { way, found, multiplications, longTail10: gradesOf(slates, split, training.items).longTail10 };
  });
  return gradedRows(answered, seed);
}

type GradedCase = AnsweredCase & Pick<SearchedCase, 'kept'>;

/** Grades and differences of searches over the same cases, the first of them the plain beam. */
export function gradedRows(
  answered: readonly {
    readonly way: Omit<Way, 'parts' | 'multiplications'>;
    readonly found: readonly SearchedCase[];
    readonly multiplications: number;
    readonly longTail10: number | null;
  }[],
  seed: number,
): GuidedRow[] {
  const levels = answered[0]?.found[0]?.kept.length ?? 0;
  const recalled: Record<string, GradeOf<GradedCase>> = {
    'recall@10': ({ rank }) => (rank === null ? 0 : 1),
  };
  const grades: Record<string, GradeOf<GradedCase>> = {
    ...recalled,
    ...Object.fromEntries(
      Array.from({ length: levels - 1 }, (_, level): [string, GradeOf<GradedCase>] => [
        `HRecall@${level + 1}`,
        ({ kept }) => (kept[level] ? 1 : 0),
      ]),
    ),
  };
  const lists = answered.map(({ way, found }) => ({
    method: way.search,
    answers: found.map(({ rank, kept }): GradedCase => ({ slate: [], rank, kept })),
  }));
  return answered.map(({ way, found, multiplications, longTail10 }, at) => ({
    search: way.search,
    family: way.family,
    multiplications,
    recall10: found.filter(({ rank }) => rank !== null).length / Math.max(1, found.length),
    ndcg10: lists[at]!.answers.reduce((sum, one) => sum + ndcgAt(10, one), 0) / Math.max(1, found.length),
    longTail10,
    hierarchical: way.isExact === true ? null : (hierarchicalRecall(found) ?? []),
    differences:
      at === 0 ? [] : pairedGrades(lists[at]!, lists[0]!, seed, way.isExact === true ? recalled : grades),
    overControls:
      way.family !== 'judge'
        ? []
        : answered.flatMap((other, rival) =>
            other.way.isRival === true ? pairedGrades(lists[at]!, lists[rival]!, seed, grades) : [],
          ),
  }));
}
