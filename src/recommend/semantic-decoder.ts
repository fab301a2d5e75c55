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
 * keys and values for every layer of the decoder.
 */
export function encode(parameters: Tensors, plan: DecoderPlan, batch: Tensors, noise: Noise): Encoding[] {
  const items = sum(embed(parameters, 'read', batch['read']!), 2);
  const places = multiply(takeRows(weight(parameters, 'places'), batch['positions']!, 2), 0.5);
  const segments = batch['segments']!;
  const mask = minimum(causalMask(plan.length), segmentMask(segments, segments));
  const x = noise.drop(add(items, places));
  return encodingFor(
    parameters,
    'decoder',
    plan.shape,
    stack(parameters, 'encoder', plan.shape, x, { self: mask }, noise),
  );
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
  const { levels, length, shape, codes } = plan;
  const written = batch['written']!;
  const [rows, tokens] = written.shape as [number, number];
  const sequences = tokens / levels;
  const place = arange(tokens);
  const group = batch['group']!;
  const level = batch['level']!;
  const own = minimum(
    segmentMask(group, group),
    maskOf(greaterEqual(reshape(place, [1, tokens, 1]), reshape(place, [1, 1, tokens]))),
  );
  const spread = reshape(multiply(reshape(batch['at']!, [rows, sequences, 1]), batch['one']!), [
    rows,
    tokens,
  ]);
  const segmentsAt = reshape(multiply(reshape(batch['segmentAt']!, [rows, sequences, 1]), batch['one']!), [
    rows,
    tokens,
  ]);
  const before = maskOf(
    greaterEqual(reshape(spread, [rows, tokens, 1]), reshape(arange(length), [1, 1, length])),
  );
  const cross = minimum(before, segmentMask(segmentsAt, batch['segments']!));
  const x = noise.drop(
    add(
      embed(parameters, 'written', written),
      multiply(takeRows(weight(parameters, 'levels'), level, 2), 0.5),
    ),
  );
  const states = stack(parameters, 'decoder', shape, x, { self: own, cross }, noise, encoding);
  const grouped = reshape(states, [rows * sequences, levels, shape.width]);
  return reshape(einsum('nld,ldc->nlc', grouped, weight(parameters, 'heads')), [rows, tokens, codes]);
}

/** Mean over the weighted sequences of −log p(all codes of the target): batch.codes and batch.weights [rows, tokens]. */
export function sequenceLoss(parameters: Tensors, plan: DecoderPlan, batch: Tensors, noise: Noise): Tensor {
  const logits = decode(parameters, plan, batch, encode(parameters, plan, batch, noise), noise);
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
