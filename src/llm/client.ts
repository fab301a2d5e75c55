// What a mind asks of a model: an answer in a closed schema to messages of text and pictures, and embeddings.
// The client chooses how to get one (JSON schema, tools, JSON mode, plain prompt), repairs an answer once, and
// keeps every exchange, the failed ones too. It knows no visitor, no page and no prompt.

import type { z } from 'zod';
import type { Capabilities } from './capabilities.ts';
import { ModelError, type Failure } from './failure.ts';
import type { Message, Part } from './message.ts';

/** Sampling; all of it is sent, so that a server's own defaults never decide. */
export interface Sampling {
  /** From 0; 0 is the most likely answer. */
  readonly temperature: number;
  /** (0, 1]. */
  readonly topP: number;
  /** Most tokens of an answer. */
  readonly maxTokens: number;
  /** Sent where the endpoint takes one. */
  readonly seed: number;
}

/** Something an agent may do between question and answer. Results are data, and never trusted. */
export interface Tool<Input = unknown> {
  /** Lower-case letters and hyphens. */
  readonly name: string;
  /** What it does, for the model. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  run(input: Input): Promise<readonly Part[]>;
}

export interface Question<Answer> {
  /** What it is for: 'act', 'profile', 'reflect'. Also the name of the schema on the wire: [a-z][a-z0-9-]*. */
  readonly purpose: string;
  readonly messages: readonly Message[];
  /**
   * What an answer must be: an object with every field required (nullable where it may be missing). Its shape goes
   * over the wire and should be the same at every step; refinements do not, but they are checked, and a broken one
   * is repaired like a wrong shape: put what is legal on this screen into a refinement.
   */
  readonly schema: z.ZodType<Answer>;
  readonly sampling: Sampling;
  /** Tells deliberate repetitions of an equal question apart, from 0. */
  readonly replicate?: number;
  /** With tools the question goes to an agent, which may use `toolCalls` of them (default 3) before it answers. */
  readonly tools?: readonly Tool[];
  readonly toolCalls?: number;
  /** Who asks, for the trace: one text per session. No part of a cassette's key. */
  readonly conversation?: string;
  readonly signal?: AbortSignal;
}

/** Tokens as the endpoint counts them; null where it states none. */
export interface Usage {
  readonly input: number | null;
  readonly output: number | null;
  /** The part of `input` that the server had computed before. */
  readonly cached: number | null;
}

/** How an answer in a schema was asked for; the ladder goes down in this order. */
export type AnswerMode = 'schema' | 'tools' | 'json' | 'prompt';

/**
 * One request to the endpoint and what came of it in the end, as it is logged. `attempts`, `source` and `ms` depend
 * on the weather and never enter a digest; all else is equal in equal runs. Attempts that failed in passing are in
 * the trace and the ledger.
 */
export interface Exchange {
  readonly purpose: string;
  readonly operation: 'chat' | 'embeddings';
  /** The model asked for, and the one that says it answered. */
  readonly model: string;
  readonly servedBy: string | null;
  readonly mode: AnswerMode | null;
  /** Digest of model, messages (pictures by hash), sampling, schema, tools and replicate. */
  readonly requestHash: string;
  /** What the model said, untouched; null where nothing came. */
  readonly raw: string | null;
  readonly usage: Usage;
  /** Dollars; null where model or usage have no price. */
  readonly usd: number | null;
  /** 0 for the question itself, 1 where it repairs the answer before it. */
  readonly repair: 0 | 1;
  /** HTTP requests it took; 0 from a cassette. Their sum is the server's own count. */
  readonly attempts: number;
  readonly failure: Failure | null;
  /** Where the answer came from; what a cassette gives was paid for before. */
  readonly source: 'endpoint' | 'cassette';
  /** Wall-clock milliseconds; never part of a digest. */
  readonly ms: number;
}

export type Reply<Answer> =
  | {
      readonly status: 'answered';
      readonly answer: Answer;
      /** How many exchanges were repairs. */
      readonly repairs: number;
      /** Names of the tools used, in order. */
      readonly toolsUsed: readonly string[];
      readonly exchanges: readonly Exchange[];
    }
  | { readonly status: 'failed'; readonly failure: Failure; readonly exchanges: readonly Exchange[] };

export type Embeddings =
  | {
      readonly status: 'embedded';
      /** One for each text, in order; all of one length. */
      readonly vectors: readonly Float32Array[];
      readonly exchanges: readonly Exchange[];
    }
  | { readonly status: 'failed'; readonly failure: Failure; readonly exchanges: readonly Exchange[] };

export interface Client {
  readonly model: string;
  /** Digest of everything that may change answers: model, endpoint kind, capabilities in use. */
  readonly version: string;
  readonly capabilities: Capabilities;
  /** Never rejects for what an endpoint does; a rejection is a defect. */
  ask<Answer>(question: Question<Answer>): Promise<Reply<Answer>>;
  embed(request: {
    readonly purpose: string;
    readonly texts: readonly string[];
    readonly conversation?: string;
    readonly signal?: AbortSignal;
  }): Promise<Embeddings>;
}

/** The answer of a reply. Throws a ModelError where there is none. */
export function answerOf<Answer>(reply: Reply<Answer>): Answer {
  if (reply.status === 'answered') return reply.answer;
  throw new ModelError(reply.failure);
}
