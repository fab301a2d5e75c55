// What a model endpoint does for recommenders: vectors and names of items. Answers are kept in a file of their own for each
// catalogue and model, so that a training is repeated, evaluated and served without asking again. The endpoint is opened
// when somebody asks, and not before: most trainings ask nothing.

import { join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { digest } from '../base/hash.ts';
import { nothingSpent, moneyOf, type Caps, type Spent } from '../llm/budget.ts';
import type { Client } from '../llm/client.ts';
import { ModelError, type Failure } from '../llm/failure.ts';
import { openModel, type LlmSettings } from '../llm/open.ts';
import type { Access } from '../llm/settings.ts';
import type { ItemEndpoint, ToBeNamed } from '../recommend/recommender.ts';
import { nameQuestion, unnamed, wordsOfName } from './item-names.ts';
import type { Scenario } from './scenario.ts';

/** Where answers about items are kept, relative to the project. */
export const answersRoot = 'data/answers';

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
  /** Folder of the answers. */
  readonly answers?: string;
}

/** Nobody is asked where answers are replayed; an address is wanted all the same. */
const nowhere: Access = { baseUrl: 'http://127.0.0.1:9/v1', key: null };

/** The endpoint for trainings. What its parts cost together stays under the caps. */
export function itemEndpoint(parts: ItemEndpointParts): ItemEndpoint {
  const { settings, interrupted, log } = parts;
  const { model, embeddingModel, ...asked } = settings;
  let spent: Spent = nothingSpent;

  /** Opens a model for one piece of work; its kept answers are called `kind`. */
  const asking = async <Answer>(
    kind: 'vectors' | 'names',
    chosen: Omit<LlmSettings, 'cassette'>,
    work: (client: Client) => Promise<Answer>,
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
      embedsOnly: kind === 'vectors',
      locksLate: true,
    });
    try {
      return await work(opened.client);
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
            asking('vectors', { ...asked, model: embeddingModel, embeddingModel }, async (client) => {
              const reply = await client.embed({ purpose: 'item-vectors', texts, signal: interrupted });
              if (reply.status === 'failed') throw stopped(reply.failure);
              return reply.vectors;
            }),
        }),
    ...(model === undefined
      ? {}
      : {
          nameItems: (items) => asking('names', { ...asked, model }, (client) => named(client, items, parts)),
        }),
  };
}

const betweenLines = 5_000;

/** Names for all items, a question each, as many at once as the endpoint takes. The first failure of the endpoint ends it. */
async function named(
  client: Client,
  items: readonly ToBeNamed[],
  { settings, interrupted, log }: ItemEndpointParts,
): Promise<readonly (readonly string[] | null)[]> {
  const names = new Array<readonly string[] | null>(items.length).fill(null);
  const ended = new AbortController();
  const failures: Failure[] = [];
  const signal = AbortSignal.any([interrupted, ended.signal]);
  let [next, done, told] = [0, 0, wallMilliseconds()];
  const worker = async (): Promise<void> => {
    while (next < items.length && !ended.signal.aborted) {
      const at = next++;
      const reply = await client.ask(nameQuestion(items[at]!, signal));
      if (reply.status === 'answered') names[at] = wordsOfName(reply.answer);
      else if (!unnamed.includes(reply.failure.kind)) {
        failures.push(reply.failure);
        ended.abort();
        return;
      }
      done++;
      if (wallMilliseconds() - told < betweenLines) continue;
      told = wallMilliseconds();
      log(`names: ${done} of ${items.length} items`);
    }
  };
  log(`names: ${items.length} items, a question each`);
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
  parts: Pick<ItemEndpointParts, 'access' | 'interrupted' | 'log'>,
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
