// TIGER: the next item is generated code by code from its semantic ID, by an encoder and a decoder with beam search.
// Rajput et al. 2023, Recommender systems with generative retrieval. Departures, for two cores: residual k-means in
// place of RQ-VAE, one token an item in the encoder (the sum of its codes), causal so that many targets share one
// encoding, and no user tokens. docs/methods.md says more.

import { z } from 'zod';
import { randomFrom } from '../../base/random.ts';
import { encoderDecoderBody } from '../code-body.ts';
import { codeReview } from '../code-review.ts';
import { defineModel } from '../define-model.ts';
import { encoderDecoder } from '../encoder-decoder.ts';
import { packedEpochs } from '../epochs.ts';
import { dropout, noNoise } from '../kit/layers.ts';
import { courseOf } from '../kit/optimiser.ts';
import { initialise, toDevice } from '../kit/parameters.ts';
import { semanticAnswer } from '../semantic-answer.ts';
import { drawTargets, targetBatch } from '../semantic-batches.ts';
import { decoderPlans, sequenceLoss } from '../semantic-decoder.ts';
import { byProbability } from '../semantic-search.ts';
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

const settings = z.object({ ...semanticSettings, epochs: trainingSettings.epochs.default(30) }).strict();

const rowsPerBatch = 16;
/** Places of a row whose next item is decoded at a step. */
const targetsPerRow = 16;

/** Score: the log probability of the item's codes after the visitor's history. */
export const tiger = defineModel({
  name: 'tiger',
  summary: 'semantic IDs generated code by code, with beam search (TIGER)',
  settings,
  readsTexts,
  revision: tokenRevision,
  searchSettings: ['beam'],
  material: semanticMaterial,
  build: (data, chosen, seed, material) => {
    const { table, sequences } = data;
    const random = randomFrom('tiger', seed);
    const tokens = tokensOf(data, chosen, seed, material);
    const plan = decoderPlanOf(tokens, chosen);
    const start = table.itemIds.length;
    const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
    const epochs = packedEpochs(training, { length: plan.length, rowsPerBatch, start }, seed);
    const score = heldOutScore(validation, rowsPerBatch, tokens, plan, (parameters, batch) =>
      sequenceLoss(parameters, plan, batch, noNoise),
    );
    return {
      account: tokenAccount(tokens, data.set.items, table, randomFrom('purity', seed)),
      review: codeReview(encoderDecoderBody(plan), { training, validation }, rowsPerBatch, tokens, plan),
      plan: {
        initial: initialise(decoderPlans(plan), random),
        loss: (parameters, batch, stepSeed) =>
          sequenceLoss(parameters, plan, batch, dropout(chosen.dropout, stepSeed)),
        optimiser: courseOf(chosen.rate, epochs.stepsPerEpoch, chosen.epochs),
        batch: (step) => {
          const packed = epochs.rows(step);
          const targets = drawTargets(packed, targetsPerRow, randomFrom('tiger-targets', seed, step));
          return targetBatch(packed, targets, targetsPerRow, tokens, plan);
        },
        validation: score && { every: epochs.stepsPerEpoch, patience: chosen.patience, score },
      },
      serve: (parameters) =>
        semanticAnswer(table, {
          parameters: toDevice(parameters),
          model: encoderDecoder(plan),
          plan,
          tokens,
          beam: chosen.beam,
          keeping: byProbability,
        }),
    };
  },
});
