// The process reward model of PROMISE: how likely is it that a path of codes leads to what the visitor wants? One
// vector for each valid prefix looks at the encoded history, and a small head makes a number of it. Prefixes are
// judged independently of each other and of the decoder (arXiv 2601.04674, section 3).

import type { Random } from '../base/random.ts';
import { attendTo, keysAndValues } from './kit/attention.ts';
import {
  embed,
  embeddingPlan,
  feedForward,
  feedForwardPlan,
  linear,
  linearPlan,
  normPlan,
  rmsNorm,
  weight,
  type Noise,
} from './kit/layers.ts';
import { codeCrossEntropy, weightedMean } from './kit/losses.ts';
import { matrix, multipleOfFour, normal, type WeightPlans } from './kit/parameters.ts';
import { add, einsum, multiply, reshape, silu, slice, type Tensor, type Tensors } from './kit/tensor.ts';
import type { Encoding } from './kit/transformer.ts';
import { contrasted, type Prefixes } from './prefixes.ts';
import type { Arrays } from './semantic-batches.ts';
import { knownPlaces, type DecoderPlan } from './semantic-decoder.ts';

export interface JudgePlan {
  /** Rows of the table of prefixes. */
  readonly prefixes: number;
  /** Width of the encoding and of the vectors of prefixes. */
  readonly width: number;
  /** A quarter of the decoder's, of the same size each, so that looking at a history costs a fraction of a decoder step. */
  readonly heads: number;
  readonly headWidth: number;
  readonly blocks: number;
}

export function judgePlanOf({ shape }: DecoderPlan, prefixes: number): JudgePlan {
  const { width, heads } = shape;
  return { prefixes, width, heads: Math.max(1, heads / 4), headWidth: width / heads, blocks: 1 };
}

export function judgePlans({ prefixes, width, heads, headWidth, blocks }: JudgePlan): WeightPlans {
  const looking = heads * headWidth;
  let plans: WeightPlans = {
    ...embeddingPlan('prefixes', multipleOfFour(prefixes), width),
    ...linearPlan('reward.in', width, width),
    'reward.out': normal([width], 1 / Math.sqrt(width)),
  };
  for (let block = 0; block < blocks; block++) {
    const name = `judge.${block}`;
    plans = {
      ...plans,
      ...normPlan(`${name}.cross-norm`, width),
      [`${name}.cross.query`]: matrix(width, looking),
      [`${name}.cross.key`]: matrix(width, looking),
      [`${name}.cross.value`]: matrix(width, looking),
      [`${name}.cross.output`]: matrix(looking, width),
      ...normPlan(`${name}.forward-norm`, width),
      ...feedForwardPlan(`${name}.forward`, width, width),
    };
  }
  return plans;
}

/** Keys and values of an encoding [rows, length, width] for each block: made once a history. */
export function judgeEncoding(parameters: Tensors, plan: JudgePlan, encoded: Tensor): Encoding[] {
  return Array.from({ length: plan.blocks }, (_, block) =>
    keysAndValues(parameters, `judge.${block}.cross`, encoded, plan.heads),
  );
}

/**
 * Rewards y [rows, candidates] of prefixes (rows of the table, [rows, candidates]). `mask` [rows, candidates, length]
 * hides the places of a history that a candidate may not know.
 */
export function rewards(
  parameters: Tensors,
  plan: JudgePlan,
  prefixes: Tensor,
  mask: Tensor,
  encoding: readonly Encoding[],
  noise: Noise,
): Tensor {
  let state = embed(parameters, 'prefixes', prefixes);
  for (let block = 0; block < plan.blocks; block++) {
    const name = `judge.${block}`;
    const asked = rmsNorm(parameters, `${name}.cross-norm`, state);
    state = add(
      state,
      noise.drop(attendTo(parameters, `${name}.cross`, asked, encoding[block]!, mask, noise)),
    );
    const thought = rmsNorm(parameters, `${name}.forward-norm`, state);
    state = add(state, noise.drop(feedForward(parameters, `${name}.forward`, thought)));
  }
  const hidden = silu(linear(parameters, 'reward.in', state));
  return einsum('bch,h->bc', hidden, weight(parameters, 'reward.out'));
}

/**
 * What the judge learns from: for the first `targets` items of each row, at each level, the item's own prefix and the
 * prefixes it is held against, `count` in all, a multiple of four.
 */
export function contrastArrays(
  items: readonly (readonly number[])[],
  targets: number,
  prefixes: Prefixes,
  count: number,
  random: Random,
): Arrays {
  const { levels } = prefixes;
  const each = levels * count;
  const rows = items.length;
  const candidates = new Int32Array(rows * targets * each);
  const judged = new Float32Array(rows * targets * levels);
  items.forEach((row, place) => {
    row.slice(0, targets).forEach((item, order) => {
      const slot = place * targets + order;
      for (let level = 0; level < levels; level++) {
        const drawn = contrasted(prefixes, item, level + 1, count, random);
        candidates.set(drawn, slot * each + level * count);
        judged[slot * levels + level] = 1;
      }
    });
  });
  const sizes = Array.from(
    { length: levels },
    (_, level) => prefixes.start[level + 1]! - prefixes.start[level]!,
  );
  const absent = Float32Array.from({ length: each }, (_, place) =>
    place % count < sizes[Math.floor(place / count)]! ? 0 : -1e9,
  );
  return {
    candidates: { shape: [rows, targets * each], values: candidates },
    judged: { shape: [rows, targets * levels], values: judged },
    first: { shape: [rows, targets * levels], values: new Int32Array(rows * targets * levels) },
    absent: { shape: [1, 1, levels, count], values: absent },
    each: { shape: [1, 1, each], values: new Int32Array(each).fill(1) },
  };
}

/**
 * InfoNCE summed over the levels, mean over the judged targets: −log of the share that the item's own prefix has among
 * those it is held against. The targets are the first of those that the decoder writes.
 */
export function contrastLoss(
  parameters: Tensors,
  plan: JudgePlan,
  batch: Tensors,
  encoding: readonly Encoding[],
  noise: Noise,
): Tensor {
  const [, , levels, count] = batch['absent']!.shape as [number, number, number, number];
  const [rows, all] = batch['judged']!.shape as [number, number];
  const targets = all / levels;
  const places = {
    at: slice(batch['at']!, 1, 0, targets),
    segmentAt: slice(batch['segmentAt']!, 1, 0, targets),
    segments: batch['segments']!,
  };
  const mask = knownPlaces(places, batch['each']!);
  const found = rewards(parameters, plan, batch['candidates']!, mask, encoding, noise);
  const apart = add(reshape(found, [rows, targets, levels, count]), batch['absent']!);
  const losses = codeCrossEntropy(reshape(apart, [rows, all, count]), batch['first']!);
  return multiply(weightedMean(losses, batch['judged']!), levels);
}
