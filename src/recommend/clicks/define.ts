// How a click model is made a method: its network over the fields, trained to tell clicks from items drawn at random,
// asked for all items at once. What differs between fm, wide-deep, deepfm, dcn and afn is the network alone.

import { z } from 'zod';
import { randomFrom } from '../../base/random.ts';
import { defineModel } from '../define-model.ts';
import { heldOutNdcg10 } from '../held-out.ts';
import { inBatches } from '../kit/batching.ts';
import type { OptimiserSettings } from '../kit/optimiser.ts';
import { initialise, toDevice } from '../kit/parameters.ts';
import { rankedItems } from '../ranking.ts';
import type { Method } from '../recommender.ts';
import { historySteps, holdOutLast } from '../sequences.ts';
import { scaleSchema, sizesOf, trainingSettings, type Scale } from '../sizes.ts';
import { inOrder, type TrainingTable } from '../training-table.ts';
import { clickEpochs, clicksOf, negativesPerClick, type Asker } from './batches.ts';
import { attributesDigest, featuresOf, fieldsOf, type Features, type FeatureSet } from './features.ts';
import type { ClickShape } from './fields.ts';
import type { ClickNetwork } from './network.ts';
import { catalogueScorer, clickLoss, clickPlans } from './scoring.ts';

export const clickSettings = z
  .object({
    scale: scaleSchema,
    /** What the model sees: who asks, which item, or everything. */
    features: z.enum(['user', 'item', 'all']).default('all'),
    history: trainingSettings.history.default(32),
    epochs: trainingSettings.epochs.default(12),
    rate: trainingSettings.rate.default(0.005),
    dropout: trainingSettings.dropout.default(0.1),
    /** Decoupled decay of all tables and matrices. */
    decay: z.number().min(0).max(100).default(0.1),
    patience: trainingSettings.patience.default(3),
    validationPeople: trainingSettings.validationPeople.default(400),
  })
  .strict();
export type ClickSettings = z.infer<typeof clickSettings>;

/** The course of a click model's training: shorter warm-up and looser clipping than the usual one, decay as set. */
export function clickCourse(
  { rate, epochs, decay }: ClickSettings,
  stepsPerEpoch: number,
): OptimiserSettings {
  return {
    rate,
    warmUpSteps: Math.max(1, Math.min(100, stepsPerEpoch)),
    steps: stepsPerEpoch * epochs,
    decay,
    clip: 10,
  };
}

/** A method whose scores are log-odds, and the network in it, which may be trained on impressions too. */
export interface ClickMethod extends Method {
  readonly network: ClickNetwork;
}

/** Requests computed together; one shape, so that company changes no answer. */
const served = 4;
const validated = 16;

/**
 * What a model cannot tell apart (all items, where it sees the visitor alone) stands in seeded order, another for
 * every visitor, and not in that of ids, which often betray popularity.
 */
const tieBreak = 1e-9;

/** Sizes of a click model: a vector for each field is a quarter as wide as a hidden layer. */
export function clickShape(features: Features, seen: FeatureSet, scale: Scale): ClickShape {
  const { width, layers } = sizesOf(scale);
  return { fields: fieldsOf(seen), width: width / 4, hidden: width, layers, tags: features.tags.width };
}

/** Score: the log-odds of a click against one of the items drawn at random, of which there are four to a click. */
export function defineClickModel(network: ClickNetwork): ClickMethod {
  const method = defineModel({
    name: network.name,
    summary: network.summary,
    settings: clickSettings,
    logOddsAgainst: negativesPerClick,
    alsoReads: attributesDigest,
    build: ({ set, table, sequences }, chosen, seed) => {
      const items = table.itemIds.length;
      const features = featuresOf(inOrder(set.items, table), sequences.people, set.people ?? []);
      const visitors = sequences.people.map((id) => features.visitors.get(id)!);
      const plan = { features, history: chosen.history, seed };
      const shape = clickShape(features, chosen.features, chosen.scale);
      const random = randomFrom(network.name, seed);
      const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
      const met = metItems(set.interactions, table);
      const clicks = clicksOf(
        training,
        visitors,
        sequences.people.map((id) => met.get(id)!),
        items,
      );
      const epochs = clickEpochs(clicks.count, clicks.at, plan);
      const score = catalogueScorer(network, shape, plan, items);
      const look = heldOutNdcg10(validation, validated, (parameters, cases) => {
        const askers = cases.map(({ past, place }) => ({ past, visitor: visitors[place]! }));
        return score(parameters, askers, validated);
      });
      return {
        plan: {
          initial: initialise(clickPlans(network, features, shape), random),
          loss: clickLoss(network, shape, chosen.dropout),
          optimiser: clickCourse(chosen, epochs.stepsPerEpoch),
          batch: epochs.batch,
          validation: look && { every: epochs.stepsPerEpoch, patience: chosen.patience, score: look },
        },
        serve(parameters) {
          const weights = toDevice(parameters);
          const answer = inBatches(served, (askers: readonly Asker[]) => score(weights, askers, served));
          return async (request) => {
            const past = historySteps(table, request.history, request.history.length);
            const visitor = features.visitors.get(request.visitor) ?? 0;
            const ties = randomFrom('click-tie', seed, request.visitor);
            const scores = Float64Array.from(
              await answer({ visitor, past }),
              (logOdds) => logOdds + tieBreak * ties.uniform(),
            );
            return rankedItems(table, scores, request);
          };
        },
      };
    },
  });
  return { ...method, network };
}

/** Every item a person has a row about, disliked ones too: never drawn as an item not clicked. */
function metItems(
  interactions: readonly { readonly user: string; readonly item: string }[],
  table: TrainingTable,
): ReadonlyMap<string, ReadonlySet<number>> {
  const met = new Map<string, Set<number>>();
  for (const { user, item } of interactions) {
    const own = met.get(user) ?? new Set<number>();
    met.set(user, own.add(table.itemIndex.get(item)!));
  }
  return met;
}
