// TIGER: the next item is generated code by code from its semantic ID, by an encoder and a decoder with beam search.
// Rajput et al. 2023, Recommender systems with generative retrieval. Departures, for two cores: residual k-means in
// place of RQ-VAE, one token an item in the encoder (the sum of its codes), causal so that many targets share one
// encoding, and no user tokens. docs/methods.md says more.

import { z } from 'zod';
import { randomFrom } from '../../base/random.ts';
import { defineModel, type ModelData } from '../define-model.ts';
import { packedEpochs } from '../epochs.ts';
import { itemVectors } from '../item-vectors.ts';
import { deviceBatch } from '../kit/fit.ts';
import { dropout, noNoise } from '../kit/layers.ts';
import { piecesOf, writeRows } from '../kit/packing.ts';
import { initialise, multipleOfFour, toDevice } from '../kit/parameters.ts';
import { compiled, download, release, type Tensors } from '../kit/tensor.ts';
import { excludedItems } from '../ranking.ts';
import { readArrays, targetBatch, writtenArrays } from '../semantic-batches.ts';
import { decoderPlans, sequenceLoss, type DecoderPlan } from '../semantic-decoder.ts';
import { semanticSearch } from '../semantic-search.ts';
import { historySteps, holdOutLast } from '../sequences.ts';
import { scaleSchema, sizesOf, trainingSettings } from '../sizes.ts';
import { tokenise, type Tokens } from '../tokenise.ts';

const settings = z
  .object({
    scale: scaleSchema,
    /** What the item vectors that are quantised are made of. */
    vectors: z.enum(['collaborative', 'text', 'both']).default('collaborative'),
    levels: z.int().min(1).max(6).default(3),
    codes: z.int().min(2).max(1024).default(64),
    balanced: z.boolean().default(false),
    /** Prefixes kept at each level of the search; it widens where a slate needs more items. */
    beam: z.int().min(1).max(1000).default(20),
    history: trainingSettings.history.default(48),
    epochs: trainingSettings.epochs.default(30),
    rate: trainingSettings.rate.default(0.002),
    dropout: trainingSettings.dropout.default(0.1),
    patience: trainingSettings.patience.default(4),
    validationPeople: trainingSettings.validationPeople.default(500),
  })
  .strict();
type Settings = z.infer<typeof settings>;

const rowsPerBatch = 16;
/** Places of a row whose next item is decoded at a step. */
const targetsPerRow = 16;
const vectorWidth = 32;

/** Score: the log probability of the item's codes after the visitor's history. */
export const tiger = defineModel({
  name: 'tiger',
  summary: 'semantic IDs generated code by code, with beam search (TIGER)',
  settings,
  build: (data, chosen, seed) => {
    const { table, sequences } = data;
    const random = randomFrom('tiger', seed);
    const tokens = tokensOf(data, chosen, seed);
    const plan = planOf(tokens, chosen);
    const start = table.itemIds.length;
    const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
    const packing = { length: plan.length, rowsPerBatch, start };
    const epochs = packedEpochs(training, packing, seed);
    return {
      plan: {
        initial: initialise(decoderPlans(plan), random),
        loss: (parameters, batch, stepSeed) =>
          sequenceLoss(parameters, plan, batch, dropout(chosen.dropout, stepSeed)),
        optimiser: {
          rate: chosen.rate,
          warmUpSteps: Math.max(1, Math.min(200, epochs.stepsPerEpoch)),
          steps: epochs.stepsPerEpoch * chosen.epochs,
          decay: 0.01,
          clip: 1,
        },
        batch: (step) =>
          targetBatch(
            epochs.rows(step),
            targetsPerRow,
            tokens,
            plan,
            randomFrom('tiger-targets', seed, step),
          ),
        validation:
          validation.length === 0
            ? undefined
            : {
                every: epochs.stepsPerEpoch,
                patience: chosen.patience,
                score: validationScore(validation, tokens, plan, start),
              },
      },
      serve(parameters) {
        const search = semanticSearch(toDevice(parameters), plan, tokens, chosen.beam);
        return (request) =>
          search(
            historySteps(table, request.history, plan.length - 1),
            request.k,
            excludedItems(table, request.exclude),
          ).map(({ item, score }) => ({ id: table.itemIds[item]!, score, propensity: 1 }));
      },
    };
  },
});

/** The semantic IDs of a catalogue under these settings. */
export function tokensOf({ set, table }: ModelData, chosen: Settings, seed: number): Tokens {
  const random = randomFrom('tokens', seed);
  const vectors = itemVectors(set.items, table, chosen.vectors, vectorWidth, random);
  return tokenise(vectors, vectorWidth, chosen, random);
}

function planOf(tokens: Tokens, chosen: Settings): DecoderPlan {
  const { width, layers, heads, expansion } = sizesOf(chosen.scale);
  return {
    shape: { width, layers, heads, groups: heads, expansion },
    levels: tokens.levels + 1,
    codes: multipleOfFour(Math.max(tokens.codes, tokens.lastCodes)),
    length: multipleOfFour(chosen.history),
  };
}

/** −(mean loss of the held-out next items): higher is better. */
function validationScore(
  validation: readonly { readonly past: Int32Array; readonly next: number }[],
  tokens: Tokens,
  plan: DecoderPlan,
  start: number,
): (parameters: Tensors) => number {
  const program = compiled((parameters, batch) => ({
    loss: sequenceLoss(parameters!, plan, batch!, noNoise),
  }));
  const length = tokens.levels + 1;
  const hosts = Array.from({ length: Math.ceil(validation.length / rowsPerBatch) }, (_, part) => {
    const cases = validation.slice(part * rowsPerBatch, (part + 1) * rowsPerBatch);
    const rows = cases.map(({ past, next }) => {
      const steps = Int32Array.from([...past.slice(-(plan.length - 1)), next]);
      return piecesOf(steps, plan.length, start);
    });
    const packed = writeRows(rows, rowsPerBatch, plan.length, start);
    const written = Array.from({ length: rowsPerBatch }, (_row, row) => {
      const one = cases[row];
      if (one === undefined) return [];
      const at = rows[row]![0]!.inputs.length - 1;
      const codes = [...tokens.full.subarray(one.next * length, (one.next + 1) * length)];
      return [{ at, segment: 0, codes }];
    });
    const arrays = { ...readArrays(packed, tokens, plan), ...writtenArrays(written, 1, tokens, plan) };
    return { cases: cases.length, host: { arrays, tokens: 0 } };
  });
  return (parameters) => {
    let total = 0;
    for (const { cases, host } of hosts) {
      const batch = deviceBatch(host);
      const outputs = program(parameters, batch);
      total += cases * download(outputs.loss)[0]!;
      release(outputs, batch);
    }
    return -total / validation.length;
  };
}
