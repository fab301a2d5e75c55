// SASRec: a causal Transformer reads what a visitor went through and scores every item as the next step.
// Kang and McAuley 2018, Self-attentive sequential recommendation; trained on the full softmax over the catalogue
// by default (Klenitskiy and Vasilev 2023), or on the paper's binary loss with one sampled negative, to show the gap.

import { z } from 'zod';
import { randomFrom } from '../../base/random.ts';
import { defineModel } from '../define-model.ts';
import { packedEpochs } from '../epochs.ts';
import { heldOutNdcg10 } from '../held-out.ts';
import { causalMask, segmentMask } from '../kit/attention.ts';
import { inBatches } from '../kit/batching.ts';
import { dropout, embed, embeddingPlan, noNoise, weight, type Noise } from '../kit/layers.ts';
import { binaryCrossEntropy, tableCrossEntropy, weightedMean } from '../kit/losses.ts';
import { courseOf } from '../kit/optimiser.ts';
import { packedArrays, type PackedRows } from '../kit/packing.ts';
import { initialise, multipleOfFour, normal, toDevice, type WeightPlans } from '../kit/parameters.ts';
import {
  add,
  compiled,
  download,
  einsum,
  minimum,
  multiply,
  release,
  reshape,
  sum,
  takeRows,
  type Tensor,
  type Tensors,
} from '../kit/tensor.ts';
import { stack, stackPlan, type StackPlan } from '../kit/transformer.ts';
import { deviceBatch, type HostBatch } from '../kit/fit.ts';
import { rankedItems } from '../ranking.ts';
import { historySteps, holdOutLast } from '../sequences.ts';
import { scaleSchema, sizesOf, trainingSettings } from '../sizes.ts';
import { unmetNegatives } from '../unmet-item.ts';

const settings = z
  .object({
    scale: scaleSchema,
    /** The full softmax over all items, or the paper's binary loss with one negative a step, of items outside the steps that the person is trained on. */
    loss: z.enum(['softmax', 'binary']).default('softmax'),
    history: trainingSettings.history.default(48),
    epochs: trainingSettings.epochs.default(60),
    rate: trainingSettings.rate.default(0.002),
    dropout: trainingSettings.dropout.default(0.3),
    patience: trainingSettings.patience.default(4),
    validationPeople: trainingSettings.validationPeople.default(2000),
  })
  .strict();

const rowsPerBatch = 16;
/** Requests computed together; one shape, so that company changes no answer. */
const served = 4;
const validated = 64;

/** Score: the logit of the item after the visitor's history. */
export const sasrec = defineModel({
  name: 'sasrec',
  summary: 'a Transformer over the order of what the visitor went through (SASRec)',
  settings,
  // Until the first of the binary loss, an item that the person had met could be a negative.
  revision: ({ loss }) => (loss === 'binary' ? 1 : undefined),
  build: ({ table, sequences }, chosen, seed) => {
    const items = table.itemIds.length;
    const length = multipleOfFour(chosen.history);
    const shape = { ...sizesOf(chosen.scale), groups: sizesOf(chosen.scale).heads };
    const start = items;
    const rows = multipleOfFour(items + 1);
    const random = randomFrom('sasrec', seed);
    const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
    const epochs = packedEpochs(training, { length, rowsPerBatch, start }, seed);
    const met = chosen.loss === 'binary' ? training.map((sequence) => new Set(sequence)) : undefined;
    const score = scorer(shape, items, rows, length);
    const look = heldOutNdcg10(validation, validated, (parameters, cases) =>
      score(
        parameters,
        cases.map(({ past }) => past.slice(-(length - 1))),
        validated,
      ),
    );
    const batch = (step: number): HostBatch => {
      const packed = epochs.rows(step);
      return hostBatch(
        packed,
        met && unmetNegatives(packed.sources, met, items, randomFrom('sasrec-negatives', seed, step)),
      );
    };
    return {
      plan: {
        initial: initialise(plansOf(shape, rows, length), random),
        loss: (parameters, arrays, stepSeed) =>
          lossOf(parameters, arrays, shape, items, dropout(chosen.dropout, stepSeed)),
        optimiser: courseOf(chosen.rate, epochs.stepsPerEpoch, chosen.epochs),
        batch,
        validation: look && {
          every: epochs.stepsPerEpoch * Math.max(1, Math.round(chosen.epochs / 30)),
          patience: chosen.patience,
          score: look,
        },
      },
      serve(parameters) {
        const weights = toDevice(parameters);
        const answer = inBatches(served, (histories: readonly Int32Array[]) =>
          score(weights, histories, served),
        );
        return async (request) => {
          const scores = await answer(historySteps(table, request.history, length - 1));
          return rankedItems(table, Float64Array.from(scores), request);
        };
      },
    };
  },
});

/** One table of items is both what is read and what is predicted; its row `items` is the start of a history. */
function plansOf(shape: StackPlan, rows: number, length: number): WeightPlans {
  return {
    ...embeddingPlan('items', rows, shape.width),
    places: normal([length, shape.width], 0.1),
    ...stackPlan('body', shape, { cross: false }),
  };
}

/** States [batch, time, width]: what is known after each step. */
function states(parameters: Tensors, batch: Tensors, shape: StackPlan, noise: Noise): Tensor {
  const { inputs, positions, segments } = batch as Record<string, Tensor>;
  const x = noise.drop(
    add(
      embed(parameters, 'items', inputs!),
      multiply(takeRows(weight(parameters, 'places'), positions!, 2), 0.5),
    ),
  );
  const mask = minimum(causalMask(x.shape[1]!), segmentMask(segments!, segments!));
  return stack(parameters, 'body', shape, x, { self: mask }, noise);
}

function lossOf(parameters: Tensors, batch: Tensors, shape: StackPlan, items: number, noise: Noise): Tensor {
  const known = states(parameters, batch, shape, noise);
  const { targets, weights, negatives: sampled } = batch;
  if (sampled === undefined) {
    return weightedMean(tableCrossEntropy(known, weight(parameters, 'items'), items, targets!), weights!);
  }
  const logit = (rows: Tensor): Tensor =>
    multiply(sum(multiply(known, takeRows(weight(parameters, 'items'), rows, 0.5)), -1), 2);
  const wanted = logit(targets!);
  const both = add(
    binaryCrossEntropy(wanted, multiply(weights!, 1)),
    binaryCrossEntropy(logit(sampled), multiply(weights!, 0)),
  );
  return weightedMean(both, weights!);
}

function hostBatch(packed: PackedRows, sampled: Int32Array | undefined): HostBatch {
  const shape = [packed.rows, packed.length];
  return {
    arrays: {
      ...packedArrays(packed),
      ...(sampled === undefined ? {} : { negatives: { shape, values: sampled } }),
    },
    tokens: packed.weights.reduce((count, one) => count + one, 0),
  };
}

/** Logits of all items after each history (at most length − 1 steps): one array a history. */
function scorer(shape: StackPlan, items: number, rows: number, length: number) {
  const program = compiled((parameters, batch) => {
    const known = states(parameters!, batch!, shape, noNoise);
    const [count, , width] = known.shape as [number, number, number];
    const last = multiply(takeRows(reshape(known, [count * length, width]), batch!['last']!, 2), 0.5);
    return { logits: einsum('bd,vd->bv', last, weight(parameters!, 'items')) };
  });
  return (parameters: Tensors, histories: readonly Int32Array[], count: number): Float32Array[] => {
    const size = count * length;
    const inputs = new Int32Array(size).fill(items);
    const positions = new Int32Array(size);
    const segments = new Int32Array(size).fill(-1);
    const last = new Int32Array(count);
    histories.forEach((history, row) => {
      inputs.set(history, row * length + 1);
      for (let place = 0; place <= history.length; place++) {
        positions[row * length + place] = place;
        segments[row * length + place] = 0;
      }
      last[row] = row * length + history.length;
    });
    const batch = deviceBatch({
      tokens: 0,
      arrays: {
        inputs: { shape: [count, length], values: inputs },
        positions: { shape: [count, length], values: positions },
        segments: { shape: [count, length], values: segments },
        last: { shape: [count], values: last },
      },
    });
    const outputs = program(parameters, batch);
    const logits = download(outputs.logits);
    release(outputs, batch);
    return histories.map((_, row) => logits.slice(row * rows, row * rows + items));
  };
}
