// The batches of a click model. From histories: every step is a click, set against items drawn at random from those
// the person never met, and the past is what came before it. From impressions: what was shown, and whether it was
// clicked. A pure function of the step, so a resumed training meets the same batches.

import { randomFrom, type Random } from '../../base/random.ts';
import type { HostBatch } from '../kit/fit.ts';
import { multipleOfFour } from '../kit/parameters.ts';
import { unmetItem } from '../unmet-item.ts';
import { activityLevels, activityOf, type Bags, type Features } from './features.ts';

/** Items drawn at random for each click. */
export const negativesPerClick = 4;

/** A person at a moment. */
export interface Asker {
  /** Row of Features.visitors; 0 is nobody in particular. */
  readonly visitor: number;
  /** Item indices of the steps before, oldest first. */
  readonly past: Int32Array;
}

/** What stood before a person at a moment, and which of it was clicked. */
export interface Moment extends Asker {
  readonly candidates: readonly number[];
  readonly clicked: readonly boolean[];
}

export interface ClickEpochs {
  readonly stepsPerEpoch: number;
  batch(step: number): HostBatch;
}

export interface ClickPlan {
  readonly features: Features;
  /** Steps of the past that are read. */
  readonly history: number;
  readonly seed: number;
}

/** Share of the moments in which nobody is told who asks, so that strangers can be served. */
const anonymousShare = 0.1;
const largestBatch = 512;
const fewestSteps = 8;

/** One training example: the moment's number is turned into the moment by `at` with the random stream of its step. */
export function clickEpochs(
  count: number,
  at: (number: number, random: Random) => Moment,
  plan: ClickPlan,
): ClickEpochs {
  const size = multipleOfFour(Math.max(1, Math.min(largestBatch, count / fewestSteps)));
  const stepsPerEpoch = Math.max(1, Math.ceil(count / size));
  let shuffled: { readonly epoch: number; readonly order: readonly number[] } | undefined;
  return {
    stepsPerEpoch,
    batch(step) {
      const epoch = Math.floor((step - 1) / stepsPerEpoch);
      if (shuffled?.epoch !== epoch) {
        const all = Array.from({ length: count }, (_, number) => number);
        shuffled = { epoch, order: randomFrom('click-epoch', plan.seed, epoch).shuffle(all) };
      }
      const from = ((step - 1) % stepsPerEpoch) * size;
      const random = randomFrom('click-batch', plan.seed, step);
      const moments = shuffled.order.slice(from, from + size).map((number) => {
        const moment = at(number, random);
        return random.uniform() < anonymousShare ? { ...moment, visitor: 0 } : moment;
      });
      return momentBatch(moments, size, plan);
    },
  };
}

/** Every step of every sequence as a click. `seen` are the items a person ever met, by the sequence's place. */
export function clicksOf(
  sequences: readonly Int32Array[],
  visitors: readonly number[],
  seen: readonly ReadonlySet<number>[],
  items: number,
): { readonly count: number; readonly at: (number: number, random: Random) => Moment } {
  const places = sequences.flatMap((sequence, person) =>
    Array.from(sequence, (_, step) => ({ person, step })),
  );
  const clicked = [true, ...Array.from({ length: negativesPerClick }, () => false)];
  return {
    count: places.length,
    at(number, random) {
      const { person, step } = places[number]!;
      const sequence = sequences[person]!;
      const drawn = Array.from({ length: negativesPerClick }, () => unmetItem(items, seen[person]!, random));
      return {
        visitor: visitors[person]!,
        past: sequence.subarray(0, step),
        candidates: [sequence[step]!, ...drawn],
        clicked,
      };
    },
  };
}

/** Moments of equal numbers of candidates as arrays; rows beyond them have weight 0. */
export function momentBatch(moments: readonly Moment[], size: number, plan: ClickPlan): HostBatch {
  const width = moments[0]?.candidates.length ?? 1;
  const labels = new Float32Array(size * width);
  const weights = new Float32Array(size * width);
  const candidates = new Int32Array(size * width);
  moments.forEach((moment, row) => {
    candidates.set(moment.candidates, row * width);
    labels.set(moment.clicked.map(Number), row * width);
    weights.fill(1, row * width, (row + 1) * width);
  });
  const shape = [size, width] as const;
  return {
    tokens: moments.length * width,
    arrays: {
      ...askerArrays(moments, size, plan),
      ...candidateArrays(candidates, shape, plan),
      labels: { shape, values: labels },
      weights: { shape, values: weights },
    },
  };
}

/**
 * People as arrays: who, traits, the last steps of the past as the items and tags in it, how long it is. A past of n
 * steps gives each of its items 1 / √n. All but the ids are dense rows: a matrix product is far cheaper in jax-js
 * than the gradient of a look-up.
 */
export function askerArrays(
  askers: readonly Asker[],
  size: number,
  { features: { tags, traits }, history }: ClickPlan,
): HostBatch['arrays'] {
  const visitor = new Int32Array(size);
  const activity = new Float32Array(size * activityLevels);
  const past = new Float32Array(size * tags.rows);
  const tastes = new Float32Array(size * tags.width);
  const own = new Float32Array(size * traits.width);
  askers.forEach((asker, row) => {
    const read = asker.past.subarray(Math.max(0, asker.past.length - history));
    const share = 1 / Math.sqrt(Math.max(1, read.length));
    visitor[row] = asker.visitor;
    activity[row * activityLevels + activityOf(asker.past.length)] = 1;
    own.set(rowOf(traits, asker.visitor), row * traits.width);
    for (const item of read) {
      past[row * tags.rows + item]! += share;
      for (let tag = 0; tag < tags.width; tag++)
        tastes[row * tags.width + tag]! += share * tags.values[item * tags.width + tag]!;
    }
  });
  return {
    visitor: { shape: [size], values: visitor },
    activity: { shape: [size, activityLevels], values: activity },
    traits: { shape: [size, traits.width], values: own },
    past: { shape: [size, tags.rows], values: past },
    tastes: { shape: [size, tags.width], values: tastes },
  };
}

/** Candidates [rows or 1, width] with their tags and periods, one dense row each. */
export function candidateArrays(
  candidates: Int32Array,
  shape: readonly [number, number],
  { features: { tags, periods } }: ClickPlan,
): HostBatch['arrays'] {
  const rowsOf = (bags: Bags): Float32Array => {
    const values = new Float32Array(candidates.length * bags.width);
    candidates.forEach((item, place) => values.set(rowOf(bags, item), place * bags.width));
    return values;
  };
  return {
    candidates: { shape, values: candidates },
    tags: { shape: [...shape, tags.width], values: rowsOf(tags) },
    period: { shape: [...shape, periods.width], values: rowsOf(periods) },
  };
}

function rowOf({ width, values }: Bags, row: number): Float32Array {
  return values.subarray(row * width, (row + 1) * width);
}
