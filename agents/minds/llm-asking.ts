// How the llm mind puts its questions: one way of sampling, seeds that follow from the visitor's streams, and vectors
// from the endpoint or the embedded ones. What cannot be answered rises as a ModelError.

import { seedFrom, type StreamPart } from '../../src/base/random.ts';
import { answerOf, type Client, type Question } from '../../src/llm/client.ts';
import { ModelError } from '../../src/llm/failure.ts';
import { textVector, unit } from '../text.ts';
import type { LlmParameters } from './llm-parameters.ts';

export interface Asking {
  readonly parameters: LlmParameters;
  /** The answer to a question. `key` names the step's random streams: equal keys, equal seeds. */
  ask<Answer>(
    question: Pick<Question<Answer>, 'purpose' | 'messages' | 'schema' | 'tools' | 'replicate'>,
    key: readonly StreamPart[],
  ): Promise<Answer>;
  /** A vector of some words for memory, unit length or nearly so. */
  vectorOf(words: string): Promise<Float64Array>;
}

/** Asks a client. `embeds`: memory's vectors come from the endpoint. */
export function askingOf(parts: {
  readonly client: Client;
  readonly parameters: LlmParameters;
  readonly embeds: boolean;
  readonly signal?: AbortSignal;
}): Asking {
  const { client, parameters, embeds, signal } = parts;
  return {
    parameters,
    ask: async (question, key) =>
      answerOf(
        await client.ask({
          ...question,
          sampling: {
            temperature: parameters.temperature,
            topP: parameters.topP,
            maxTokens: parameters.answerTokens,
            seed: seedFrom(...key, question.purpose) % 2 ** 31,
          },
          toolCalls: parameters.toolCalls,
          conversation: key.slice(0, -1).join(' '),
          ...(signal === undefined ? {} : { signal }),
        }),
      ),
    vectorOf: async (words) => {
      if (!embeds) return textVector(words);
      const embedded = await client.embed({
        purpose: 'memory',
        texts: [words],
        ...(signal === undefined ? {} : { signal }),
      });
      if (embedded.status === 'failed') throw new ModelError(embedded.failure);
      return unit(Float64Array.from(embedded.vectors[0]!));
    },
  };
}
