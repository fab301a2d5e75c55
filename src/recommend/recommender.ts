// The recommender contract: trained from items and histories, it answers a request with a slate.
// In process and over HTTP it is the same contract (POST /recommend); `checked` is the one door through
// which every answer passes, so a wrong slate is an ArmError and never reaches a visitor.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import type { Interaction, Item, Person } from '../catalogue/item.ts';
import type { TrainingProgress } from './kit/fit.ts';

/** Items that a request may ask for at most. */
export const longestSlate = 1000;

/** Entries that a history may have at most; a body of a megabyte holds no more. */
export const longestHistory = 32_000;

const historyEntry = z.object({ item: z.string(), time: z.number(), value: z.number().min(0.5).max(5) });

export const requestSchema = z.object({
  visitor: z.string(),
  /** What the visitor did before and during this visit, oldest first; values as in a catalogue. Counted before it is read. */
  history: z.array(z.unknown()).max(longestHistory).pipe(z.array(historyEntry)),
  /** Where the slate will stand, for example {page: 'home', number: 1}. */
  context: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  k: z.int().min(1).max(longestSlate),
  /** Items that must not come back: already shown in this visit, already consumed. */
  exclude: z.array(z.string()).default([]),
  seed: z.int().default(0),
});
export type RecommendRequest = z.infer<typeof requestSchema>;

const count = z.int().min(0);

/** How a generative method came to the items of a slate. */
export const generatedSchema = z.discriminatedUnion('by', [
  /** By a search that follows identifiers of items and no others; whether its beam was enough, or as wide as a longer list, or all that is left was scored. */
  z.object({ by: z.literal('search'), reach: z.enum(['beam', 'wider', 'everything']) }),
  /** By names written freely, of which those that some item has are `valid`. Every listed item is in one of the other counts. */
  z
    .object({
      by: z.literal('writing'),
      written: count,
      valid: count,
      /** Listed because its very name was written. */
      named: count,
      /** Listed as the item nearest to a name that no item has. */
      nearest: count,
      /** Listed to fill the slate where too few were named or nearest. */
      further: count,
    })
    .refine(({ written, valid }) => valid <= written, 'more names are valid than were written'),
]);
export type Generated = z.infer<typeof generatedSchema>;

export const slateSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        score: z.number(),
        /** Probability that the policy puts this item into this slate; 1 for a deterministic ranking. */
        propensity: z.number().min(0).max(1),
      }),
    ),
    method: z.string(),
    version: z.string(),
    ms: z.number().optional(),
    generated: generatedSchema.optional(),
  })
  .refine(
    ({ items, generated }) =>
      generated?.by !== 'writing' || generated.named + generated.nearest + generated.further === items.length,
    'generated: named, nearest and further do not add up to the items',
  );
export type Slate = z.infer<typeof slateSchema>;

export interface Recommender {
  readonly method: string;
  /** Digest of method, settings and training data. */
  readonly version: string;
  /** Hash of the trained weights, where the method has some: equal versions may have been trained elsewhere. */
  readonly weights?: string;
  recommend(request: RecommendRequest): Promise<Slate>;
}

export interface TrainingSet {
  readonly items: readonly Item[];
  readonly interactions: readonly Interaction[];
  /** What is known of people besides their histories, where the source has it. */
  readonly people?: readonly Person[];
}

/** A way to make recommenders. Settings are validated by the method's own schema before training. */
export interface Method {
  readonly name: string;
  readonly summary: string;
  readonly settings: z.ZodType;
  /** Whether training makes weights worth keeping in a checkpoint; the others train in a moment, every time. */
  readonly hasWeights: boolean;
  /** Where scores are log-odds of a click: against how many items drawn at random each click was set. */
  readonly logOddsAgainst?: number;
  train(set: TrainingSet, settings: unknown, seed: number, options?: TrainOptions): Promise<Recommender>;
}

/** Vectors of texts by an embedding model: one for each, in their order, all of one length. */
export type EmbedTexts = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

/** An item and the metadata of those nearest to it, nearest first. */
export interface ToBeNamed {
  readonly item: Item;
  readonly neighbours: readonly Item[];
}

/** Five words for each item by a language model, in their order; null for an item that it gave no name that fits. */
export type NameItems = (items: readonly ToBeNamed[]) => Promise<readonly (readonly string[] | null)[]>;

/** What a model endpoint does for a training, as far as there is one. What it answers becomes part of the version. */
export interface ItemEndpoint {
  readonly embed?: EmbedTexts;
  readonly nameItems?: NameItems;
}

/** What surrounds a training; but for an endpoint's answers, none of it changes the weights. Methods without weights pass over it. */
export interface TrainOptions extends ItemEndpoint {
  /** Folder where weights are kept by version; those found there are not trained again. */
  readonly keep?: string;
  /** A checkpoint to load; one of other data, settings or seed is refused. */
  readonly checkpoint?: string;
  /** What the data are called, for people who look into a checkpoint. */
  readonly data?: string;
  readonly progress?: (state: TrainingProgress) => void;
  readonly interrupted?: AbortSignal;
}

export type ArmFault =
  'error' | 'timeout' | 'malformed' | 'unknown-item' | 'duplicate-item' | 'excluded-item' | 'short-slate';

/** An arm broke its contract. The session fails and is counted by fault; nothing is put in its place. */
export class ArmError extends RehearsalError {
  readonly fault: ArmFault;

  constructor(fault: ArmFault, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ArmError';
    this.fault = fault;
  }
}
