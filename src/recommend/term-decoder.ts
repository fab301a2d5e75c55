// GRLM's decoder: a causal Transformer over words, with one table that is read and predicted. In training it sees
// packed documents; in generation a history is read once and many continuations of it are written beside each other.

import { attendTo, causalMask, keysAndValues, segmentMask } from './kit/attention.ts';
import { embed, embeddingPlan, feedForward, rmsNorm, weight, type Noise } from './kit/layers.ts';
import { tableCrossEntropy, weightedMean } from './kit/losses.ts';
import { normal, type WeightPlans } from './kit/parameters.ts';
import {
  add,
  arange,
  asFloat,
  concatenate,
  einsum,
  greaterEqual,
  minimum,
  multiply,
  reshape,
  takeRows,
  type Tensor,
  type Tensors,
} from './kit/tensor.ts';
import { stack, stackPlan, type Encoding, type StackPlan } from './kit/transformer.ts';
import { ownCodes } from './semantic-decoder.ts';
import { tokensPerItem } from './term-documents.ts';

export interface TermPlan {
  readonly shape: StackPlan;
  /** Rows of the table of words, of which `used` are words. */
  readonly rows: number;
  readonly used: number;
  /** Longest document. */
  readonly length: number;
}

export function termPlans({ shape, rows, length }: TermPlan): WeightPlans {
  return {
    ...embeddingPlan('words', rows, shape.width),
    'places.item': normal([Math.ceil(length / tokensPerItem), shape.width], 0.1),
    'places.word': normal([tokensPerItem, shape.width], 1),
    ...stackPlan('body', shape, { cross: false }),
  };
}

/** A position is an item's and, within it, a word's: documents are written so that position % 6 tells which word is next. */
function wordsAt(parameters: Tensors, words: Tensor, positions: Tensor): Tensor {
  const [items, within] = [weight(parameters, 'places.item'), weight(parameters, 'places.word')];
  const [count, width] = items.shape as [number, number];
  const both = add(reshape(items, [count, 1, width]), reshape(within, [1, tokensPerItem, width]));
  const places = reshape(both, [count * tokensPerItem, width]);
  return add(embed(parameters, 'words', words), multiply(takeRows(places, positions, 2), 0.5));
}

/** Mean cross-entropy of the next words of packed documents: inputs, targets, positions, segments and weights. */
export function termLoss(parameters: Tensors, plan: TermPlan, batch: Tensors, noise: Noise): Tensor {
  const { inputs, targets, positions, segments, weights } = batch as Record<string, Tensor>;
  const mask = minimum(causalMask(inputs!.shape[1]!), segmentMask(segments!, segments!));
  const x = noise.drop(wordsAt(parameters, inputs!, positions!));
  const states = stack(parameters, 'body', plan.shape, x, { self: mask }, noise);
  return weightedMean(tableCrossEntropy(states, weight(parameters, 'words'), plan.used, targets!), weights!);
}

/**
 * One block at a time over x [rows, time, width]; `sources` gives what its layer may look at beyond its own keys and
 * values, `mask` covers both. Returns the states and every layer's own keys and values.
 */
function blocks(
  parameters: Tensors,
  { layers, groups }: StackPlan,
  x: Tensor,
  mask: Tensor,
  noise: Noise,
  sources?: readonly Encoding[],
): { readonly states: Tensor; readonly own: Encoding[] } {
  const own: Encoding[] = [];
  let state = x;
  for (let layer = 0; layer < layers; layer++) {
    const block = `body.${layer}`;
    const looked = rmsNorm(parameters, `${block}.self-norm`, state);
    const made = keysAndValues(parameters, `${block}.self`, looked, groups);
    own.push(made);
    const before = sources?.[layer];
    const all =
      before === undefined
        ? made
        : {
            keys: concatenate([before.keys, made.keys], 1),
            values: concatenate([before.values, made.values], 1),
          };
    state = add(state, noise.drop(attendTo(parameters, `${block}.self`, looked, all, mask, noise)));
    const thought = rmsNorm(parameters, `${block}.forward-norm`, state);
    state = add(state, noise.drop(feedForward(parameters, `${block}.forward`, thought)));
  }
  return { states: rmsNorm(parameters, 'body.norm', state), own };
}

/** Keys and values of a history [1, length] (inputs, positions) for every layer; padding is hidden when it is used. */
export function readTerms(parameters: Tensors, plan: TermPlan, batch: Tensors, noise: Noise): Encoding[] {
  const x = wordsAt(parameters, batch['inputs']!, batch['positions']!);
  return blocks(parameters, plan.shape, x, causalMask(plan.length), noise).own;
}

/**
 * Logits [1, sequences × depth, rows] of the words that follow each written token. batch.written and writtenPositions
 * [1, sequences × depth]: every sequence begins with the last token of the history; group [1, sequences × depth] tells
 * sequences apart; known [] is how many tokens were read before.
 */
export function writeTerms(
  parameters: Tensors,
  plan: TermPlan,
  batch: Tensors,
  read: readonly Encoding[],
  noise: Noise,
): Tensor {
  const written = batch['written']!;
  const tokens = written.shape[1]!;
  const x = wordsAt(parameters, written, batch['writtenPositions']!);
  const place = reshape(arange(plan.length), [1, 1, plan.length]);
  const hidden = asFloat(greaterEqual(place, batch['known']!));
  const before = add(multiply(hidden, -1e9), reshape(multiply(asFloat(arange(tokens)), 0), [1, tokens, 1]));
  const mask = concatenate([before, ownCodes(batch)], 2);
  const { states } = blocks(parameters, plan.shape, x, mask, noise, read);
  const padding = multiply(
    asFloat(greaterEqual(reshape(arange(plan.rows), [1, 1, plan.rows]), plan.used)),
    -1e9,
  );
  return add(einsum('btd,vd->btv', states, weight(parameters, 'words')), padding);
}
