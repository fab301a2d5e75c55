// What several seeds of the contest of recommenders say together. Everything that chance decides is drawn anew with each
// seed: which of equal times comes last, weights, order of training, and who is asked where not all are. A person's
// figure is the mean over the seeds she was asked under, so that the bootstrap still draws people and pairs them.

import type { AnsweredCase } from '../recommend/next-item.ts';
import { meanOf } from '../stats/ratio.ts';
import {
  listGrades,
  type GradeOf,
  type ListGrade,
  type ListMetric,
  type PairedGrade,
} from './paired-grades.ts';
import { chosenSets, type ContestSet } from './recommender-recipes.ts';
import {
  answersOn,
  differencesOf,
  requireMethods,
  setReport,
  type ContestSettings,
  type SetAnswers,
  type SetReport,
} from './recommenders.ts';

const howMany = 3;

/** One person's answers, a seed each. */
type Pooled = readonly AnsweredCase[];

export interface PooledRow {
  readonly entrant: string;
  /** By metric, the mean over people of each seed. */
  readonly grades: Readonly<Record<ListMetric, readonly number[]>>;
}

export interface PooledReport {
  readonly set: string;
  readonly items: number;
  readonly seeds: readonly number[];
  /** Asked under any of the seeds. */
  readonly people: number;
  /** Largest number asked for under each, where not all were. */
  readonly peopleOfSeed: number | null;
  readonly rows: readonly PooledRow[];
  /** What each seed says alone. */
  readonly apart: readonly SetReport[];
  /** Everyone against popularity, and rivals against each other. */
  readonly differences: readonly PairedGrade[];
}

/** Runs the contest on each data set under three seeds, the one given and the two after it. */
export async function pooledContest(settings: ContestSettings): Promise<PooledReport[]> {
  requireMethods(settings);
  const reports: PooledReport[] = [];
  for (const set of chosenSets(settings.sets)) reports.push(await pooledOn(set, settings));
  return reports;
}

async function pooledOn(set: ContestSet, settings: ContestSettings): Promise<PooledReport> {
  const seeds = Array.from({ length: howMany }, (_, more) => settings.seed + more);
  const ofSeeds: SetAnswers[] = [];
  for (const seed of seeds) {
    settings.log(`${set.name}: seed ${seed}`);
    ofSeeds.push(await answersOn(set, { ...settings, seed }));
  }
  const visitors = ofSeeds.map(({ cases }) => cases.map(({ visitor }) => visitor));
  const answered = ofSeeds[0]!.entries.map(({ entrant }, place) => ({
    method: entrant.name,
    bySeed: ofSeeds.map(({ entries }) => entries[place]!.answers),
  }));
  return {
    set: set.name,
    items: ofSeeds[0]!.items.length,
    seeds,
    people: new Set(visitors.flat()).size,
    peopleOfSeed: settings.people ?? null,
    apart: ofSeeds.map((answers, at) => setReport(set, answers, { ...settings, seed: seeds[at]! })),
    rows: answered.map(({ method, bySeed }) => ({
      entrant: method,
      grades: byMetric((grade) => bySeed.map((answers) => meanOf(answers.map(grade)))),
    })),
    differences: differencesOf(
      answered.map(({ method, bySeed }) => ({ method, answers: byPerson(visitors, bySeed) })),
      settings.seed,
      byMetric(
        (grade): GradeOf<Pooled> =>
          (answers) =>
            meanOf(answers.map(grade)),
      ),
    ),
  };
}

/** What is made of each metric of a list, under its name. */
function byMetric<Made>(make: (grade: ListGrade) => Made): Record<ListMetric, Made> {
  return {
    'recall@10': make(listGrades['recall@10']),
    'ndcg@10': make(listGrades['ndcg@10']),
    'recall@20': make(listGrades['recall@20']),
    'ndcg@20': make(listGrades['ndcg@20']),
  };
}

/** Each person's answers together, people in the order in which the seeds asked them. */
function byPerson(
  visitors: readonly (readonly string[])[],
  bySeed: readonly (readonly AnsweredCase[])[],
): Pooled[] {
  const own = new Map<string, AnsweredCase[]>();
  visitors.forEach((asked, seed) =>
    asked.forEach((visitor, at) => {
      own.set(visitor, [...(own.get(visitor) ?? []), bySeed[seed]![at]!]);
    }),
  );
  return [...own.values()];
}
