// PROMISE: tiger's decoder with a process reward model beside it, which judges every valid prefix against the same
// encoding and prunes the search, so that one wrong early code does not carry a whole path away (arXiv 2601.04674).
// The decoder, its training and its semantic IDs are those of tiger; docs/methods.md says what is smaller.

import { z } from 'zod';
import { UsageError } from '../../base/error.ts';
import { randomFrom } from '../../base/random.ts';
import { encoderDecoderBody } from '../code-body.ts';
import { codeReview } from '../code-review.ts';
import { defineModel } from '../define-model.ts';
import { encoderDecoder } from '../encoder-decoder.ts';
import { packedEpochs } from '../epochs.ts';
import { guidedKeeping, ofJudge, popularityJudge, processJudge, randomJudge } from '../guided-search.ts';
import { dropout, noNoise, type Noise } from '../kit/layers.ts';
import { courseOf } from '../kit/optimiser.ts';
import { initialise, multipleOfFour, toDevice } from '../kit/parameters.ts';
import { add, type Tensor, type Tensors } from '../kit/tensor.ts';
import { encodingByName } from '../kit/transformer.ts';
import { prefixesOf } from '../prefixes.ts';
import { contrastArrays, contrastLoss, judgeEncoding, judgePlanOf, judgePlans } from '../process-reward.ts';
import type { JudgePlan } from '../process-reward.ts';
import { semanticAnswer } from '../semantic-answer.ts';
import { drawTargets, targetBatch } from '../semantic-batches.ts';
import { codesLoss, decode, decoderPlans, encode, opened, type DecoderPlan } from '../semantic-decoder.ts';
import type { CodeModel } from '../semantic-search.ts';
import {
  decoderPlanOf,
  semanticMaterial,
  semanticSettings,
  tokensOf,
  readsTexts,
  tokenRevision,
} from '../semantic-settings.ts';
import { heldOutScore } from '../semantic-validation.ts';
import { holdOutLast } from '../sequences.ts';
import { trainingSettings } from '../sizes.ts';
import { tokenAccount } from '../token-report.ts';

const settings = z
  .object({
    ...semanticSettings,
    epochs: trainingSettings.epochs.default(30),
    /** Prefixes the decoder proposes for each that is kept: K+ / K′. */
    proposals: z.number().min(1).max(1000).default(4),
    /** Prefixes that are held against the right one at each level in training; all of them where a level has fewer. */
    negatives: z.int().min(1).max(1023).default(31),
    /** Levels at which the judge prunes, as the paper writes them: 'all', 'none', '3', '2+3'. */
    guided: z.coerce
      .string()
      .regex(/^(all|none|[1-7](\+[1-7])*)$/)
      .default('all'),
    /** What judges: the process reward model, or chance or popularity in its place, as controls. */
    judge: z.enum(['process', 'random', 'popularity']).default('process'),
    /** The last order: by reward, or by the sum of reward and log probability, both normalised. */
    order: z.enum(['reward', 'sum']).default('reward'),
  })
  .strict();

const rowsPerBatch = 16;
/** Places of a row whose next item is decoded at a step, and how many of them are judged too. */
const targetsPerRow = 16;
const judgedPerRow = 8;

/** Score: the reward of the item's whole path, or what `order` makes of it; log probability where no judge decides. */
export const promise = defineModel({
  name: 'promise',
  summary: 'semantic IDs whose paths a process reward model prunes (PROMISE)',
  settings,
  readsTexts,
  revision: tokenRevision,
  searchSettings: ['beam', 'proposals', 'guided', 'judge', 'order'],
  material: semanticMaterial,
  build: (data, chosen, seed, material) => {
    const { table, sequences } = data;
    const random = randomFrom('promise', seed);
    const tokens = tokensOf(data, chosen, seed, material);
    const plan = decoderPlanOf(tokens, chosen);
    const guided = levelsOf(chosen.guided, plan.levels);
    const prefixes = prefixesOf(tokens.full, plan.levels);
    const judgePlan = judgePlanOf(plan, prefixes.codes.length);
    const start = table.itemIds.length;
    const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
    const epochs = packedEpochs(training, { length: plan.length, rowsPerBatch, start }, seed);
    const contrast = multipleOfFour(chosen.negatives + 1);
    const score = heldOutScore(
      validation,
      rowsPerBatch,
      tokens,
      plan,
      (parameters, batch) => jointLoss(parameters, plan, judgePlan, batch, noNoise),
      (items) => contrastArrays(items, 1, prefixes, contrast, randomFrom('promise-validation', seed)),
    );
    return {
      account: tokenAccount(tokens, data.set.items, table, randomFrom('purity', seed)),
      review: codeReview(encoderDecoderBody(plan), { training, validation }, rowsPerBatch, tokens, plan),
      plan: {
        initial: initialise({ ...decoderPlans(plan), ...judgePlans(judgePlan) }, random),
        loss: (parameters, batch, stepSeed) =>
          jointLoss(parameters, plan, judgePlan, batch, dropout(chosen.dropout, stepSeed)),
        optimiser: courseOf(chosen.rate, epochs.stepsPerEpoch, chosen.epochs),
        batch: (step) => {
          const packed = epochs.rows(step);
          const drawing = randomFrom('promise-targets', seed, step);
          const targets = drawTargets(packed, targetsPerRow, drawing);
          const items = targets.map((row) => row.map(({ item }) => item));
          const { arrays, tokens: count } = targetBatch(packed, targets, targetsPerRow, tokens, plan);
          const judged = contrastArrays(items, judgedPerRow, prefixes, contrast, drawing);
          return { arrays: { ...arrays, ...judged }, tokens: count };
        },
        validation: score && { every: epochs.stepsPerEpoch, patience: chosen.patience, score },
      },
      serve(weights) {
        const parameters = toDevice(weights);
        const { beam, order } = chosen;
        const proposals = Math.ceil(beam * chosen.proposals);
        const judge = {
          process: () =>
            processJudge(
              parameters,
              judgePlan,
              prefixes,
              1,
              multipleOfFour(Math.min(proposals, table.itemIds.length)),
            ),
          random: () => randomJudge(prefixes, randomFrom('random-judge', seed)),
          popularity: () => popularityJudge(prefixes, training),
        }[chosen.judge]();
        const guide = {
          judge,
          beam,
          proposals,
          guided,
          levels: plan.levels,
          order,
        };
        const model = judgedModel(plan, judgePlan);
        return semanticAnswer(table, {
          parameters,
          model,
          plan,
          tokens,
          beam,
          keeping: guidedKeeping(guide),
        });
      },
    };
  },
});

/** L_NTP + Σ L_b of one encoding; the contrast's gradient reaches the encoder. */
function jointLoss(
  parameters: Tensors,
  plan: DecoderPlan,
  judgePlan: JudgePlan,
  batch: Tensors,
  noise: Noise,
): Tensor {
  const encoded = encode(parameters, plan, batch, noise);
  const logits = decode(parameters, plan, batch, opened(parameters, plan, encoded), noise);
  const judged = judgeEncoding(parameters, judgePlan, encoded);
  return add(codesLoss(logits, plan, batch), contrastLoss(parameters, judgePlan, batch, judged, noise));
}

/** The encoder and decoder, with what the judge reads of the same encoding. */
export function judgedModel(plan: DecoderPlan, judgePlan: JudgePlan): CodeModel {
  const { readEncoded, write } = encoderDecoder(plan);
  return {
    read(parameters, batch) {
      const encoded = encode(parameters, plan, batch, noNoise);
      return {
        ...readEncoded(parameters, encoded),
        ...encodingByName(judgeEncoding(parameters, judgePlan, encoded), ofJudge),
      };
    },
    write,
  };
}

/** 'all', 'none' or '2+3' → levels from 1. Throws a UsageError where one of them is not there. */
function levelsOf(guided: string, levels: number): ReadonlySet<number> {
  const all = Array.from({ length: levels }, (_, level) => level + 1);
  if (guided === 'none') return new Set();
  if (guided === 'all') return new Set(all);
  const named = guided.split('+').map(Number);
  const missing = named.find((level) => level > levels);
  if (missing === undefined) return new Set(named);
  throw new UsageError(
    `promise's guided expects levels that its semantic IDs have, ${all.join(', ')}, got level ${missing} in '${guided}'`,
    `With levels: ${levels - 1} there are as many codes from coarse to fine and one that tells equal items apart, level ${levels}.`,
  );
}
