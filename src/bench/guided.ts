// What it is worth to judge prefixes (PROMISE, section 4): one training of promise, searched as a plain beam, under its
// judge with more and more proposals, at single levels, under judges by chance and by popularity, as wider beams, and
// together with the decoder of tiger. Same people throughout, with what each search costs in multiplications.

import { z } from 'zod';
import { randomFrom } from '../base/random.ts';
import { checkpointPath } from '../recommend/define-model.ts';
import { encoderDecoder, ensemble, merged } from '../recommend/encoder-decoder.ts';
import {
  guidedKeeping,
  popularityJudge,
  processJudge,
  randomJudge,
  type Judge,
} from '../recommend/guided-search.ts';
import {
  hierarchicalRecall,
  searchCases,
  type AskedStep,
  type SearchedCase,
} from '../recommend/hierarchical-recall.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { multipleOfFour, toDevice } from '../recommend/kit/parameters.ts';
import { judgedModel } from '../recommend/methods/promise.ts';
import type { AnsweredCase, NextItemCase } from '../recommend/next-item.ts';
import { prefixesOf } from '../recommend/prefixes.ts';
import { judgePlanOf } from '../recommend/process-reward.ts';
import { excludedItems } from '../recommend/ranking.ts';
import type { TrainingSet } from '../recommend/recommender.ts';
import { judgeMultiplications, searchMultiplications } from '../recommend/search-cost.ts';
import { byProbability, type SearchParts } from '../recommend/semantic-search.ts';
import { decoderPlanOf, semanticSettings, tokensOf } from '../recommend/semantic-settings.ts';
import { historySteps, sequencesOf } from '../recommend/sequences.ts';
import { tabulate } from '../recommend/training-table.ts';
import { pairedGrades, type GradeOf, type PairedGrade } from './paired-grades.ts';
import { chosenSets, entrantsOf, type Entrant } from './recommender-recipes.ts';
import { readSet, trained, type ContestSettings } from './recommenders.ts';

/** How a row searches: it says what the curve of recall against compute joins. */
export type GuidedFamily = 'beam' | 'judge' | 'control';

export interface GuidedRow {
  readonly search: string;
  readonly family: GuidedFamily;
  /** Multiply-accumulates of one search with a full history. */
  readonly multiplications: number;
  readonly recall10: number;
  /** HRecall at each level, from the first: is the true prefix among those kept? */
  readonly hierarchical: readonly number[];
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

/** What is tried. */
export interface GuidedTrials {
  /** K′. */
  readonly beam: number;
  /** K+, each under the judge. */
  readonly proposals: readonly number[];
  readonly widerBeams: readonly number[];
  /** K+ of the single levels and of the other judges. */
  readonly controlled: number;
}

const trials: GuidedTrials = { beam: 10, proposals: [10, 20, 40, 80], widerBeams: [20, 40], controlled: 40 };

/** The contest on each data set that is asked for; trains promise and tiger where their weights are not kept. */
export async function guidedContest(settings: ContestSettings): Promise<GuidedReport[]> {
  const reports: GuidedReport[] = [];
  for (const set of chosenSets(settings.sets)) {
    const { training, split } = await readSet(set, settings);
    const entrants = entrantsOf(set).filter(({ name }) => name === 'promise' || name === 'tiger');
    const rows = await guidedRows(set.name, training, entrants, split.cases, settings);
    reports.push({ set: set.name, people: split.cases.length, beam: trials.beam, rows });
  }
  return reports;
}

/** One search: what it is called, how it keeps, and what it costs. */
interface Way {
  readonly search: string;
  readonly family: GuidedFamily;
  readonly parts: SearchParts;
  readonly multiplications: number;
}

/** Rows of all searches on one training set; the first is the plain beam. */
export async function guidedRows(
  data: string,
  training: TrainingSet,
  entrants: readonly Entrant[],
  asked: readonly NextItemCase[],
  settings: ContestSettings,
  { beam, proposals: proposalsTried, widerBeams, controlled }: GuidedTrials = trials,
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
  const judgePlan = judgePlanOf(plan, prefixes.codes.length);
  const parameters = await weightsOf('promise');
  const both = merged([parameters, await weightsOf('tiger')]);
  const every = Array.from({ length: plan.levels }, (_, level) => level + 1);

  const plain = { parameters, model: encoderDecoder(plan), plan, tokens, rows: 1, keeping: byProbability };
  const two = { ...plain, parameters: both, model: ensemble([plain.model, plain.model]) };
  const ofBeam = (
    parts: Omit<SearchParts, 'beam'>,
    width: number,
  ): Pick<Way, 'parts' | 'multiplications'> => ({
    parts: { ...parts, beam: width },
    multiplications: searchMultiplications(parts, width),
  });
  const judged = (
    judge: Judge,
    proposals: number,
    levels: readonly number[],
    cost: boolean,
  ): Pick<Way, 'parts' | 'multiplications'> => {
    const guided = new Set(levels);
    const guide = { judge, beam, proposals, guided, levels: plan.levels, order: 'reward' } as const;
    const judging = cost ? judgeMultiplications(plain, judgePlan, prefixes, proposals, guided) : 0;
    return {
      parts: { ...plain, model: judgedModel(plan, judgePlan), beam, keeping: guidedKeeping(guide) },
      multiplications: searchMultiplications(plain, beam) + judging,
    };
  };
  const process = (proposals: number): Judge =>
    processJudge(parameters, judgePlan, prefixes, 1, multipleOfFour(proposals));
  const control = (search: string, way: Pick<Way, 'parts' | 'multiplications'>): Way => ({
    search,
    family: 'control',
    ...way,
  });
  const ways: Way[] = [
    { search: `beam of ${beam}`, family: 'beam', ...ofBeam(plain, beam) },
    ...widerBeams.map((width): Way => ({
      search: `beam of ${width}`,
      family: 'beam',
      ...ofBeam(plain, width),
    })),
    ...proposalsTried.map((proposals): Way => ({
      search: `judge, ${proposals} proposals`,
      family: 'judge',
      ...judged(process(proposals), proposals, every, true),
    })),
    ...levelsApart(plan.levels).map((levels) =>
      control(
        `judge at ${levels.length === 1 ? 'level' : 'levels'} ${levels.join(', ')} alone, ${controlled} proposals`,
        judged(process(controlled), controlled, levels, true),
      ),
    ),
    control(
      `judge by chance, ${controlled} proposals`,
      judged(randomJudge(prefixes, randomFrom('random-judge', seed)), controlled, every, false),
    ),
    control(
      `judge by popularity, ${controlled} proposals`,
      judged(popularityJudge(prefixes, sequences.all), controlled, every, false),
    ),
    control(`two decoders, beam of ${beam}`, ofBeam(two, beam)),
  ];
  const cases = asked.map(({ history, target }): AskedStep => ({
    past: historySteps(table, history, plan.length - 1),
    next: table.itemIndex.get(target)!,
    known: excludedItems(
      table,
      history.map(({ item }) => item),
    ),
  }));
  const answered = ways.map((way) => {
    const found = searchCases(way.parts, cases, 10);
    log(`${data}: ${way.search}`);
    return { way, found };
  });
  return gradedRows(answered, seed);
}

/** A control that has all levels judged, or none: what else could explain a gain. */
function isRival({ search, family }: Pick<Way, 'search' | 'family'>): boolean {
  return family === 'control' && !search.includes(' alone,');
}

/** Levels to be judged apart from the others: single ones below the first, and the last ones together, as in the paper's table. */
function levelsApart(levels: number): readonly (readonly number[])[] {
  const before = Array.from({ length: levels - 1 }, (_, at) => at + 1);
  const from = before.map((first) => before.filter((level) => level >= first));
  const all = [...before.slice(1).map((level) => [level]), ...from];
  return all.filter((one, at) => all.findIndex((other) => other.join() === one.join()) === at);
}

type GradedCase = AnsweredCase & Pick<SearchedCase, 'kept'>;

/** Grades and differences of searches over the same cases, the first of them the plain beam. */
export function gradedRows(
  answered: readonly {
    readonly way: Pick<Way, 'search' | 'family' | 'multiplications'>;
    readonly found: readonly SearchedCase[];
  }[],
  seed: number,
): GuidedRow[] {
  const levels = answered[0]?.found[0]?.kept.length ?? 0;
  const grades: Record<string, GradeOf<GradedCase>> = {
    'recall@10': ({ rank }) => (rank === null ? 0 : 1),
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
  return answered.map(({ way, found }, at) => ({
    search: way.search,
    family: way.family,
    multiplications: way.multiplications,
    recall10: found.filter(({ rank }) => rank !== null).length / Math.max(1, found.length),
    hierarchical: hierarchicalRecall(found) ?? [],
    differences: at === 0 ? [] : pairedGrades(lists[at]!, lists[0]!, seed, grades),
    overControls:
      way.family !== 'judge'
        ? []
        : answered.flatMap((other, rival) =>
            isRival(other.way) ? pairedGrades(lists[at]!, lists[rival]!, seed, grades) : [],
          ),
  }));
}
