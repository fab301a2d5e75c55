// The contract of one request to an endpoint: what is sent, and the exchange and saying that come back. The wire,
// the retry, the limit, the budget, the trace and the cassette are all of this one shape (stack.ts piles them up).
// It asks in one given mode; choosing the mode and judging answers as a whole is the client's (ask.ts).

import { digest } from '../base/hash.ts';
import type { AnswerMode, Exchange, Sampling } from './client.ts';
import type { Failure } from './failure.ts';
import type { Message, Part, ToolCall } from './message.ts';

/** A JSON Schema as it goes over the wire. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface WireSchema {
  readonly name: string;
  readonly json: JsonSchema;
}

export interface WireTool extends WireSchema {
  readonly description: string;
}

interface Asked {
  readonly purpose: string;
  readonly conversation?: string;
  readonly replicate: number;
  readonly signal?: AbortSignal;
}

export interface ChatRequest extends Asked {
  readonly operation: 'chat';
  readonly messages: readonly Message[];
  readonly mode: AnswerMode;
  /** What the answer must be; in mode 'tools' it is the input of the tool of this name. Null: any text will do. */
  readonly schema: WireSchema | null;
  /** What an agent may call besides; empty for a plain question. */
  readonly tools: readonly WireTool[];
  readonly sampling: Sampling;
  readonly repair: 0 | 1;
  /** Says whether the model's message is what was asked for, so that a wrong one is logged as what it was. */
  judge(message: Said): Failure | null;
}

export interface EmbeddingRequest extends Asked {
  readonly operation: 'embeddings';
  readonly texts: readonly string[];
}

export type EndpointRequest = ChatRequest | EmbeddingRequest;

/** What a model said: text, calls of tools, or both. */
export interface Said {
  readonly content: string;
  readonly calls: readonly ToolCall[];
}

export interface EndpointReply {
  readonly exchange: Exchange;
  /** There also where it was judged a failure; null where the model said nothing. */
  readonly said: Said | null;
  /** One for each text of an embedding request; null otherwise. */
  readonly vectors: readonly (readonly number[])[] | null;
}

export interface Endpoint {
  /** The model that is asked, and everything else of the settings that may change an answer. */
  readonly identity: Readonly<Record<string, unknown>> & {
    readonly model: string;
    readonly embeddingModel: string | null;
  };
  /** Never rejects for what a server does; a rejection is a defect. */
  send(request: EndpointRequest): Promise<EndpointReply>;
}

/** A request without what only tells who asks and why: equal content, equal answers. Pictures stand as hashes. */
export function contentOf(endpoint: Endpoint, request: EndpointRequest): Readonly<Record<string, unknown>> {
  const { identity } = endpoint;
  const { operation, replicate } = request;
  if (request.operation === 'embeddings') return { operation, identity, replicate, texts: request.texts };
  const { mode, schema, tools, sampling } = request;
  return {
    operation,
    identity,
    replicate,
    mode,
    schema,
    tools,
    sampling,
    messages: request.messages.map(hashed),
  };
}

/** The digest of a request's content: the key of a cassette and the name of a request in the log. */
export function requestHash(endpoint: Endpoint, request: EndpointRequest): string {
  return digest(contentOf(endpoint, request));
}

function hashed(message: Message): unknown {
  return { ...message, content: message.content.map(hashedPart) };
}

function hashedPart(part: Part): unknown {
  return part.type === 'text' ? part.text : { picture: part.hash, format: part.format };
}

/** The model that a request asks. */
export function modelOf({ identity }: Endpoint, { operation }: EndpointRequest): string {
  return operation === 'embeddings' ? (identity.embeddingModel ?? identity.model) : identity.model;
}

/** What came of a request: the part of an exchange that the request does not tell. */
export type Outcome = Pick<
  Exchange,
  'servedBy' | 'raw' | 'usage' | 'usd' | 'attempts' | 'failure' | 'source' | 'ms'
>;

/** The exchange of a request and what came of it. */
export function exchangeOf(endpoint: Endpoint, request: EndpointRequest, outcome: Outcome): Exchange {
  const { servedBy, raw, usage, usd, attempts, failure, source, ms } = outcome;
  const isChat = request.operation === 'chat';
  return {
    purpose: request.purpose,
    operation: request.operation,
    model: modelOf(endpoint, request),
    servedBy,
    mode: isChat ? request.mode : null,
    requestHash: requestHash(endpoint, request),
    raw,
    usage,
    usd,
    repair: isChat ? request.repair : 0,
    attempts,
    failure,
    source,
    ms,
  };
}

/** The reply of a request that never reached the endpoint. */
export function unsent(endpoint: Endpoint, request: EndpointRequest, failure: Failure): EndpointReply {
  const exchange = exchangeOf(endpoint, request, {
    servedBy: null,
    raw: null,
    usage: { input: null, output: null, cached: null },
    usd: 0,
    attempts: 0,
    failure,
    source: 'endpoint',
    ms: 0,
  });
  return { exchange, said: null, vectors: null };
}
