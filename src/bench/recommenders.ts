// The contest of recommenders: leave-one-out with full ranking on published data, every entrant on the same people.
// Weights kept in the folder of checkpoints are used as they are and said to be; the others are trained and kept.

import { join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { importerNamed } from '../catalogue/import/importers.ts';
import { methodNamed } from '../recommend/methods.ts';
import {
  answerCases,
  gradesOf,
  leaveOneOut,
  type AnsweredCase,
  type LeaveOneOut,
  type NextItemGrades,
} from '../recommend/next-item.ts';
import type { TrainingProgress } from '../recommend/kit/fit.ts';
import type { Recommender, TrainingSet } from '../recommend/recommender.ts';
import { listGrades, pairedGrades, type Answered, type GradeOf, type PairedGrade } from './paired-grades.ts';
import { chosenSets, entrantsOf, rivals, type ContestSet, type Entrant } from './recommender-recipes.ts';
import { readTrainingRecord, writeTrainingRecord, type TrainingRecord } from './training-record.ts';

export interface ContestSettings {
  /** Folder of the real data sets. */
  readonly data: string;
  /** Folder of the weights. */
  readonly checkpoints: string;
  /** Names of data sets and of methods; all where not given. */
  readonly sets?: readonly string[];
  readonly methods?: readonly string[];
  /** Largest number of people asked for, by data set. */
  readonly people?: number;
  readonly seed: number;
  log(line: string): void;
}

/** An entrant and what it answered, in the order of the cases. */
interface Entry {
  readonly entrant: Entrant;
  readonly weights: RecommenderRow['weights'];
  readonly record: TrainingRecord | undefined;
  readonly answers: readonly AnsweredCase[];
  readonly grades: NextItemGrades;
}

export interface RecommenderRow {
  readonly entrant: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly weights: 'none' | 'kept' | 'trained in this run';
  /** Null for methods without weights, and for trainings that were not made in one piece. */
  readonly training: TrainingRecord | null;
  readonly grades: NextItemGrades;
}

export interface SetReport {
  readonly set: string;
  readonly items: number;
  readonly people: number;
  /** Whether that is a part of all, as was asked for. */
  readonly isPart: boolean;
  readonly rows: readonly RecommenderRow[];
  /** Everyone against popularity, and rivals against each other. */
  readonly differences: readonly PairedGrade[];
}

/** Runs the contest on each data set in turn. Throws a UsageError that lists the names where one is unknown. */
export async function recommenderContest(settings: ContestSettings): Promise<SetReport[]> {
  const reports: SetReport[] = [];
  requireMethods(settings);
  for (const set of chosenSets(settings.sets))
    reports.push(setReport(set, await answersOn(set, settings), settings));
  return reports;
}

/** Throws a UsageError where a method is asked for that there is not. */
export function requireMethods({ methods }: ContestSettings): void {
  for (const name of methods ?? []) methodNamed(name);
}

/** What the answers of one seed say. */
export function setReport(
  set: ContestSet,
  { cases, items, entries }: SetAnswers,
  settings: ContestSettings,
): SetReport {
  return {
    set: set.name,
    items: items.length,
    people: cases.length,
    isPart: settings.people !== undefined,
    rows: entries.map(({ entrant, weights, record, grades }) => ({
      entrant: entrant.name,
      settings: entrant.settings,
      weights,
      training: record ?? null,
      grades,
    })),
    differences: differencesOf(
      entries.map(({ entrant, answers }) => ({ method: entrant.name, answers })),
      settings.seed,
      listGrades,
    ),
  };
}

export interface SetAnswers {
  readonly cases: LeaveOneOut['cases'];
  readonly items: TrainingSet['items'];
  readonly entries: readonly Entry[];
}

/** What every entrant answers on one data set under one seed; those whose weights are not kept are trained first. */
export async function answersOn(set: ContestSet, settings: ContestSettings): Promise<SetAnswers> {
  const { log } = settings;
  const { split, training } = await readSet(set, settings);
  const { items } = training;
  log(`${set.name}: ${split.cases.length} people, ${items.length} items`);
  const entries: Entry[] = [];
  for (const entrant of chosenEntrants(set, settings)) {
    const { recommender, weights, record } = await trained(entrant, training, set.name, settings);
    const answers = await answerCases(recommender, split.cases);
    const grades = gradesOf(answers, split, items);
    log(`${set.name}: ${entrant.name}, Recall@10 ${grades.recall[10]?.toFixed(4) ?? 'of nobody'}`);
    entries.push({ entrant, weights, record, answers, grades });
  }
  return { cases: split.cases, items, entries };
}

/** The cases of a data set, all or a sample of so many people, and what may be trained on, which is the same for both. */
export async function readSet(
  set: ContestSet,
  { data, seed, people: asked }: ContestSettings,
): Promise<{ readonly split: LeaveOneOut; readonly training: TrainingSet }> {
  const { catalogue } = await importerNamed(set.importer).read(join(data, set.path), { name: set.name });
  const { items, people } = catalogue;
  const split = leaveOneOut(catalogue, { seed, people: asked });
  return { split, training: { items, people, interactions: split.training } };
}

/** Everyone against popularity, and rivals against each other. */
export function differencesOf<Answer>(
  answered: readonly Answered<Answer>[],
  seed: number,
  grades: Readonly<Record<string, GradeOf<Answer>>>,
): PairedGrade[] {
  const pairs = [...answered.map(({ method }) => [method, 'popularity'] as const), ...rivals];
  return pairs.flatMap(([method, against]) => {
    const own = answered.find((one) => one.method === method);
    const other = answered.find((one) => one.method === against);
    return own === undefined || other === undefined || own === other
      ? []
      : pairedGrades(own, other, seed, grades);
  });
}

export interface Trained {
  readonly recommender: Recommender;
  readonly weights: RecommenderRow['weights'];
  readonly record: TrainingRecord | undefined;
}

/** The entrant with its weights, kept ones or new ones, and how long their training took. */
export async function trained(
  { name, method: methodName, settings }: Entrant,
  set: TrainingSet,
  data: string,
  { checkpoints, seed, log }: ContestSettings,
): Promise<Trained> {
  const method = methodNamed(methodName);
  if (!method.hasWeights)
    return { recommender: await method.train(set, settings, seed), weights: 'none', record: undefined };
  const began = wallMilliseconds();
  const processor = process.cpuUsage();
  let told = began;
  let firstStep: number | undefined;
  const progress = ({ step, steps, loss, secondsLeft, score }: TrainingProgress): void => {
    firstStep ??= step;
    if (wallMilliseconds() - told < 30_000 && step < steps) return;
    told = wallMilliseconds();
    const validation = score === null ? '' : `, validation ${score.toFixed(4)}`;
    const left = Math.ceil(secondsLeft / 60);
    log(`${data}: ${name}, step ${step} of ${steps}, loss ${loss.toFixed(3)}${validation}, ${left} min left`);
  };
  const options = { keep: checkpoints, data, progress };
  const recommender = await method.train(set, settings, seed, options);
  const kept = { folder: checkpoints, method: method.name, version: recommender.version };
  if (firstStep === 1) {
    const { user, system } = process.cpuUsage(processor);
    const seconds = (wallMilliseconds() - began) / 1000;
    writeTrainingRecord(kept, { seconds, processorSeconds: (user + system) / 1e6 });
  }
  return {
    recommender,
    weights: firstStep === undefined ? 'kept' : 'trained in this run',
    record: readTrainingRecord(kept),
  };
}

/** Those of the named methods, and popularity, against which everyone is held. Of a method that does not compete there it is said. */
function chosenEntrants(set: ContestSet, { methods: names, log }: ContestSettings): Entrant[] {
  const all = entrantsOf(set);
  for (const name of names ?? []) {
    if (!all.some(({ method }) => method === name)) log(`${set.name}: ${name} does not compete there`);
  }
  return all.filter(({ method }) => names === undefined || method === 'popularity' || names.includes(method));
}
