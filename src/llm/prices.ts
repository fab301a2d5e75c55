// What models cost, as data: list prices in dollars for a million tokens. Providers change them, and the table cannot be
// checked offline: a scenario's llm.price wins. A model that is not in it has no price, and its cost is null, not 0.

import type { Usage } from './client.ts';
import type { Price } from './settings.ts';

/** The month whose list prices these are. */
export const pricesAsOf = '2025-08';

/** A dated snapshot ('gpt-4o-2024-08-06') costs what its model costs. */
export const prices: Readonly<Record<string, Price>> = {
  'gpt-4o': { input: 2.5, cached: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
  'gpt-4.1': { input: 2, cached: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cached: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cached: 0.025, output: 0.4 },
  'gpt-5': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cached: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cached: 0.005, output: 0.4 },
  'text-embedding-3-small': { input: 0.02, cached: 0.02, output: 0 },
  'text-embedding-3-large': { input: 0.13, cached: 0.13, output: 0 },
};

/** The price of a model: the one stated, else the table's, else null. */
export function priceOf(model: string, stated?: Price): Price | null {
  return stated ?? prices[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')] ?? null;
}

/** Dollars for what was used; null where the model has no price or the endpoint stated no usage. */
export function usdOf(model: string, usage: Usage, stated?: Price): number | null {
  const price = priceOf(model, stated);
  if (price === null || usage.input === null || usage.output === null) return null;
  const cached = Math.min(usage.cached ?? 0, usage.input);
  const fresh = usage.input - cached;
  return (fresh * price.input + cached * price.cached + usage.output * price.output) / 1_000_000;
}
