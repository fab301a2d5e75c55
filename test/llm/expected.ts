// What the stand-in's kinds can do, in the words of the client.

import type { Capabilities } from '../../src/llm/capabilities.ts';
import { manners, type Kind } from './stand-in/kinds.ts';

export function expectedOf(kind: Kind): Capabilities {
  const { vision, schema, tools, json, seed, embeddings, context, stated, cutsSilently } = manners[kind];
  const known = stated !== 'nowhere' || cutsSilently;
  return {
    vision,
    schema,
    tools,
    json,
    seed,
    embeddings: embeddings ? 32 : null,
    context: known ? context : null,
  };
}
