// The hard stop: when tokens, money, calls or minutes are used up, nothing more is sent. What is under way ends, so
// that a cap is passed by at most one request for each worker. The ledger counts every HTTP request, the failed
// ones too; what cannot be measured is counted apart and never as 0.

import { UsageError } from '../base/error.ts';
import { unsent, type Endpoint } from './endpoint.ts';
import type { Exchange, Usage } from './client.ts';
import type { Failure } from './failure.ts';
import { priceOf } from './prices.ts';
import type { EndpointSettings } from './settings.ts';
import { wallTimer, type Timer } from './timer.ts';

/** Most of each; null for no cap. */
export interface Caps {
  readonly usd: number | null;
  /** Input and output together. */
  readonly tokens: number | null;
  /** HTTP requests. */
  readonly calls: number | null;
  /** Of the wall's clock. */
  readonly minutes: number | null;
}

export const noCaps: Caps = { usd: null, tokens: null, calls: null, minutes: null };

export interface Spent {
  /** HTTP requests sent, as the server would count them. */
  readonly calls: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Dollars of the requests whose price is known. */
  readonly usd: number;
  /** Requests that may have cost something, but of which nobody stated the tokens, or the price. */
  readonly unmeasured: number;
  readonly unpriced: number;
  readonly minutes: number;
}

export const nothingSpent: Spent = {
  calls: 0,
  tokensIn: 0,
  tokensOut: 0,
  usd: 0,
  unmeasured: 0,
  unpriced: 0,
  minutes: 0,
};

/** Dollars spent as far as they are known; null where no price is known of requests that may have cost something. */
export function moneyOf({ usd, unpriced }: Spent): number | null {
  return unpriced > 0 && usd === 0 ? null : usd;
}

export interface Budgeted extends Endpoint {
  spent(): Spent;
}

/**
 * The endpoint under caps. `before` is what earlier parts of the same run have spent. `keep` is told whenever a request is
 * about to be sent and when its reply is there: what would be spent if this process ended now, when a request under way
 * may have been answered and paid, and nobody knows what it took.
 */
export function budgeted(
  endpoint: Endpoint,
  caps: Caps,
  before: Spent = nothingSpent,
  { keep, timer = wallTimer }: { readonly keep?: (spent: Spent) => void; readonly timer?: Timer } = {},
): Budgeted {
  const begun = timer.now();
  let counted = before;
  /** A model answered, rightly or wrongly, and its tokens were not told: then a cap on them cannot be kept. */
  let silent = false;
  let underWay = 0;
  const spent = (): Spent => ({ ...counted, minutes: before.minutes + (timer.now() - begun) / 60_000 });
  const note = (change: 1 | -1): void => {
    underWay += change;
    const known = spent();
    keep?.({ ...known, calls: known.calls + underWay, unmeasured: known.unmeasured + underWay });
  };
  return {
    identity: endpoint.identity,
    spent,
    async send(request) {
      const stop = stopOf(spent(), caps, silent);
      if (stop !== null) return unsent(endpoint, request, stop);
      note(1);
      const reply = await endpoint.send(request);
      counted = plus(counted, reply.exchange);
      note(-1);
      const isAnswered = reply.exchange.failure === null || reply.said !== null;
      silent ||= isAnswered && !isMeasured(reply.exchange.usage);
      return reply;
    },
  };
}

/** Throws a UsageError where a cap on money is asked for and the model has no price. */
export function requirePrice(caps: Caps, settings: Pick<EndpointSettings, 'model' | 'price'>): void {
  if (caps.usd === null || priceOf(settings.model, settings.price) !== null) return;
  throw new UsageError(
    `A cap in dollars needs a price, and ${settings.model} has none.`,
    'State llm.price (dollars for a million tokens), or cap --max-tokens instead.',
  );
}

/** What the ledger says after one more exchange. */
export function plus(spent: Spent, exchange: Exchange): Spent {
  const { usage, usd, attempts, failure } = exchange;
  const turnedAway = failure !== null && ('status' in failure || failure.kind === 'unreachable');
  return {
    ...spent,
    calls: spent.calls + attempts,
    tokensIn: spent.tokensIn + (usage.input ?? 0),
    tokensOut: spent.tokensOut + (usage.output ?? 0),
    usd: spent.usd + (usd ?? 0),
    unmeasured: spent.unmeasured + (!isMeasured(usage) && !turnedAway ? 1 : 0),
    unpriced: spent.unpriced + (usd === null ? 1 : 0),
  };
}

/** Half a count is none: whoever tells the input alone would have its output for nothing. */
function isMeasured({ input, output }: Usage): boolean {
  return input !== null && output !== null;
}

/** Two ledgers as one. */
export function sumOfSpent(one: Spent, other: Spent): Spent {
  return {
    calls: one.calls + other.calls,
    tokensIn: one.tokensIn + other.tokensIn,
    tokensOut: one.tokensOut + other.tokensOut,
    usd: one.usd + other.usd,
    unmeasured: one.unmeasured + other.unmeasured,
    unpriced: one.unpriced + other.unpriced,
    minutes: one.minutes + other.minutes,
  };
}

function stopOf(spent: Spent, caps: Caps, silent: boolean): Failure | null {
  const tokens = spent.tokensIn + spent.tokensOut;
  if (caps.calls !== null && spent.calls >= caps.calls)
    return stop('calls', `${spent.calls} calls`, `${caps.calls}`);
  if (caps.minutes !== null && spent.minutes >= caps.minutes)
    return stop('minutes', `${spent.minutes.toFixed(1)} minutes`, `${caps.minutes}`);
  if (caps.tokens !== null && tokens >= caps.tokens)
    return stop('tokens', `${tokens} tokens`, `${caps.tokens}`);
  if (caps.usd !== null && spent.usd >= caps.usd)
    return stop('usd', `$${spent.usd.toFixed(4)}`, `$${caps.usd}`);
  if ((caps.tokens !== null || caps.usd !== null) && silent) {
    const limit = caps.tokens !== null ? 'tokens' : 'usd';
    return {
      kind: 'budget-spent',
      limit,
      message: `The endpoint states no token usage, so that the cap on ${limit} cannot be kept; nothing more is sent.`,
      hint: 'Cap calls or minutes instead.',
    };
  }
  return null;
}

function stop(limit: 'usd' | 'tokens' | 'calls' | 'minutes', used: string, cap: string): Failure {
  return {
    kind: 'budget-spent',
    limit,
    message: `The budget is spent: ${used} of ${cap}. Nothing more is sent.`,
    hint: 'Raise the cap and go on with `rehearsal resume`; what is recorded is not paid for again.',
  };
}
