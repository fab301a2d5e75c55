// Answers that were given before: recorded, replayed, or both. Equal requests have equal answers, also within one
// recording; deliberate repetitions differ in their replicate. Kept is what a model said, a refusal and a wrong
// answer too; failures of the server or the connection are not.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { openCassetteFile, type CassetteFile, type Entry } from './cassette-file.ts';
import {
  contentOf,
  exchangeOf,
  requestHash,
  unsent,
  type Endpoint,
  type EndpointReply,
  type EndpointRequest,
} from './endpoint.ts';
import type { FailureKind } from './failure.ts';
import { nearestDifference } from './nearest.ts';

export const cassetteModes = ['record', 'replay', 'auto'] as const;
export type CassetteMode = (typeof cassetteModes)[number];

const count = z.int().min(0).nullable();
const keptSchema = z.object({
  said: z
    .object({
      content: z.string(),
      calls: z.array(z.object({ id: z.string(), name: z.string(), input: z.unknown() })),
    })
    .nullable(),
  vectors: z.array(z.array(z.number())).nullable(),
  servedBy: z.string().nullable(),
  raw: z.string().nullable(),
  usage: z.object({ input: count, output: count, cached: count }),
  usd: z.number().nullable(),
  /** What the envelope said was wrong; whether the message fits is judged again. */
  failure: z
    .object({
      kind: z.enum(['refused', 'filtered', 'cut-off', 'empty']),
      message: z.string(),
      hint: z.string(),
    })
    .nullable(),
});

const ofTheEnvelope: readonly FailureKind[] = ['refused', 'filtered', 'cut-off', 'empty'];

/** Opens the cassette of a mode. 'record' begins a new one and 'replay' needs one; both throw where that cannot be. */
export function openCassette(path: string, mode: CassetteMode): CassetteFile {
  const file = openCassetteFile(path);
  const isEmpty = file.entries.size === 0;
  if (mode === 'record' && !isEmpty) {
    throw new RehearsalError(`The cassette ${path} holds ${file.entries.size} answers already.`, {
      hint: "Record to another file, delete this one, or use 'auto' to add to it.",
    });
  }
  if (mode === 'replay' && isEmpty) {
    throw new RehearsalError(`There is nothing to replay in ${path}.`, {
      hint: "Record first: the same run with the cassette in mode 'record'.",
    });
  }
  return file;
}

/** The endpoint behind a cassette. In mode 'replay' the endpoint is never asked; else `claim` is called before it is. */
export function taped(
  endpoint: Endpoint,
  file: CassetteFile,
  mode: CassetteMode,
  claim: () => void = () => undefined,
): Endpoint {
  const underWay = new Map<string, Promise<EndpointReply>>();

  const ask = async (request: EndpointRequest, key: string): Promise<EndpointReply> => {
    const reply = await endpoint.send(request);
    if (reply.said !== null || reply.vectors !== null) file.keep(entryOf(endpoint, request, reply, key));
    return reply;
  };
  return {
    identity: endpoint.identity,
    async send(request) {
      const key = requestHash(endpoint, request);
      // Whoever asks the same while it is being asked waits for that answer, so that twins stay twins.
      // Where that failed, one of those who waited asks, and the others wait again.
      for (let before = underWay.get(key); before !== undefined; before = underWay.get(key)) await before;
      const entry = file.entries.get(key);
      if (entry !== undefined) return replayed(endpoint, request, entry);
      if (mode === 'replay') {
        return unsent(endpoint, request, {
          kind: 'not-recorded',
          message: `The cassette has no answer to this question (${request.purpose}): ${nearestDifference(contentOf(endpoint, request), request.purpose, file.entries.values())}`,
          hint: "Something that shapes the question has changed since it was recorded. Use 'auto' to ask what is missing.",
        });
      }
      claim();
      const come = file.entries.get(key);
      if (come !== undefined) return replayed(endpoint, request, come);
      const asked = ask(request, key);
      underWay.set(key, asked);
      return asked.finally(() => underWay.get(key) === asked && underWay.delete(key));
    },
  };
}

function entryOf(endpoint: Endpoint, request: EndpointRequest, reply: EndpointReply, key: string): Entry {
  const { said, vectors, exchange } = reply;
  const { servedBy, raw, usage, usd, failure } = exchange;
  const kept: z.input<typeof keptSchema> = {
    said: said === null ? null : { content: said.content, calls: [...said.calls] },
    vectors: vectors === null ? null : vectors.map((vector) => [...vector]),
    servedBy,
    raw,
    usage,
    usd,
    failure:
      failure !== null && ofTheEnvelope.includes(failure.kind)
        ? keptSchema.shape.failure.parse({ ...failure })
        : null,
  };
  return { key, purpose: request.purpose, content: contentOf(endpoint, request), reply: kept };
}

function replayed(endpoint: Endpoint, request: EndpointRequest, entry: Entry): EndpointReply {
  const kept = keptSchema.safeParse(entry.reply);
  if (!kept.success) {
    throw new RehearsalError(
      `The cassette's answer ${entry.key.slice(0, 12)} is not in the form of this program.`,
      {
        hint: 'It comes from another version: record it again.',
        cause: kept.error,
      },
    );
  }
  const { said, vectors, ...told } = kept.data;
  const judged = request.operation === 'chat' && said !== null ? request.judge(said) : null;
  const exchange = exchangeOf(endpoint, request, {
    ...told,
    attempts: 0,
    failure: told.failure ?? judged,
    source: 'cassette',
    ms: 0,
  });
  return { exchange, said, vectors };
}
