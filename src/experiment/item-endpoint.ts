// What a model endpoint does for recommenders: vectors and names of items. Answers are kept in a file of their own for each
// catalogue and model, so that a training is repeated, evaluated and served without asking again. The endpoint is opened
// when somebody asks, and not before: most trainings ask nothing.

import { join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { digest } from '../base/hash.ts';
import { nothingSpent, moneyOf, type Caps, type Spent } from '../llm/budget.ts';
import { embeddingRequests } from '../llm/embed.ts';
import { ModelError, type Failure } from '../llm/failure.ts';
import { openModel, type LlmSettings, type Model } from '../llm/open.ts';
import { modeFor, requestOf } from '../llm/question.ts';
import type { Access } from '../llm/settings.ts';
import type { ItemEndpoint, ToBeNamed } from '../recommend/recommender.ts';
import { nameQuestion, unnamed, wordsOfName } from './item-names.ts';
import { agreedTo, type ItemQuote } from './item-quote.ts';
import type { Scenario } from './scenario.ts';

/** Where answers about items are kept, relative to the project. */
export const answersRoot = 'data/answers';

/** The ledger of the run whose arms ask. */
export type ItemLedger = Pick<ItemEndpointParts, 'spentBefore' | 'keepSpent'>;

export interface ItemEndpointParts {
  /** What the catalogue is called: its answers stand together. */
  readonly catalogue: string;
  /** The models and how they are asked; without `model` nobody names items, without `embeddingModel` nobody embeds. */
  readonly settings: Omit<LlmSettings, 'cassette' | 'model'> & { readonly model?: string };
  /** Null to take kept answers only and to ask nobody. */
  readonly access: Access | null;
  readonly caps: Caps;
  readonly interrupted: AbortSignal;
  log(line: string): void;
  /** What the run that this is part of has spent before; it counts against the caps. */
  readonly spentBefore?: Spent;
  /** Told before and after each request what has been spent, that before included. */
  readonly keepSpent?: (spent: Spent) => void;
  /** Shown a quote before most of many questions are asked; false to ask no more. Without it nothing is quoted. */
  readonly agree?: (quote: ItemQuote) => Promise<boolean>;
  /** Folder of the answers. */
  readonly answers?: string;
}

/** Nobody is asked where answers are replayed; an address is wanted all the same. */
const nowhere: Access = { baseUrl: 'http://127.0.0.1:9/v1', key: null };

/** The endpoint for trainings. What its parts cost together stays under the caps. */
export function itemEndpoint(parts: ItemEndpointParts): ItemEndpoint {
  const { settings, log } = parts;
  const { model, embeddingModel, ...asked } = settings;
  let spent: Spent = parts.spentBefore ?? nothingSpent;

  /** Opens a model for one piece of work; its kept answers are called `kind`. */
  const asking = async <Answer>(
    kind: 'vectors' | 'names',
    chosen: Omit<LlmSettings, 'cassette'>,
    work: (model: Model) => Promise<Answer>,
  ): Promise<Answer> => {
    const { omit, extra } = chosen;
    const name = digest({ model: chosen.model, omit, extra }).slice(0, 16);
    const path = join(parts.answers ?? answersRoot, parts.catalogue, `${kind}-${name}.jsonl`);
    const before = spent;
    const opened = await openModel({
      settings: { ...chosen, cassette: { path, mode: parts.access === null ? 'replay' : 'auto' } },
      access: parts.access ?? nowhere,
      caps: parts.caps,
      spentBefore: before,
      ...(parts.keepSpent && { keepSpent: parts.keepSpent }),
      embedsOnly: kind === 'vectors',
      locksLate: true,
    });
    try {
      return await work(opened);
    } finally {
      spent = opened.spent();
      opened.close();
      log(`${kind} of ${chosen.model}: ${costText(before, spent)}; kept in ${path}`);
    }
  };

  return {
    ...(embeddingModel === undefined
      ? {}
      : {
          embed: (texts) =>
            asking('vectors', { ...asked, model: embeddingModel, embeddingModel }, (opened) =>
              embedded(opened, texts, parts),
            ),
        }),
    ...(model === undefined
      ? {}
      : {
          nameItems: (items) => asking('names', { ...asked, model }, (opened) => named(opened, items, parts)),
        }),
  };
}

/** Vectors of all texts, some hundred of them in a request. */
async function embedded(
  { client, isKept }: Model,
  texts: readonly string[],
  { interrupted, agree, log }: ItemEndpointParts,
): Promise<readonly Float32Array[]> {
  const all = { purpose: 'item-vectors', texts, signal: interrupted };
  const vectors = async (of: typeof all) => {
    const reply = await client.embed(of);
    if (reply.status === 'failed') throw stopped(reply.failure);
    return reply;
  };
  const requests = embeddingRequests(all);
  const missing = requests.filter((request) => !isKept(request));
  log(`vectors: ${texts.length} items, ${missing.length} of ${requests.length} requests not answered yet`);
  await agreedTo({
    what: 'vectors',
    missing,
    atOnce: 1,
    agree,
    ask: async (request) => (await vectors({ ...all, texts: request.texts })).exchanges,
  });
  return (await vectors(all)).vectors;
}

const betweenLines = 5_000;

/** Names for all items, a question each, as many at once as the endpoint takes. The first failure of the endpoint ends it. */
async function named(
  { client, isKept }: Model,
  items: readonly ToBeNamed[],
  { settings, interrupted, agree, log }: ItemEndpointParts,
): Promise<readonly (readonly string[] | null)[]> {
  const names = new Array<readonly string[] | null>(items.length).fill(null);
  const ended = new AbortController();
  const failures: Failure[] = [];
  const signal = AbortSignal.any([interrupted, ended.signal]);
  const mode = modeFor(client.capabilities);
  const missing = items.filter((item) => !isKept(requestOf(nameQuestion(item, signal), mode)));
  log(`names: ${items.length} items, a question each, ${missing.length} not answered yet`);
  await agreedTo({
    what: 'names',
    missing,
    atOnce: settings.concurrency,
    agree,
    ask: async (item) => {
      const reply = await client.ask(nameQuestion(item, signal));
      if (reply.status === 'failed' && !unnamed.includes(reply.failure.kind)) throw stopped(reply.failure);
      return reply.exchanges;
    },
  });
  let [next, done, told] = [0, 0, wallMilliseconds()];
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const at = next++;
      const reply = await client.ask(nameQuestion(items[at]!, signal));
      if (reply.status === 'answered') names[at] = wordsOfName(reply.answer);
      else if (!unnamed.includes(reply.failure.kind)) {
        failures.push(reply.failure);
        // What is under way at a cap is paid for: it ends, and is kept.
        if (reply.failure.kind !== 'budget-spent') ended.abort();
        return;
      }
      done++;
      if (wallMilliseconds() - told < betweenLines) continue;
      told = wallMilliseconds();
      log(`names: ${done} of ${items.length} items`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(settings.concurrency, items.length) }, worker));
  // Others that were under way are given up after the first, which says why.
  if (failures[0] !== undefined) throw stopped(failures[0]);
  const kept = names.filter((name) => name === null).length;
  log(`names: ${kept} of ${items.length} items kept extracted names`);
  return names;
}

/** The endpoint of a scenario's `llm`, for its arms; none where it states no model. Without access kept answers are taken. */
export function endpointOfScenario(
  { llm, catalogue }: Pick<Scenario, 'llm' | 'catalogue'>,
  parts: Omit<ItemEndpointParts, 'catalogue' | 'settings' | 'caps'>,
): ItemEndpoint {
  if (llm === null) return {};
  const { deciding: _deciding, profile: _profile, budget: caps, cassette: _own, ...settings } = llm;
  return itemEndpoint({ catalogue, settings, caps, ...parts });
}

/** A failure that ends the asking. */
function stopped(failure: Failure): ModelError {
  const hint = 'Raise the cap and give the same command again; what was answered is not paid for twice.';
  return new ModelError(failure.kind === 'budget-spent' ? { ...failure, hint } : failure);
}

/** '14 calls, 350,000 tokens, $0.01' */
function costText(before: Spent, after: Spent): string {
  const calls = after.calls - before.calls;
  const tokens = after.tokensIn + after.tokensOut - before.tokensIn - before.tokensOut;
  const count = (value: number): string => value.toLocaleString('en-US');
  const unpriced = after.unpriced - before.unpriced;
  const usd = moneyOf({ ...after, usd: after.usd - before.usd, unpriced });
  return `${count(calls)} calls, ${count(tokens)} tokens, ${usd === null ? 'price unknown' : `$${usd.toFixed(2)}`}`;
}
