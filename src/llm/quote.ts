// What a run will cost, from a few of its sessions that were played first. Sessions differ in length, so the quote has
// an interval: Student's, for the mean of the pilot sessions, which is what three of them can bear.

import type { Spent } from './budget.ts';

/** What a run is expected to take, with 95 % bounds; null where the pilot cannot say. */
export interface Quoted {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface Quote {
  readonly sessions: number;
  readonly calls: Quoted | null;
  readonly tokens: Quoted | null;
  /** Null where the model has no price. */
  readonly usd: Quoted | null;
  /** Wall-clock, at so many workers as the quote was asked for. */
  readonly minutes: Quoted | null;
}

/** t quantile at 97.5 % by degrees of freedom, from 1; beyond them the normal's is near enough. */
const studentT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * The cost of `sessions` sessions with `workers` at a time, from what each session of a pilot has spent. What the pilot
 * has spent is part of it: its answers are kept. With fewer than two pilot sessions there is no interval and no quote.
 */
export function quoteFrom(pilot: readonly Spent[], sessions: number, workers: number): Quote {
  const total = (amounts: readonly number[], share = 1): Quoted | null => projected(amounts, sessions, share);
  const isPriced = pilot.every(({ unpriced }) => unpriced === 0);
  const isMeasured = pilot.every(({ unmeasured }) => unmeasured === 0);
  return {
    sessions,
    calls: total(pilot.map(({ calls }) => calls)),
    tokens: isMeasured ? total(pilot.map(({ tokensIn, tokensOut }) => tokensIn + tokensOut)) : null,
    usd: isPriced ? total(pilot.map(({ usd }) => usd)) : null,
    minutes: total(
      pilot.map(({ minutes }) => minutes),
      1 / Math.min(workers, sessions),
    ),
  };
}

/** Two parts of a run that are quoted apart; their errors are taken to be independent. */
export function sumOfQuotes(one: Quote, other: Quote): Quote {
  return {
    sessions: one.sessions,
    calls: sumOf(one.calls, other.calls),
    tokens: sumOf(one.tokens, other.tokens),
    usd: sumOf(one.usd, other.usd),
    // The time of the second part passes within the first.
    minutes: one.minutes,
  };
}

/** The quote with what is spent already besides: as far as it is known, as everywhere. */
export function quoteWith(quote: Quote, { calls, tokensIn, tokensOut, usd }: Spent): Quote {
  const more = (value: Quoted | null, by: number): Quoted | null =>
    value && { expected: value.expected + by, low: value.low + by, high: value.high + by };
  return {
    ...quote,
    calls: more(quote.calls, calls),
    tokens: more(quote.tokens, tokensIn + tokensOut),
    usd: more(quote.usd, usd),
  };
}

function sumOf(one: Quoted | null, other: Quoted | null): Quoted | null {
  if (one === null || other === null) return null;
  const expected = one.expected + other.expected;
  return {
    expected,
    low: Math.max(0, expected - Math.hypot(one.expected - one.low, other.expected - other.low)),
    high: expected + Math.hypot(one.high - one.expected, other.high - other.expected),
  };
}

/** What was spent between two readings of a ledger. */
export function spentBetween(before: Spent, after: Spent): Spent {
  return {
    calls: after.calls - before.calls,
    tokensIn: after.tokensIn - before.tokensIn,
    tokensOut: after.tokensOut - before.tokensOut,
    usd: after.usd - before.usd,
    unmeasured: after.unmeasured - before.unmeasured,
    unpriced: after.unpriced - before.unpriced,
    minutes: after.minutes - before.minutes,
  };
}

function projected(amounts: readonly number[], sessions: number, share: number): Quoted | null {
  const n = amounts.length;
  if (n < 2 || sessions < 1) return null;
  const mean = amounts.reduce((sum, amount) => sum + amount, 0) / n;
  const variance = amounts.reduce((sum, amount) => sum + (amount - mean) ** 2, 0) / (n - 1);
  // The pilot is known; the sum of the m others varies by m σ² around a mean that itself is known to σ² / n.
  const others = Math.max(0, sessions - n);
  const spread = (studentT[n - 2] ?? 1.96) * Math.sqrt(variance * others * (1 + others / n));
  const expected = mean * sessions;
  // No run takes less than what its pilot took already.
  const known = mean * Math.min(n, sessions);
  return {
    expected: expected * share,
    low: Math.max(known, expected - spread) * share,
    high: (expected + spread) * share,
  };
}
