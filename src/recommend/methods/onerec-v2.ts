// OneRec-V2's architecture: a lazy decoder over semantic IDs, trained on the newest step of each history (arXiv
// 2508.20900). Its learning from rewards needs play times and is not here. With `architecture: 'encoder-decoder'` the
// same data, loss and search go to an encoder and decoder with equally many weights in their blocks, to compare.

import { z } from 'zod';
import { UsageError } from '../../base/error.ts';
import { randomFrom } from '../../base/random.ts';
import { encoderDecoderBody, lazyBody, type CodeBody } from '../code-body.ts';
import { codeReview } from '../code-review.ts';
import { defineModel } from '../define-model.ts';
import { dropout, noNoise, type Noise } from '../kit/layers.ts';
import { courseOf } from '../kit/optimiser.ts';
import { initialise, toDevice } from '../kit/parameters.ts';
import { multiply, type Tensor, type Tensors } from '../kit/tensor.ts';
import { newestSteps } from '../newest.ts';
import { semanticAnswer } from '../semantic-answer.ts';
import { codesLoss, type DecoderPlan } from '../semantic-decoder.ts';
import { byProbability } from '../semantic-search.ts';
import {
  decoderPlanOf,
  semanticMaterial,
  semanticSettings,
  tokensOf,
  readsTexts,
  tokenRevision,
} from '../semantic-settings.ts';
import { heldOutScore, nextItemBatch } from '../semantic-validation.ts';
import { holdOutLast } from '../sequences.ts';
import { trainingSettings } from '../sizes.ts';
import { tokenAccount } from '../token-report.ts';

export const oneRecV2Settings = z
  .object({
    ...semanticSettings,
    epochs: trainingSettings.epochs.default(6),
    architecture: z.enum(['lazy', 'encoder-decoder']).default('lazy'),
    /** G_kv: heads of the context, each shared by several query heads; divides the heads of the scale. */
    groups: z.int().min(1).max(16).default(1),
    /** L_kv: different contexts, shared by layers in order. */
    contexts: z.int().min(1).max(16).default(1),
    /** S_kv = 2: values of their own; otherwise keys and values are one tensor. */
    valuesApart: z.boolean().default(false),
    /** Targets of a training step, each with its context; fewer need less memory. */
    rows: z.int().min(4).max(256).multipleOf(4).default(64),
  })
  .strict();
type Settings = z.infer<typeof oneRecV2Settings>;

/** Score: the log probability of the item's codes after the visitor's history. */
export const oneRecV2 = defineModel({
  name: 'onerec-v2',
  summary: 'a lazy decoder over semantic IDs that does not encode the history (OneRec-V2)',
  settings: oneRecV2Settings,
  readsTexts,
  revision: tokenRevision,
  searchSettings: ['beam'],
  material: semanticMaterial,
  build: (data, chosen, seed, material) => {
    const { table, sequences } = data;
    const random = randomFrom('onerec-v2', seed);
    const tokens = tokensOf(data, chosen, seed, material);
    const plan = decoderPlanOf(tokens, chosen);
    const body = bodyOf(plan, chosen);
    const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
    const newest = newestSteps(training, { rows: chosen.rows, length: plan.length }, seed);
    const score = heldOutScore(validation, chosen.rows, tokens, plan, (parameters, batch) =>
      newestLoss(body, plan, parameters, batch, noNoise),
    );
    return {
      account: tokenAccount(tokens, data.set.items, table, randomFrom('purity', seed)),
      review: codeReview(body, { training, validation }, chosen.rows, tokens, plan),
      plan: {
        initial: initialise(body.plans, random),
        loss: (parameters, batch, stepSeed) =>
          newestLoss(body, plan, parameters, batch, dropout(chosen.dropout, stepSeed)),
        optimiser: courseOf(chosen.rate, newest.stepsPerEpoch, chosen.epochs),
        batch: (step) => nextItemBatch(newest.cases(step), chosen.rows, tokens, plan),
        validation: score && { every: newest.stepsPerEpoch, patience: chosen.patience, score },
      },
      serve: (parameters) =>
        semanticAnswer(table, {
          parameters: toDevice(parameters),
          model: body.model,
          plan,
          tokens,
          beam: chosen.beam,
          keeping: byProbability,
        }),
    };
  },
});

/** The mean over a target's codes of −log p, and over targets. */
function newestLoss(
  body: CodeBody,
  plan: DecoderPlan,
  parameters: Tensors,
  batch: Tensors,
  noise: Noise,
): Tensor {
  return multiply(codesLoss(body.logits(parameters, batch, noise), plan, batch), 1 / plan.levels);
}

/** A lazy block has half the weights of an encoder block and a decoder block together, so there are two for each pair. */
export function bodyOf(
  plan: DecoderPlan,
  { architecture, groups, contexts, valuesApart }: Settings,
): CodeBody {
  const { heads, layers } = plan.shape;
  switch (architecture) {
    case 'encoder-decoder':
      return encoderDecoderBody(plan);
    case 'lazy':
      if (heads % groups !== 0 || contexts > 2 * layers) {
        throw new UsageError(
          `Expected groups that divide the ${heads} heads and at most ${2 * layers} contexts, one for each layer, but got ${groups} groups and ${contexts} contexts.`,
          'Change groups or contexts, or take another scale.',
        );
      }
      return lazyBody({
        ...plan,
        shape: { ...plan.shape, layers: 2 * layers, groups },
        contexts,
        valuesApart,
      });
    default:
      return architecture satisfies never;
  }
}
