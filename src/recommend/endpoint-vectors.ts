// Vectors of items by an embedding model at an endpoint: what is said of an item, and what came back. The endpoint itself
// is a function that whoever trains passes in; here nobody knows addresses, keys or caches.

import { createHash } from 'node:crypto';
import { RehearsalError, UsageError } from '../base/error.ts';
import { describedAttributes } from '../catalogue/described.ts';
import type { Item } from '../catalogue/item.ts';
import type { Material } from './define-model.ts';
import type { EmbedTexts } from './recommender.ts';

export interface EndpointVectors {
  /** [items × length], row-major, in the order of the items. */
  readonly values: Float64Array;
  readonly length: number;
}

/** Characters of an item that are sent: embedding models read about 500 tokens. */
const mostCharacters = 2000;

/** What an item is embedded by: title, genres, attributes and text. */
export function embeddedText(item: Item): string {
  const told = Object.entries(describedAttributes(item)).map(([name, value]) => `${name}: ${value}`);
  return [item.title, item.genres.join(', '), ...told, item.text]
    .filter((part) => part !== '')
    .join(' | ')
    .slice(0, mostCharacters);
}

/** Asks for the vectors of the items. Rejects with a UsageError where there is nobody to ask. */
export async function askedVectors(
  items: readonly Item[],
  embed: EmbedTexts | undefined,
): Promise<Material<EndpointVectors>> {
  if (embed === undefined) throw withoutEndpoint();
  const vectors = await embed(items.map(embeddedText));
  const length = vectors[0]?.length ?? 0;
  const fits = vectors.every((vector) => vector.length === length && vector.every(Number.isFinite));
  if (vectors.length !== items.length || length === 0 || !fits) {
    throw new RehearsalError(
      `Expected ${items.length} vectors of one length, one for each item, but ${vectors.length} came that are not so.`,
      { hint: 'Ask the doctor about the embedding model: rehearsal doctor --embedding-model NAME.' },
    );
  }
  const values = new Float64Array(items.length * length);
  const hash = createHash('sha256').update(`${length}`);
  vectors.forEach((vector, item) => {
    values.set(vector, item * length);
    hash.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  });
  return { content: { values, length }, digest: hash.digest('hex') };
}

/** What is said where vectors of an endpoint are wanted and there is none. */
export function withoutEndpoint(): UsageError {
  return new UsageError(
    "vectors: 'endpoint' takes the vectors of items from an embedding model, and no endpoint is named.",
    "Give --base-url and --embedding-model, in a scenario llm.embeddingModel (docs/endpoints.md); or take vectors: 'text', which asks nobody.",
  );
}
