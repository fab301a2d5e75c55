// From settings to a client: the stack on the wire, and what the endpoint can do, which is stated, recorded or probed
// once. The only place where the parts of this folder are put together by name.

import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { digest } from '../base/hash.ts';
import { makeFolder } from '../base/make-folder.ts';
import { openClient } from './ask.ts';
import { noCaps, nothingSpent, requirePrice, type Caps, type Spent } from './budget.ts';
import type { Capabilities } from './capabilities.ts';
import { lockCassette } from './cassette-file.ts';
import { cassetteModes, openCassette } from './cassette.ts';
import type { Client } from './client.ts';
import { requestHash, type EndpointRequest } from './endpoint.ts';
import { probe, probeEmbeddings } from './probe.ts';
import { retryDefaults } from './retry.ts';
import { endpointSettingsSchema, type Access } from './settings.ts';
import { stacked } from './stack.ts';

/** A scenario's `llm`: the endpoint, and how it is asked. */
export const llmSchema = endpointSettingsSchema
  .extend({
    /** Most requests under way at once; the number adapts below it. */
    concurrency: z.int().min(1).max(1_000).default(8),
    requestsPerMinute: z.number().gt(0).nullable().default(null),
    /** HTTP requests for one question at most, where what stops it passes. */
    attempts: z.int().min(1).max(20).default(retryDefaults.attempts),
    /** A file of answers, to record, to replay, or both. */
    cassette: z
      .object({ path: z.string().min(1), mode: z.enum(cassetteModes).default('auto') })
      .strict()
      .nullable()
      .default(null),
    /** Write what was said into the trace, too. */
    traceContent: z.boolean().default(false),
  })
  .strict();
export type LlmSettings = z.infer<typeof llmSchema>;

export interface Model {
  readonly client: Client;
  /** Whether its cassette, as far as it was read, answers this request. */
  isKept(request: EndpointRequest): boolean;
  /** Everything that was sent, counted. */
  spent(): Spent;
  /** Lets others record into its cassette. */
  close(): void;
}

export interface ModelOptions {
  readonly settings: LlmSettings;
  readonly access: Access;
  /** The run's budget, and what it has spent of it before. */
  readonly caps?: Caps;
  readonly spentBefore?: Spent;
  /** Told before and after each request what has been spent, to be kept where it outlives this process. */
  readonly keepSpent?: (spent: Spent) => void;
  /** Whether it is asked for vectors alone; then it is not probed for anything else. */
  readonly embedsOnly?: boolean;
  /**
   * Whether others may write its cassette until the first question that has no answer there; then it is locked, and a
   * question rejects with a RehearsalError where another process has locked it. Else it is locked when it is opened.
   */
  readonly locksLate?: boolean;
  /** A file that gets one line a request. */
  readonly tracePath?: string;
}

/**
 * Opens a model, to be closed by whoever opened it.
 * Rejects with a UsageError where settings contradict each other, with a ModelError where the endpoint does not
 * answer, and with a RehearsalError where a cassette cannot be used.
 */
export async function openModel(options: ModelOptions): Promise<Model> {
  const { caps = noCaps, settings, locksLate = false } = options;
  requirePrice(caps, settings);
  const { cassette } = settings;
  let letGo: (() => void) | null = null;
  /** Whether it was locked only now. */
  const lock = (): boolean => {
    if (cassette === null || cassette.mode === 'replay' || letGo !== null) return false;
    letGo = lockCassette(cassette.path, locksLate ? waitForIt : undefined);
    return true;
  };
  const close = (): void => {
    letGo?.();
    letGo = null;
  };
  if (!locksLate) lock();
  try {
    return { ...(await opened(options, lock)), close };
  } catch (error) {
    close();
    throw error;
  }
}

const waitForIt =
  'Wait for it to end and give the same command again: what it was answered is kept, and is not asked again.';

async function opened(options: ModelOptions, lock: () => boolean): Promise<Omit<Model, 'close'>> {
  const { settings, access, caps = noCaps, tracePath } = options;
  const file =
    settings.cassette === null ? null : openCassette(settings.cassette.path, settings.cassette.mode);
  const claim = (): void => {
    if (lock()) file?.catchUp();
  };
  if (tracePath !== undefined) makeFolder(dirname(tracePath));
  // Loaded where a model is asked for: a run without one does not wait for LangChain.
  const { langchainEndpoint } = await import('./langchain.ts');
  const stack = stacked(langchainEndpoint(access, settings), {
    cassette:
      file === null || settings.cassette === null ? null : { file, mode: settings.cassette.mode, claim },
    retry: { ...retryDefaults, attempts: settings.attempts },
    limit: {
      concurrency: settings.concurrency,
      start: Math.min(4, settings.concurrency),
      requestsPerMinute: settings.requestsPerMinute,
    },
    caps,
    spentBefore: options.spentBefore ?? nothingSpent,
    keepSpent: options.keepSpent,
    trace:
      tracePath === undefined
        ? null
        : { write: (line) => appendFileSync(tracePath, `${line}\n`), content: settings.traceContent },
  });

  const { embedsOnly = false } = options;
  const name = digest(embedsOnly ? { ...stack.identity, embedsOnly } : stack.identity);
  const known = settings.capabilities ?? file?.capabilities.get(name);
  const capabilities = known ?? (await found());
  return {
    client: openClient(stack, capabilities),
    isKept: (request) => file?.entries.has(requestHash(stack, request)) ?? false,
    spent: stack.spent,
  };

  async function found(): Promise<Capabilities> {
    if (settings.cassette?.mode === 'replay') {
      const { path } = settings.cassette;
      if (file?.capabilities.size === 0) {
        throw new RehearsalError(
          `The cassette ${path} does not say what its model can do: its end is missing.`,
          {
            hint: 'It was cut off before the first question to a visitor. Restore it, or record it again.',
          },
        );
      }
      throw new RehearsalError(`The cassette ${path} was recorded with another model or settings.`, {
        hint: 'Use the llm settings it was recorded with, or record it again.',
      });
    }
    claim();
    const meanwhile = file?.capabilities.get(name);
    if (meanwhile !== undefined) return meanwhile;
    const probed = embedsOnly ? await probeEmbeddings(stack) : await probe(stack, access);
    file?.keepCapabilities(name, probed);
    return probed;
  }
}
