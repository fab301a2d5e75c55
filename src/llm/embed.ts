// Texts to vectors, in batches that every server takes. All vectors of a run have one length: a batch that comes in
// another is a failure.

import type { Capabilities } from './capabilities.ts';
import type { Client, Embeddings, Exchange } from './client.ts';
import { unsent, type EmbeddingRequest, type Endpoint } from './endpoint.ts';
import { unsupported, type Failure } from './failure.ts';

/** Texts in one request. */
const BATCH = 256;

/** The requests for vectors of these texts, as `embedded` sends them. */
export function embeddingRequests({
  texts,
  ...asked
}: Parameters<Client['embed']>[0]): readonly EmbeddingRequest[] {
  const starts = Array.from({ length: Math.ceil(texts.length / BATCH) }, (_, batch) => batch * BATCH);
  return starts.map((from) => ({
    ...asked,
    operation: 'embeddings',
    texts: texts.slice(from, from + BATCH),
    replicate: 0,
  }));
}

/** The vectors of the texts, one for each and in their order. */
export async function embedded(
  endpoint: Endpoint,
  { embeddings }: Capabilities,
  asked: Parameters<Client['embed']>[0],
): Promise<Embeddings> {
  const exchanges: Exchange[] = [];
  const vectors: Float32Array[] = [];
  const failed = (failure: Failure): Embeddings => ({ status: 'failed', failure, exchanges });
  if (embeddings === null) {
    const failure = unsupported('has no embeddings', 'Name a model for them in llm.embeddingModel.');
    const whole: EmbeddingRequest = { ...asked, operation: 'embeddings', replicate: 0 };
    exchanges.push(unsent(endpoint, whole, failure).exchange);
    return failed(failure);
  }
  for (const request of embeddingRequests(asked)) {
    const reply = await endpoint.send(request);
    exchanges.push(reply.exchange);
    if (reply.exchange.failure !== null) return failed(reply.exchange.failure);
    const came = reply.vectors ?? [];
    const length = came[0]?.length;
    if (length !== embeddings) {
      return failed({
        kind: 'malformed',
        message: `Expected vectors of length ${embeddings}, as probed, but they came with length ${length ?? 0}.`,
        hint: 'Has the embedding model been changed during the run?',
      });
    }
    vectors.push(...came.map((vector) => Float32Array.from(vector)));
  }
  return { status: 'embedded', vectors, exchanges };
}
