// What it is worth to judge prefixes (PROMISE, section 4): one training of promise, searched as a plain beam, under its
// judge with more and more proposals, at single levels, by the judge alone, under judges by chance and by popularity, as
// other beams, and together with the decoder of tiger. Same people throughout, with what each search costs in multiplications.

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
import { add, arange, asFloat, multiply, reshape } from '../recommend/kit/tensor.ts';
import { judgedModel } from '../recommend/methods/promise.ts';
import { gradesOf, ndcgAt, type AnsweredCase, type LeaveOneOut } from '../recommend/next-item.ts';
import { prefixesOf } from '../recommend/prefixes.ts';
import { judgePlanOf } from '../recommend/process-reward.ts';
import { excludedItems } from '../recommend/ranking.ts';
import type { TrainingSet } from '../recommend/recommender.ts';
import {
  judgeMultiplications,
  encodingMultiplications,
  searchMultiplications,
} from '../recommend/search-cost.ts';
import { byProbability, type CodeModel, type SearchParts } from '../recommend/semantic-search.ts';
import type { DecoderPlan } from '../recommend/semantic-decoder.ts';
import { decoderPlanOf, semanticSettings, tokensOf } from '../recommend/semantic-settings.ts';
import { historySteps, holdOutLast, sequencesOf } from '../recommend/sequences.ts';
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

/** What is tried. */
export interface GuidedTrials {
  /** K′. */
  readonly beam: number;
  /** K+, each under the judge. */
  readonly proposals: readonly number[];
  readonly otherBeams: readonly number[];
  /** K+ of the single levels, of the other order and of the other judges. */
  readonly controlled: number;
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
    const entrants = entrantsOf(set).filter(({ name }) => name === 'promise' || name === 'tiger');
    const rows = await guidedRows(set.name, training, entrants, split, settings);
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
  /** Something else than the judge's judgement, which could explain its gain. */
  readonly isRival?: boolean;
  /** Everything is ranked and nothing pruned: there is no HRecall. */
  readonly isExact?: boolean;
}
type Search = Pick<Way, 'parts' | 'multiplications'>;

/** Rows of all searches on one training set; the first is the plain beam. */
export async function guidedRows(
  data: string,
  training: TrainingSet,
  entrants: readonly Entrant[],
  split: LeaveOneOut,
  settings: ContestSettings,
  { beam, proposals: proposalsTried, otherBeams, controlled }: GuidedTrials = trials,
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
  // As the method holds them out.
  const heldOut = randomFrom('promise', seed).shuffle;
  const stepsTrained = holdOutLast(sequences.all, chosen.validationPeople, heldOut).training;
  const every = Array.from({ length: plan.levels }, (_, level) => level + 1);

  const plain = { parameters, model: encoderDecoder(plan), plan, tokens, rows: 1, keeping: byProbability };
  const two = { ...plain, parameters: both, model: ensemble([plain.model, plain.model]) };
  const ofBeam = (parts: Omit<SearchParts, 'beam'>, width: number): Search => ({
    parts: { ...parts, beam: width },
    multiplications: searchMultiplications(parts, width),
  });
  const judged = (
    judge: Judge,
    proposals: number,
    levels: readonly number[],
    cost: boolean,
    order: 'reward' | 'sum' = 'reward',
  ): Search => {
    const guided = new Set(levels);
    const guide = { judge, beam, proposals, guided, levels: plan.levels, order };
    const judging = cost ? judgeMultiplications(plain, judgePlan, prefixes, proposals, guided) : 0;
    return {
      parts: { ...plain, model: judgedModel(plan, judgePlan), beam, keeping: guidedKeeping(guide) },
      multiplications: searchMultiplications(plain, beam) + judging,
    };
  };
  const process = (proposals: number): Judge =>
    processJudge(parameters, judgePlan, prefixes, 1, multipleOfFour(proposals));
  const alone = (): Search => {
    const guided = new Set([plan.levels]);
    const items = table.itemIds.length;
    const judge = process(controlled);
    const guide = {
      judge,
      beam: items,
      proposals: items,
      guided,
      levels: plan.levels,
      order: 'reward',
    } as const;
    const model = { read: judgedModel(plan, judgePlan).read, write: indifferent(plan) };
    return {
      parts: { ...plain, model, beam: items, keeping: guidedKeeping(guide) },
      multiplications:
        encodingMultiplications(plain) + judgeMultiplications(plain, judgePlan, prefixes, items, guided),
    };
  };
  const beamOf = (width: number): Way => ({
    search: `beam of ${width}`,
    family: 'beam',
    ...ofBeam(plain, width),
  });
  const control = (search: string, way: Search): Way => ({ search, family: 'control', ...way });
  const rival = (search: string, way: Search): Way => ({ ...control(search, way), isRival: true });
  const ways: Way[] = [
    beamOf(beam),
    ...otherBeams.map(beamOf),
    ...proposalsTried.map((proposals): Way => ({
      search: `judge, ${proposals} proposals`,
      family: 'judge',
      ...judged(process(proposals), proposals, every, true),
    })),
    control(
      `judge and decoder in sum, ${controlled} proposals`,
      judged(process(controlled), controlled, every, true, 'sum'),
    ),
    ...levelsApart(plan.levels).map((levels) =>
      control(
        `judge at ${levels.length === 1 ? 'level' : 'levels'} ${levels.join(', ')} alone, ${controlled} proposals`,
        judged(process(controlled), controlled, levels, true),
      ),
    ),
    { ...control('judge without a search, all items', alone()), isExact: true },
    rival(
      `judge by chance, ${controlled} proposals`,
      judged(randomJudge(prefixes, randomFrom('random-judge', seed)), controlled, every, false),
    ),
    rival(
      `judge by popularity, ${controlled} proposals`,
      judged(popularityJudge(prefixes, stepsTrained), controlled, every, false),
    ),
    rival(`two decoders, beam of ${beam / 2}`, ofBeam(two, beam / 2)),
    rival(`two decoders, beam of ${beam}`, ofBeam(two, beam)),
  ];
  const cases = split.cases.map(({ history, target }): AskedStep => ({
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
    const slates = found.map(({ rank, listed }) => ({
      rank,
      slate: listed.map((item) => table.itemIds[item]!),
    }));
    return { way, found, longTail10: gradesOf(slates, split, training.items).longTail10 };
  });
  return gradedRows(answered, seed);
}

/** A decoder without an opinion: every code is as likely, so that a judge alone decides. */
function indifferent({ codes }: DecoderPlan): CodeModel['write'] {
  return (_parameters, _read, batch) => {
    const [rows, tokens] = batch['written']!.shape as [number, number];
    const none = reshape(multiply(asFloat(batch['written']!), 0), [rows, tokens, 1]);
    return add(none, reshape(multiply(asFloat(arange(codes)), 0), [1, 1, codes]));
  };
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
    readonly way: Omit<Way, 'parts'>;
    readonly found: readonly SearchedCase[];
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
  return answered.map(({ way, found, longTail10 }, at) => ({
    search: way.search,
    family: way.family,
    multiplications: way.multiplications,
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
