// The quote of a run as a line, and the consent to it. Under a limit nobody is asked; above it a person at a terminal is,
// and where there is none (a pipe, a script) the run goes on only if its cost was allowed beforehand: --yes, or a cap
// typed with the command. A cap in the scenario's file bounds what is asked about, but is nobody's consent.

import { UsageError } from '../base/error.ts';
import type { ItemQuote } from '../experiment/item-quote.ts';
import type { RunQuote } from '../experiment/quote.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { pricesAsOf } from '../llm/prices.ts';
import type { Quote, Quoted } from '../llm/quote.ts';
import { duration } from './progress.ts';
import type { Io, VerbInput } from './verb.ts';

/** Up to so much nobody is asked: dollars; tokens where the model has no price; calls where it counts no tokens. */
export const unasked = { usd: 1, tokens: 1_000_000, calls: 1000 } as const;

export interface Allowed {
  readonly scenario: Pick<Scenario, 'llm'>;
  /** --yes, or a cap that was typed. */
  readonly beforehand: boolean;
  /** The run's folder, where its first sessions already stand. */
  readonly path: string;
}

/** Whether a model's cost was allowed with the command: --yes, or a cap that bounds it. */
export function allowedBeforehand(input: VerbInput): boolean {
  return (
    input.flag('yes') || input.number('max-usd') !== undefined || input.integer('max-tokens') !== undefined
  );
}

/** Says what the run will take and whether it may; throws a UsageError where nobody is there to ask. */
export async function consented(quote: RunQuote, allowed: Allowed, io: Io): Promise<boolean> {
  io.log(quoteLine(quote, allowed.scenario));
  return await agreed(quote, io, {
    ...allowed,
    what: 'The run',
    cut: 'the run will be truncated there',
    hint: `The first sessions are kept. Go on with: rehearsal resume ${allowed.path} --yes, or cap it with --max-usd or --max-tokens.`,
  });
}

/** The same of questions about items, which arms are made from. `again` is the command that goes on. */
export async function consentedToItems(
  quote: ItemQuote,
  { again, ...allowed }: Omit<Allowed, 'path'> & { readonly again: string },
  io: Io,
): Promise<boolean> {
  const asked = quote.what === 'names' ? 'questions for names of items' : 'requests for vectors of items';
  io.log(
    `quote: ${amountsText(quote, allowed.scenario)}, from ${quote.played} of ${quote.sessions} ${asked}`,
  );
  return await agreed(quote, io, {
    ...allowed,
    what: `Asking for the ${quote.what} of items`,
    cut: 'the asking will end there, before any session',
    hint: `What was answered is kept. Go on with ${again} and --yes, or cap it with --max-usd or --max-tokens.`,
  });
}

async function agreed(
  quote: Quote,
  io: Io,
  rule: Omit<Allowed, 'path'> & Readonly<Record<'what' | 'cut' | 'hint', string>>,
): Promise<boolean> {
  const { share, cap } = keptBy(quote, rule.scenario);
  if (share < 1) io.log(`That is more than the cap of ${cap}: ${rule.cut}.`);
  const amount = aboveLimit(quote, share);
  if (amount === null || rule.beforehand) return true;
  const most = `${rule.what} will take about ${amount}`;
  const answer = await io.ask(`${most}. Go on? [y/N] `);
  if (answer !== null) return /^y(es)?$/i.test(answer.trim());
  throw new UsageError(`${most}, and there is no terminal to ask at`, rule.hint);
}

/** 'quote: 310 calls (250 to 370), 620,000 tokens (…), $1.20 (…), 14 min (…), from 3 of 24 sessions'. */
export function quoteLine(quote: RunQuote, scenario: Pick<Scenario, 'llm'>): string {
  const recorded = quote.recorded
    ? ', whose answers were recorded before; what else is recorded costs nothing'
    : '';
  return `quote: ${amountsText(quote, scenario)}, from ${quote.played} of ${quote.sessions} sessions${recorded}`;
}

function amountsText(quote: Quote, { llm }: Pick<Scenario, 'llm'>): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  // Without a stated price, dollars come from the table of list prices, which grows old.
  const listed = quote.usd === null || llm?.price !== undefined ? '' : ` at list prices of ${pricesAsOf}`;
  return [
    told(quote.calls, count, 'calls unknown', ' calls'),
    told(quote.tokens, (value) => count(Number(value.toPrecision(3))), 'tokens unknown', ' tokens'),
    told(quote.usd, (value) => `$${value.toFixed(2)}`, 'price unknown') + listed,
    told(quote.minutes, (value) => duration(value * 60_000), 'time unknown'),
  ].join(', ');
}

function told(value: Quoted | null, show: (value: number) => string, unknown: string, unit = ''): string {
  if (value === null) return unknown;
  return `${show(value.expected)}${unit} (${show(value.low)} to ${show(value.high)})`;
}

/** The share of the quote that the scenario's caps let through, and the cap that cuts it first. */
function keptBy(quote: Quote, { llm }: Pick<Scenario, 'llm'>): { share: number; cap: string } {
  const { usd, tokens, calls, minutes } = llm?.budget ?? {
    usd: null,
    tokens: null,
    calls: null,
    minutes: null,
  };
  const cuts = [
    { cap: `$${usd}`, share: shareOf(usd, quote.usd) },
    { cap: `${tokens} tokens`, share: shareOf(tokens, quote.tokens) },
    { cap: `${calls} calls`, share: shareOf(calls, quote.calls) },
    { cap: `${minutes} minutes`, share: shareOf(minutes, quote.minutes) },
  ];
  return cuts.reduce((least, cut) => (cut.share < least.share ? cut : least), { cap: '', share: 1 });
}

function shareOf(cap: number | null, quoted: Quoted | null): number {
  if (cap === null || quoted === null || quoted.expected <= cap) return 1;
  return cap / quoted.expected;
}

/** '$1.20, above $1': what would be taken, where that is above the limit; null where it is not. */
function aboveLimit({ usd, tokens, calls }: Quote, share: number): string | null {
  const over = (value: Quoted, limit: number): boolean => value.expected * share > limit;
  if (usd !== null)
    return over(usd, unasked.usd) ? `$${(usd.expected * share).toFixed(2)}, above $${unasked.usd}` : null;
  const amount = (value: Quoted): string => Math.round(value.expected * share).toLocaleString('en-US');
  if (tokens !== null)
    return over(tokens, unasked.tokens)
      ? `${amount(tokens)} tokens of unknown price, above ${unasked.tokens.toLocaleString('en-US')}`
      : null;
  return calls !== null && over(calls, unasked.calls)
    ? `${amount(calls)} calls of unknown size, above ${unasked.calls.toLocaleString('en-US')}`
    : null;
}
