// Finds out once what an endpoint can do, by asking it things whose answer tells. A capability that was not seen is
// not there; an endpoint that cannot be asked at all is a ModelError and not an endpoint without capabilities.

import { z } from 'zod';
import { contextOf } from './about.ts';
import { judged } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import type { AnswerMode, Question } from './client.ts';
import type { ChatRequest, Endpoint, EndpointReply } from './endpoint.ts';
import { ModelError, type FailureKind } from './failure.ts';
import { picture, text } from './message.ts';
import { bandsPng, type BandColour } from './probe-picture.ts';
import { modeFor, requestOf } from './question.ts';
import type { Access } from './settings.ts';

const colours = ['red', 'green', 'blue', 'yellow', 'black', 'white'] as const satisfies readonly BandColour[];

const shown: readonly BandColour[] = ['blue', 'yellow', 'red'];

const sampling = { temperature: 0, topP: 1, maxTokens: 2_000, seed: 7 };

/** Asks for a shape that nobody falls into by answering in words. */
const greeting: Question<unknown> = {
  purpose: 'probe-greeting',
  messages: [{ role: 'user', content: [text('Say hello in one short sentence.')] }],
  schema: z.strictObject({ greeting: z.string(), language: z.enum(['en', 'fr', 'de']) }),
  sampling,
};

const bandsSchema = z.strictObject({
  left: z.enum(colours),
  middle: z.enum(colours),
  right: z.enum(colours),
});

/** 1 in 216 is right by chance. */
const bands: Question<z.infer<typeof bandsSchema>> = {
  purpose: 'probe-bands',
  messages: [
    {
      role: 'user',
      content: [
        text('The picture has three upright bands. Name the colour of each.'),
        picture(bandsPng(shown), 'image/png'),
      ],
    },
  ],
  schema: bandsSchema,
  sampling,
};

/** Once words alone were answered, these say that the endpoint lacks what was asked for. */
const saysNo: readonly FailureKind[] = [
  'rejected',
  'server-error',
  'malformed',
  'refused',
  'filtered',
  'cut-off',
  'empty',
  'not-json',
  'off-schema',
];

/** Words sent to see whether a long question arrives whole: a word is a token or more. A screen takes about as much. */
const LONG_QUESTION = 5_000;

/** Probes an endpoint with about ten small requests. Throws a ModelError where it does not answer words. */
export async function probe(endpoint: Endpoint, access: Access): Promise<Capabilities> {
  const works = (reply: EndpointReply): boolean => {
    const { failure } = reply.exchange;
    if (failure !== null && !saysNo.includes(failure.kind)) throw new ModelError(failure);
    return failure === null;
  };

  const words = await endpoint.send(plain('probe-words', 'Say hello in one short sentence.'));
  if (words.exchange.failure !== null) throw new ModelError(words.exchange.failure);

  const greets = async (mode: AnswerMode): Promise<boolean> =>
    works(await endpoint.send(requestOf(greeting, mode)));
  const schema = await greets('schema');
  const tools = await greets('tools');
  const json = await greets('json');

  const mode = modeFor({ schema, tools, json });
  const seen = await endpoint.send(requestOf(bands, mode));
  const named =
    works(seen) && seen.said !== null ? judged(seen.said, mode, bands.purpose, bands.schema).answer : null;
  const vision = named !== null && [named.left, named.middle, named.right].join() === shown.join();

  const dice = async (replicate: number): Promise<string | null> => {
    const request = plain('probe-seed', 'Write twenty random letters and nothing else.', {
      temperature: 1,
      replicate,
    });
    const reply = await endpoint.send(request);
    return works(reply) ? (reply.said?.content ?? null) : null;
  };
  const [first, second] = [await dice(0), await dice(1)];

  const long = await endpoint.send(plain('probe-context', `${'word '.repeat(LONG_QUESTION)}\nSay hello.`));
  const arrived = works(long) ? long.exchange.usage.input : null;

  return {
    vision,
    schema,
    tools,
    json,
    seed: first !== null && first === second,
    embeddings: await dimensionOf(endpoint, works),
    context:
      (await contextOf(access, endpoint.identity.model)) ??
      (arrived !== null && arrived < LONG_QUESTION ? arrived : null),
  };
}

/** Asks an endpoint for vectors and for nothing else. Throws a ModelError where it has none. */
export async function probeEmbeddings(endpoint: Endpoint): Promise<Capabilities> {
  const nothingElse = { vision: false, schema: false, tools: false, json: false, seed: false, context: null };
  const embeddings = await dimensionOf(endpoint, ({ exchange: { failure } }) => {
    if (failure !== null) throw new ModelError(failure);
    return true;
  });
  return { ...nothingElse, embeddings };
}

async function dimensionOf(
  endpoint: Endpoint,
  works: (reply: EndpointReply) => boolean,
): Promise<number | null> {
  if (endpoint.identity.embeddingModel === null) return null;
  const reply = await endpoint.send({
    operation: 'embeddings',
    purpose: 'probe-embeddings',
    texts: ['a quiet film', 'a loud film'],
    replicate: 0,
  });
  return works(reply) ? (reply.vectors?.[0]?.length ?? null) : null;
}

/** Words for words: a request without a schema. */
function plain(purpose: string, words: string, { temperature = 0, replicate = 0 } = {}): ChatRequest {
  return {
    operation: 'chat',
    purpose,
    replicate,
    messages: [{ role: 'user', content: [text(words)] }],
    mode: 'prompt',
    schema: null,
    tools: [],
    sampling: { ...sampling, temperature },
    repair: 0,
    judge: () => null,
  };
}
