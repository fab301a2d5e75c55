// The searches that are held against each other in the contest of judged searches: one trained promise as a plain beam,
// under its judge with more and more proposals, at single levels, and by the judge alone; and what else could explain a
// gain: judges by chance and by popularity, and a second decoder.

import { randomFrom } from '../base/random.ts';
import { encoderDecoder, ensemble, merged } from '../recommend/encoder-decoder.ts';
import {
  countedJudge,
  guidedKeeping,
  popularityJudge,
  processJudge,
  randomJudge,
  type Judge,
} from '../recommend/guided-search.ts';
import { multipleOfFour } from '../recommend/kit/parameters.ts';
import { add, arange, asFloat, multiply, reshape, type Tensors } from '../recommend/kit/tensor.ts';
import { judgedModel } from '../recommend/methods/promise.ts';
import type { Prefixes } from '../recommend/prefixes.ts';
import type { JudgePlan } from '../recommend/process-reward.ts';
import {
  encodingMultiplications,
  judgeMultiplications,
  searchMultiplications,
} from '../recommend/search-cost.ts';
import type { DecoderPlan } from '../recommend/semantic-decoder.ts';
import { byProbability, type CodeModel, type SearchParts } from '../recommend/semantic-search.ts';
import type { Tokens } from '../recommend/tokenise.ts';

/** How a row searches: it says what the curve of recall against compute joins. */
export type GuidedFamily = 'beam' | 'judge' | 'control';

/** One search: what it is called, how it keeps, and what it costs. */
export interface Way {
  readonly search: string;
  readonly family: GuidedFamily;
  readonly parts: SearchParts;
  /** Multiply-accumulates of one search with a full history; after the searches, since it counts what was judged in them. */
  multiplications(): number;
  /** Something else than the judge's judgement, which could explain its gain. */
  readonly isRival?: boolean;
  /** Everything is ranked and nothing pruned: there is no HRecall. */
  readonly isExact?: boolean;
}
type Search = Pick<Way, 'parts' | 'multiplications'>;

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

/** What is searched: weights of promise and of tiger on the device, over the same semantic IDs. */
export interface GuidedModels {
  readonly promise: Tensors;
  readonly tiger: Tensors;
  readonly plan: DecoderPlan;
  readonly judgePlan: JudgePlan;
  readonly tokens: Tokens;
  readonly prefixes: Prefixes;
  /** What promise was trained on, for the judge by popularity. */
  readonly training: readonly Int32Array[];
}

/** All searches, the plain beam first. */
export function guidedWays(models: GuidedModels, trials: GuidedTrials, seed: number): Way[] {
  const { beam, proposals: proposalsTried, otherBeams, controlled } = trials;
  const { promise, tiger, plan, prefixes, training } = models;
  const plain = plainParts(models);
  const two = {
    ...plain,
    parameters: merged([promise, tiger]),
    model: ensemble([plain.model, plain.model]),
  };
  const every = Array.from({ length: plan.levels }, (_, level) => level + 1);
  const process = (proposals: number, levels: readonly number[] = every, order: Order = 'reward'): Search =>
    judgedSearch(models, judgeOf(models, proposals), { beam, proposals, levels, order });
  const instead = (judge: Judge): Search =>
    judgedSearch(
      models,
      judge,
      { beam, proposals: controlled, levels: every, order: 'reward' },
      { isFree: true },
    );
  const beamOf = (width: number): Way => ({
    search: `beam of ${width}`,
    family: 'beam',
    ...beamSearch(plain, width),
  });
  const control = (search: string, way: Search): Way => ({ search, family: 'control', ...way });
  const rival = (search: string, way: Search): Way => ({ ...control(search, way), isRival: true });
  return [
    beamOf(beam),
    ...otherBeams.map(beamOf),
    ...proposalsTried.map((proposals): Way => ({
      search: `judge, ${proposals} proposals`,
      family: 'judge',
      ...process(proposals),
    })),
    control(`judge and decoder in sum, ${controlled} proposals`, process(controlled, every, 'sum')),
    ...levelsApart(plan.levels).map((levels) =>
      control(
        `judge at ${levels.length === 1 ? 'level' : 'levels'} ${levels.join(', ')} alone, ${controlled} proposals`,
        process(controlled, levels),
      ),
    ),
    { ...control('judge without a search, all items', judgeAlone(models, controlled)), isExact: true },
    rival(
      `judge by chance, ${controlled} proposals`,
      instead(randomJudge(prefixes, randomFrom('random-judge', seed))),
    ),
    rival(`judge by popularity, ${controlled} proposals`, instead(popularityJudge(prefixes, training))),
    rival(`two decoders, beam of ${beam / 2}`, beamSearch(two, beam / 2)),
    rival(`two decoders, beam of ${beam}`, beamSearch(two, beam)),
  ];
}

type Order = 'reward' | 'sum';

function plainParts({ promise, plan, tokens }: GuidedModels): Omit<SearchParts, 'beam'> {
  return { parameters: promise, model: encoderDecoder(plan), plan, tokens, rows: 1, keeping: byProbability };
}

function beamSearch(parts: Omit<SearchParts, 'beam'>, width: number): Search {
  return { parts: { ...parts, beam: width }, multiplications: () => searchMultiplications(parts, width) };
}

function judgeOf({ promise, judgePlan, prefixes }: GuidedModels, together: number): Judge {
  return processJudge(promise, judgePlan, prefixes, 1, multipleOfFour(together));
}

/** A judge that `isFree` looks its rewards up and multiplies nothing. */
function judgedSearch(
  models: GuidedModels,
  judge: Judge,
  { beam, proposals, levels, order }: GuidedSearch,
  { isFree }: { readonly isFree: boolean } = { isFree: false },
): Search {
  const { plan, judgePlan } = models;
  const plain = plainParts(models);
  const counted = countedJudge(judge);
  const guide = {
    judge: counted.judge,
    beam,
    proposals,
    guided: new Set(levels),
    levels: plan.levels,
    order,
  };
  return {
    parts: { ...plain, model: judgedModel(plan, judgePlan), beam, keeping: guidedKeeping(guide) },
    multiplications: () =>
      searchMultiplications(plain, beam) +
      (isFree ? 0 : judgeMultiplications(plain, judgePlan, counted.shown())),
  };
}
interface GuidedSearch {
  readonly beam: number;
  readonly proposals: number;
  readonly levels: readonly number[];
  readonly order: Order;
}

/** All items by their reward, `together` at a time: no decoder, and nothing pruned. */
function judgeAlone(models: GuidedModels, together: number): Search {
  const { plan, judgePlan, tokens } = models;
  const plain = plainParts(models);
  const items = tokens.full.length / plan.levels;
  const counted = countedJudge(judgeOf(models, together));
  const keeping = guidedKeeping({
    judge: counted.judge,
    beam: items,
    proposals: items,
    guided: new Set([plan.levels]),
    levels: plan.levels,
    order: 'reward',
  });
  const model = { read: judgedModel(plan, judgePlan).read, write: indifferent(plan) };
  return {
    parts: { ...plain, model, beam: items, keeping },
    multiplications: () =>
      encodingMultiplications(plain) + judgeMultiplications(plain, judgePlan, counted.shown()),
  };
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
