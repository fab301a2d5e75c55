// From a question to its first request, in the best mode that the endpoint has.

import { judged } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import type { AnswerMode, Question } from './client.ts';
import type { ChatRequest } from './endpoint.ts';
import { text, type Message } from './message.ts';
import { wireSchema } from './wire-schema.ts';

/** The best way of asking that the endpoint has. */
export function modeFor(capabilities: Pick<Capabilities, 'schema' | 'tools' | 'json'>): AnswerMode {
  if (capabilities.schema) return 'schema';
  if (capabilities.tools) return 'tools';
  return capabilities.json ? 'json' : 'prompt';
}

/** The first request of a question. In the modes without a schema on the wire, it stands in the words. */
export function requestOf<Answer>(question: Question<Answer>, mode: AnswerMode): ChatRequest {
  const schema = wireSchema(question.purpose, question.schema);
  return {
    operation: 'chat',
    purpose: question.purpose,
    conversation: question.conversation,
    signal: question.signal,
    replicate: question.replicate ?? 0,
    messages:
      mode === 'json' || mode === 'prompt' ? withSchema(question.messages, schema.json) : question.messages,
    mode,
    schema,
    tools: [],
    sampling: question.sampling,
    repair: 0,
    judge: (said) => judged(said, mode, question.purpose, question.schema).failure,
  };
}

/** The schema goes to the end of the first system message: it is fixed text, and fixed text goes first. */
function withSchema(messages: readonly Message[], schema: unknown): readonly Message[] {
  const words = text(
    `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`,
  );
  const [first, ...rest] = messages;
  if (first?.role === 'system') return [{ ...first, content: [...first.content, words] }, ...rest];
  return [{ role: 'system', content: [words] }, ...messages];
}
