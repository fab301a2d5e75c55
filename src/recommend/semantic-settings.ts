// What the methods over semantic IDs have in common before any model: their settings, the semantic IDs of a
// catalogue and the sizes that follow from both.

import { z } from 'zod';
import { digest } from '../base/hash.ts';
import { randomFrom } from '../base/random.ts';
import type { Material, ModelData } from './define-model.ts';
import { askedVectors, type EndpointVectors } from './endpoint-vectors.ts';
import { givenCodes, type GivenCodes } from './given-codes.ts';
import { itemVectors, vectorSources } from './item-vectors.ts';
import { multipleOfFour } from './kit/parameters.ts';
import type { DecoderPlan } from './semantic-decoder.ts';
import type { ItemEndpoint } from './recommender.ts';
import { scaleSchema, sizesOf, trainingSettings, type Scale } from './sizes.ts';
import { fewestCodes, givenTokens, tokenise, type TokenisePlan, type Tokens } from './tokenise.ts';
import { inOrder } from './training-table.ts';

/** Settings that each of these methods has; more may stand beside them. */
export const semanticSettings = {
  scale: scaleSchema,
  /** What the item vectors that are quantised are made of; 'given' takes the codes that items bring instead. */
  vectors: z.enum([...vectorSources, 'given']).default('collaborative'),
  /** Of the codes that are made; given ones bring their own. */
  levels: z.int().min(1).max(6).default(3),
  codes: z.int().min(fewestCodes).max(1024).default(64),
  balanced: z.boolean().default(false),
  /** Prefixes kept at each level of the search; as many as the list where that is longer. */
  beam: z.int().min(1).max(1000).default(20),
  history: trainingSettings.history.default(48),
  rate: trainingSettings.rate.default(0.002),
  dropout: trainingSettings.dropout.default(0.1),
  patience: trainingSettings.patience.default(4),
  validationPeople: trainingSettings.validationPeople.default(500),
};

/** Until the first, balanced codes had at most their share of the items, and some had far fewer. */
export const tokenRevision = ({ balanced }: { readonly balanced: boolean }): number | undefined =>
  balanced ? 1 : undefined;

/** Whether the vectors of these settings are made of titles, genres and attributes. */
export function readsTexts({ vectors }: { readonly vectors: string }): boolean {
  return vectors === 'text' || vectors === 'both';
}

const vectorWidth = 32;

type Chosen = TokenisePlan & { readonly vectors: z.infer<typeof semanticSettings.vectors> };

/** What semantic IDs are made from besides histories and words: codes that are there already, or vectors of an endpoint. */
export type SemanticMaterial = { readonly given: GivenCodes } | { readonly asked: EndpointVectors };

/** The material that these settings need. Rejects with a UsageError where it is not to be had. */
export async function semanticMaterial(
  { set, table }: ModelData,
  { vectors }: Pick<Chosen, 'vectors'>,
  { embed }: ItemEndpoint = {},
): Promise<Material<SemanticMaterial> | null> {
  const items = inOrder(set.items, table);
  switch (vectors) {
    case 'given': {
      const given = givenCodes(items);
      return { content: { given }, digest: digest({ ...given, semantic: [...given.semantic] }) };
    }
    case 'endpoint':
    case 'endpoint+collaborative': {
      const { content, digest: ofVectors } = await askedVectors(items, embed);
      return { content: { asked: content }, digest: ofVectors };
    }
    default:
      return null;
  }
}

/** The semantic IDs of a catalogue under these settings, with the material that they need. */
export function tokensOf(
  { set, table }: ModelData,
  chosen: Chosen,
  seed: number,
  material: SemanticMaterial | null = null,
): Tokens {
  if (chosen.vectors === 'given') {
    const brought = material !== null && 'given' in material ? material.given : null;
    return givenTokens(brought ?? givenCodes(inOrder(set.items, table)));
  }
  const asked = material !== null && 'asked' in material ? material.asked : null;
  const random = randomFrom('tokens', seed);
  const vectors = itemVectors(set.items, table, chosen.vectors, vectorWidth, random, asked);
  return tokenise(vectors, vectorWidth, chosen, random);
}

/** Sizes of an encoder and decoder over these semantic IDs. */
export function decoderPlanOf(
  tokens: Tokens,
  chosen: { readonly scale: Scale; readonly history: number },
): DecoderPlan {
  const { width, layers, heads, expansion } = sizesOf(chosen.scale);
  return {
    shape: { width, layers, heads, groups: heads, expansion },
    levels: tokens.levels + 1,
    codes: multipleOfFour(Math.max(tokens.codes, tokens.lastCodes)),
    length: multipleOfFour(chosen.history),
  };
}
