// The lazy decoder of OneRec-V2 (arXiv 2508.20900, section 2): the history is not encoded. Each of its tokens is cut
// and normalised once, and what results is key and value of every layer, without projections. Work goes to the few
// codes that are written, so it hardly grows with the history. Not here: mixture of experts, and what rewards teach.

import { attendTo, attentionPlan, intoGroups, lazyAttentionPlan, selfAttention } from './kit/attention.ts';
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
import { filled, normal, type WeightPlans } from './kit/parameters.ts';
import {
  add,
  asFloat,
  asIntegers,
  greaterEqual,
  maximum,
  mean,
  multiply,
  reciprocal,
  reshape,
  slice,
  sqrt,
  subtract,
  sum,
  takeRows,
  type Tensor,
  type Tensors,
} from './kit/tensor.ts';
import type { Encoding } from './kit/transformer.ts';
import { headed, knownPlaces, ownCodes, writtenTokens, type DecoderPlan } from './semantic-decoder.ts';

/** `shape.groups` is the number of distinct keys (G_kv), `shape.layers` that of blocks. */
export interface LazyPlan extends DecoderPlan {
  /** Different keys and values, shared by layers in order (L_kv). */
  readonly contexts: number;
  /** Whether values differ from keys (S_kv = 2) or are the same tensor (1). */
  readonly valuesApart: boolean;
}

export function lazyPlans(plan: LazyPlan): WeightPlans {
  const { width, layers, expansion, heads } = plan.shape;
  const cut = cutWidth(plan);
  let plans: WeightPlans = {
    ...embeddingPlan('read', plan.levels * plan.codes + 4, width),
    ...embeddingPlan('written', plan.levels * plan.codes + 4, width),
    ages: normal([plan.length, width], 0.1),
    levels: normal([Math.max(4, plan.levels), width], 0.1),
    ...linearPlan('context', width, cut * cutsOf(plan)),
  };
  for (let cutting = 0; cutting < cutsOf(plan); cutting++) {
    plans = { ...plans, ...normPlan(`context.norm.${cutting}`, cut) };
  }
  for (let layer = 0; layer < layers; layer++) {
    const block = `lazy.${layer}`;
    plans = {
      ...plans,
      ...normPlan(`${block}.cross-norm`, width),
      ...lazyAttentionPlan(`${block}.cross`, width),
      ...normPlan(`${block}.self-norm`, width),
      ...attentionPlan(`${block}.self`, { width, heads, groups: heads }),
      ...normPlan(`${block}.forward-norm`, width),
      ...feedForwardPlan(`${block}.forward`, width, width * expansion),
    };
  }
  return {
    ...plans,
    'head-norms': filled([plan.levels, width], 1),
    heads: normal([plan.levels, width, plan.codes], 1 / Math.sqrt(width)),
  };
}

/** Width of a key: G_kv × head size. */
function cutWidth({ shape }: LazyPlan): number {
  return (shape.width / shape.heads) * shape.groups;
}

/** S_kv × L_kv. */
function cutsOf({ contexts, valuesApart }: LazyPlan): number {
  return contexts * (valuesApart ? 2 : 1);
}

/**
 * The context processor: batch.read [rows, length, levels], positions and segments [rows, length], one history a row →
 * keys and values [rows, length, groups, head size] for each of the contexts. No token sees another. A token is its
 * item and its age, 0 for the newest.
 */
export function processedContext(
  parameters: Tensors,
  plan: LazyPlan,
  batch: Tensors,
  noise: Noise,
): Encoding[] {
  const items = sum(embed(parameters, 'read', batch['read']!), 2);
  const known = asFloat(greaterEqual(batch['segments']!, 0));
  const newest = subtract(sum(known, 1, true), 1);
  const ages = asIntegers(maximum(subtract(newest, asFloat(batch['positions']!)), 0));
  const tokens = noise.drop(add(items, multiply(takeRows(weight(parameters, 'ages'), ages, 2), 0.5)));
  const context = linear(parameters, 'context', tokens);
  const width = cutWidth(plan);
  const each = plan.valuesApart ? 2 : 1;
  const cut = (at: number): Tensor => {
    const part = slice(context, 2, at * width, (at + 1) * width);
    return intoGroups(rmsNorm(parameters, `context.norm.${at}`, part), plan.shape.groups);
  };
  return Array.from({ length: plan.contexts }, (_, at) => {
    const keys = cut(at * each);
    return { keys, values: plan.valuesApart ? cut(at * each + 1) : keys };
  });
}

/** As `decode`: logits [rows, sequences × depth, codes] of what is written against the processed context. */
export function lazyDecode(
  parameters: Tensors,
  plan: LazyPlan,
  batch: Tensors,
  contexts: readonly Encoding[],
  noise: Noise,
): Tensor {
  const { layers, heads } = plan.shape;
  const own = ownCodes(batch);
  const known = knownPlaces(batch, batch['one']!);
  let state = noise.drop(writtenTokens(parameters, batch));
  for (let layer = 0; layer < layers; layer++) {
    const block = `lazy.${layer}`;
    const context = contexts[Math.floor((layer * plan.contexts) / layers)]!;
    const asked = rmsNorm(parameters, `${block}.cross-norm`, state);
    state = add(state, noise.drop(attendTo(parameters, `${block}.cross`, asked, context, known, noise)));
    const looked = rmsNorm(parameters, `${block}.self-norm`, state);
    state = add(state, noise.drop(selfAttention(parameters, `${block}.self`, looked, heads, own, noise)));
    const thought = rmsNorm(parameters, `${block}.forward-norm`, state);
    state = add(state, noise.drop(feedForward(parameters, `${block}.forward`, thought)));
  }
  return headed(parameters, plan, batch, levelNorm(parameters, batch, state));
}

/** RMSNorm with a scale for each level: [rows, sequences × depth, width]. */
function levelNorm(parameters: Tensors, batch: Tensors, x: Tensor): Tensor {
  const [rows, tokens, width] = x.shape as [number, number, number];
  const depth = batch['one']!.shape[2]!;
  const size = mean(multiply(x, x), -1, true);
  const even = multiply(x, reciprocal(sqrt(add(size, 1e-6))));
  const scales = reshape(slice(weight(parameters, 'head-norms'), 0, 0, depth), [1, 1, depth, width]);
  return reshape(multiply(reshape(even, [rows, tokens / depth, depth, width]), scales), [
    rows,
    tokens,
    width,
  ]);
}
