// Reads the body of an answer, which is whatever a server sent: a completion, vectors, an error, or anything else.
// What was said and what it cost are read apart, so that a wrong answer still tells its price. It judges the
// envelope only; whether the message is what was asked for is for `judge` of the request.

import { z } from 'zod';
import type { Usage } from './client.ts';
import type { Failure } from './failure.ts';
import type { Said } from './endpoint.ts';
import { parsedJson } from './json.ts';
import { quoted } from './quoted.ts';

export interface Read {
  readonly said: Said | null;
  readonly vectors: readonly (readonly number[])[] | null;
  readonly raw: string | null;
  readonly usage: Usage;
  readonly servedBy: string | null;
  readonly failure: Failure | null;
}

const count = z.int().min(0).nullish().catch(null);

const envelopeSchema = z.object({
  model: z.string().max(300).nullish().catch(null),
  system_fingerprint: z.string().max(300).nullish().catch(null),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

const chatSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish().catch(null),
        message: z.object({
          /** Null where the model called a tool; some servers leave it out, some send parts. */
          content: z
            .union([z.string(), z.array(z.object({ text: z.string().default('') }))])
            .nullish()
            .transform((content) =>
              Array.isArray(content) ? content.map((part) => part.text).join('') : (content ?? ''),
            ),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().nullish(),
                function: z.object({
                  name: z.string(),
                  /** A text of JSON by the interface; some servers send the object. */
                  arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).default(''),
                }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
});

const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.array(z.number()).min(1) })),
});

const nothing: Read = {
  said: null,
  vectors: null,
  raw: null,
  usage: { input: null, output: null, cached: null },
  servedBy: null,
  failure: null,
};

/** Reads the body of a 2xx answer to a chat request. `raw` is the message as the server sent it. */
export function readChat(body: string): Read {
  const json = parsedJson(body);
  const envelope = envelopeOf(json);
  const chat = chatSchema.safeParse(json);
  const choice = chat.data?.choices[0];
  if (choice === undefined) return { ...envelope, raw: body, failure: malformed(body, chat.error) };
  const { message, finish_reason: finish } = choice;
  const calls = (message.tool_calls ?? []).map((call, index) => ({
    id: call.id ?? `call-${index}`,
    name: call.function.name,
    input:
      typeof call.function.arguments === 'string'
        ? parsedJson(call.function.arguments)
        : call.function.arguments,
  }));
  const raw =
    message.tool_calls != null && message.tool_calls.length > 0
      ? JSON.stringify({ content: message.content, tool_calls: message.tool_calls })
      : (message.refusal ?? message.content);
  const said = { content: message.content, calls };
  return { ...envelope, raw, said, failure: failureOf(said, message.refusal ?? null, finish ?? null) };
}

/** Reads the body of a 2xx answer to an embedding request for `texts` texts. */
export function readVectors(body: string, texts: number): Read {
  const json = parsedJson(body);
  const stated = envelopeOf(json);
  const envelope = { ...stated, usage: { ...stated.usage, output: 0 } };
  const read = embeddingsSchema.safeParse(json);
  if (!read.success) return { ...envelope, failure: malformed(body, read.error) };
  const { data } = read.data;
  const vectors: (readonly number[])[] = [];
  data.forEach(({ index, embedding }, place) => (vectors[index ?? place] = embedding));
  const whole = data.length === texts && vectors.length === texts && Object.keys(vectors).length === texts;
  const length = vectors[0]?.length;
  if (!whole || vectors.some((vector) => vector.length !== length)) {
    const lengths = [...new Set(data.map(({ embedding }) => embedding.length))].join(', ');
    return {
      ...envelope,
      failure: {
        kind: 'malformed',
        message: `Expected ${texts} vectors of one length, but ${data.length} came, with lengths ${lengths || 'none'}.`,
        hint: 'Check that llm.embeddingModel names a model for embeddings.',
      },
    };
  }
  return { ...envelope, vectors };
}

function envelopeOf(json: unknown): Read {
  const envelope = envelopeSchema.safeParse(json).data;
  if (envelope === undefined) return nothing;
  const { usage } = envelope;
  const served = [envelope.model, envelope.system_fingerprint].filter((name) => name != null && name !== '');
  return {
    ...nothing,
    servedBy: served.length === 0 ? null : served.join(' '),
    usage: {
      // Nothing is of 0 tokens: who says so does not count.
      input: usage?.prompt_tokens || null,
      output: usage?.completion_tokens || null,
      cached: usage?.prompt_tokens_details?.cached_tokens ?? null,
    },
  };
}

function failureOf(said: Said, refusal: string | null, finish: string | null): Failure | null {
  if (refusal !== null && refusal !== '') {
    return {
      kind: 'refused',
      message: `The model refused: ${quoted(refusal)}.`,
      hint: 'Compare refusals between arms before trusting a difference; they are counted by arm.',
    };
  }
  if (finish === 'content_filter') {
    return {
      kind: 'filtered',
      message: "The endpoint's content filter stopped the answer.",
      hint: 'Look at the screen of this step: what on it may have set it off?',
    };
  }
  if (finish === 'length') {
    return {
      kind: 'cut-off',
      message: `The answer was cut off at the most tokens allowed, after ${said.content.length} characters.`,
      hint: "Raise the scenario's llm.maxTokens, or check that the endpoint's context is large enough for a screen.",
    };
  }
  if (said.content.trim() === '' && said.calls.length === 0) {
    return {
      kind: 'empty',
      message: `The model answered with nothing (finish reason ${finish ?? 'not stated'}).`,
      hint: 'A model that reasons may spend all its tokens on it: raise llm.maxTokens.',
    };
  }
  return null;
}

function malformed(body: string, error: z.ZodError | undefined): Failure {
  const where = error?.issues[0];
  const why =
    where === undefined ? '' : ` (${where.path.map(String).join('.') || 'the whole'}: ${where.message})`;
  return {
    kind: 'malformed',
    message: `The endpoint answered with a body that is no answer${why}: ${quoted(body)}.`,
    hint: 'Check that the base URL ends with /v1 and leads to a model, not to a page.',
  };
}
