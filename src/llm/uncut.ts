// Some servers cut a question that is longer than their context and say nothing. A visitor that saw half a screen is no
// visitor, so that a question which filled the whole context counts as cut, whatever was answered to it.

import type { Endpoint } from './endpoint.ts';

/** The endpoint, with a failure in place of answers to questions that filled its context (tokens; null: unknown). */
export function uncut(endpoint: Endpoint, context: number | null): Endpoint {
  if (context === null) return endpoint;
  return {
    identity: endpoint.identity,
    async send(request) {
      const reply = await endpoint.send(request);
      const { exchange } = reply;
      if (request.operation !== 'chat' || exchange.usage.input === null || exchange.usage.input < context) {
        return reply;
      }
      const failure = {
        kind: 'question-cut' as const,
        message: `The question took ${exchange.usage.input} tokens, all of the endpoint's context of ${context}: it was cut, and nobody said so.`,
        hint: 'Raise the context of the server (OLLAMA_CONTEXT_LENGTH, -c, --max-model-len), or show smaller screens.',
      };
      return { ...reply, exchange: { ...exchange, failure: exchange.failure ?? failure } };
    },
  };
}
