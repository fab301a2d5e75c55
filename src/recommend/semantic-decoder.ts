// The encoder and decoder of generative retrieval over semantic IDs: what was gone through is encoded once, item by
// item and causally, and any number of code sequences are decoded against any of its places. Training decodes the
// targets of many places at once, search decodes the beam; both are the same function.

import { causalMask, maskOf, segmentMask } from './kit/attention.ts';
import { embed, embeddingPlan, weight, type Noise } from './kit/layers.ts';
import { codeCrossEntropy, weightedMean } from './kit/losses.ts';
import { normal, type WeightPlans } from './kit/parameters.ts';
import {
  add,
  arange,
  asFloat,
  einsum,
  greaterEqual,
  minimum,
  multiply,
  reshape,
  slice,
  sum,
  takeRows,
  type Tensor,
  type Tensors,
} from './kit/tensor.ts';
import { encodingFor, stack, stackPlan, type Encoding, type StackPlan } from './kit/transformer.ts';

export interface DecoderPlan {
  readonly shape: StackPlan;
  /** Codes of an item, the disambiguating one included. */
  readonly levels: number;
  /** Rows of a level in the tables, a multiple of four; levels with fewer codes never use the rest. */
  readonly codes: number;
  /** Places of a history. */
  readonly length: number;
}

/** Row of a code in the tables; `startRow` stands for the beginning of a history and of a sequence. */
export function codeRow(plan: DecoderPlan, level: number, code: number): number {
  return level * plan.codes + code;
}

export function startRow(plan: DecoderPlan): number {
  return plan.levels * plan.codes;
}

export function decoderPlans(plan: DecoderPlan): WeightPlans {
  const { width } = plan.shape;
  return {
    ...embeddingPlan('read', plan.levels * plan.codes + 4, width),
    ...embeddingPlan('written', plan.levels * plan.codes + 4, width),
    places: normal([plan.length, width], 0.1),
    levels: normal([Math.max(4, plan.levels), width], 0.1),
    ...stackPlan('encoder', plan.shape, { cross: false }),
    ...stackPlan('decoder', plan.shape, { cross: true }),
    heads: normal([plan.levels, width, plan.codes], 1 / Math.sqrt(width)),
  };
}

/**
 * batch.read [rows, length, levels] (code rows of the item at each place), positions and segments [rows, length] →
 * what is known at each place [rows, length, width].
 */
export function encode(parameters: Tensors, plan: DecoderPlan, batch: Tensors, noise: Noise): Tensor {
  const items = sum(embed(parameters, 'read', batch['read']!), 2);
  const places = multiply(takeRows(weight(parameters, 'places'), batch['positions']!, 2), 0.5);
  const segments = batch['segments']!;
  const mask = minimum(causalMask(plan.length), segmentMask(segments, segments));
  const x = noise.drop(add(items, places));
  return stack(parameters, 'encoder', plan.shape, x, { self: mask }, noise);
}

/** Keys and values of what was encoded, for every layer of the decoder. */
export function opened(parameters: Tensors, plan: DecoderPlan, encoded: Tensor): Encoding[] {
  return encodingFor(parameters, 'decoder', plan.shape, encoded);
}

/**
 * batch.written [rows, sequences × levels]: for each sequence the start row and its codes but the last. batch.at
 * [rows, sequences]: the place it follows; it sees that place and those before it in the same segment.
 * Logits [rows, sequences × levels, codes].
 */
export function decode(
  parameters: Tensors,
  plan: DecoderPlan,
  batch: Tensors,
  encoding: readonly Encoding[],
  noise: Noise,
): Tensor {
  const { shape } = plan;
  const masks = { self: ownCodes(batch), cross: knownPlaces(batch, batch['one']!) };
  const x = noise.drop(writtenTokens(parameters, batch));
  return headed(parameters, plan, batch, stack(parameters, 'decoder', shape, x, masks, noise, encoding));
}

/** What the decoder begins with: the code before, and which level comes next; [rows, sequences × levels, width]. */
export function writtenTokens(parameters: Tensors, batch: Tensors): Tensor {
  return add(
    embed(parameters, 'written', batch['written']!),
    multiply(takeRows(weight(parameters, 'levels'), batch['level']!, 2), 0.5),
  );
}

/**
 * States [rows, sequences × depth, width] → logits [rows, sequences × depth, codes], by a head for each level; `depth`
 * is how many codes of a sequence are asked for, and batch.one tells it.
 */
export function headed(parameters: Tensors, { codes }: DecoderPlan, batch: Tensors, states: Tensor): Tensor {
  const [rows, tokens, width] = states.shape as [number, number, number];
  const depth = batch['one']!.shape[2]!;
  const grouped = reshape(states, [(rows * tokens) / depth, depth, width]);
  const heads = slice(weight(parameters, 'heads'), 0, 0, depth);
  return reshape(einsum('nld,ldc->nlc', grouped, heads), [rows, tokens, codes]);
}

/** [1, tokens, tokens]: a code sees the start and the codes before it in its own sequence. */
export function ownCodes(batch: Tensors): Tensor {
  const group = batch['group']!;
  const tokens = group.shape[1]!;
  const place = arange(tokens);
  return minimum(
    segmentMask(group, group),
    maskOf(greaterEqual(reshape(place, [1, tokens, 1]), reshape(place, [1, 1, tokens]))),
  );
}

/**
 * [rows, sequences × each, length]: a sequence that follows place batch.at [rows, sequences] of segment batch.segmentAt
 * sees that place and those before it in batch.segments [rows, length]. `one` [1, 1, each] holds ones: every sequence
 * stands `each` times in a row.
 */
export function knownPlaces(batch: Tensors, one: Tensor): Tensor {
  const [rows, sequences] = batch['at']!.shape as [number, number];
  const tokens = sequences * one.shape[2]!;
  const repeated = (of: Tensor): Tensor =>
    reshape(multiply(reshape(of, [rows, sequences, 1]), one), [rows, tokens]);
  const segments = batch['segments']!;
  const length = segments.shape[1]!;
  const before = maskOf(
    greaterEqual(reshape(repeated(batch['at']!), [rows, tokens, 1]), reshape(arange(length), [1, 1, length])),
  );
  return minimum(before, segmentMask(repeated(batch['segmentAt']!), segments));
}

/** Mean over the weighted sequences of −log p(all codes of the target): batch.codes and batch.weights [rows, tokens]. */
export function sequenceLoss(parameters: Tensors, plan: DecoderPlan, batch: Tensors, noise: Noise): Tensor {
  const encoded = encode(parameters, plan, batch, noise);
  return codesLoss(decode(parameters, plan, batch, opened(parameters, plan, encoded), noise), plan, batch);
}

/** The same loss of logits [rows, tokens, codes]. */
export function codesLoss(logits: Tensor, plan: DecoderPlan, batch: Tensors): Tensor {
  return multiply(
    weightedMean(codeCrossEntropy(masked(logits, batch), batch['codes']!), batch['weights']!),
    plan.levels,
  );
}

/** Logits with −10⁹ at the rows that a level does not use; batch.sizes [tokens] holds each token's number of codes. */
export function masked(logits: Tensor, batch: Tensors): Tensor {
  const [, tokens, codes] = logits.shape as [number, number, number];
  const beyond = greaterEqual(
    reshape(arange(codes), [1, 1, codes]),
    reshape(batch['sizes']!, [1, tokens, 1]),
  );
  return add(logits, multiply(asFloat(beyond), -1e9));
}
