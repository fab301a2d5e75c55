// What the tests of this folder ask: a small question and its sampling, and an endpoint that answers from a list
// without any wire.

import { z } from 'zod';
import type { Capabilities } from '../../src/llm/capabilities.ts';
import type { Question, Sampling } from '../../src/llm/client.ts';
import { exchangeOf, type ChatRequest, type Endpoint, type EndpointRequest } from '../../src/llm/endpoint.ts';
import type { Failure } from '../../src/llm/failure.ts';
import { text } from '../../src/llm/message.ts';
import { requestOf } from '../../src/llm/question.ts';

export const sampling: Sampling = { temperature: 0, topP: 1, maxTokens: 300, seed: 1 };

export const decisionSchema = z.strictObject({
  interest: z.int().min(1).max(5),
  mark: z.int().min(1),
  reason: z.string().max(500),
});
export type Decision = z.infer<typeof decisionSchema>;

/** A question about two films; different `words` make a different question. */
export function question(words = 'Which one?', more: Partial<Question<Decision>> = {}): Question<Decision> {
  return {
    purpose: 'act',
    messages: [
      { role: 'system', content: [text('You are a visitor of a film site.')] },
      { role: 'user', content: [text(`${words}\n[1] card: The Long Night\n[2] card: A Short Day`)] },
    ],
    schema: decisionSchema,
    sampling,
    ...more,
  };
}

export function chatRequest(words?: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { ...requestOf(question(words), 'schema'), ...more };
}

export const everything: Capabilities = {
  vision: true,
  schema: true,
  tools: true,
  json: true,
  seed: true,
  embeddings: 32,
  context: null,
};

/** What an endpoint of the list answers: words, or a failure of the connection. */
export type Scripted = string | Failure;

export const busy: Failure = { kind: 'rate-limited', status: 429, wait: null, message: 'busy', hint: '' };
export const decided = '{"interest":4,"mark":2,"reason":"short"}';

/** An endpoint that gives the replies of a list, the last one for ever, and keeps what it was asked. */
export function scripted(
  replies: readonly Scripted[] | ((request: EndpointRequest, n: number) => Scripted | Promise<Scripted>),
  usage = { input: 100, output: 10, cached: 0 },
): Endpoint & { readonly asked: EndpointRequest[] } {
  const asked: EndpointRequest[] = [];
  const endpoint: Endpoint & { readonly asked: EndpointRequest[] } = {
    identity: { model: 'scripted', embeddingModel: null },
    asked,
    async send(request) {
      const n = asked.push(request) - 1;
      const scriptedReply =
        typeof replies === 'function' ? await replies(request, n) : (replies[n] ?? replies.at(-1) ?? '');
      const broken = typeof scriptedReply === 'string' ? null : scriptedReply;
      const said = typeof scriptedReply === 'string' ? { content: scriptedReply, calls: [] } : null;
      return {
        exchange: exchangeOf(endpoint, request, {
          servedBy: null,
          raw: said?.content ?? null,
          usage: said === null ? { input: null, output: null, cached: null } : usage,
          usd: said === null ? 0 : 0.01,
          attempts: 1,
          failure: broken ?? (request.operation === 'chat' && said !== null ? request.judge(said) : null),
          source: 'endpoint',
          ms: 1,
        }),
        said,
        vectors: null,
      };
    },
  };
  return endpoint;
}
