// What a model was said to cost beside what it did: one line for the report and the dashboard.

import { dollars } from '../base/money.ts';
import type { Result } from '../experiment/result.ts';

/** '300 calls, 610,000 tokens, $4.00, from 3 of 24 sessions; took 310 calls, …'; null where nothing was quoted. */
export function quotedText({ quote, cost }: Result): string | null {
  if (quote === null) return null;
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const said = [
    quote.calls === null ? 'calls unknown' : `${count(quote.calls.expected)} calls`,
    quote.tokens === null ? 'tokens unknown' : `${count(quote.tokens.expected)} tokens`,
    dollars(quote.usd?.expected ?? null),
  ].join(', ');
  return `${said}, from ${quote.played} of ${quote.sessions} sessions; took ${count(cost.calls)} calls, ${count(cost.tokensIn + cost.tokensOut)} tokens, ${dollars(cost.usd)}`;
}
