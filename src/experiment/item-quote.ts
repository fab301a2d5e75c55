// What questions about items will take, said before most of them are asked: a few are asked first, and kept. The quote of
// the visitors' part of a run is quote.ts.

import { RehearsalError } from '../base/error.ts';
import { nothingSpent, plus, type Spent } from '../llm/budget.ts';
import type { Exchange } from '../llm/client.ts';
import { quoteFrom, type Quote } from '../llm/quote.ts';

/** Up to so many questions nobody is told of beforehand. */
const handful = 5;

/** Questions that are asked before a quote. */
const first = 3;

/** Its `sessions` are questions that no answer is kept of. */
export interface ItemQuote extends Quote {
  readonly what: 'names' | 'vectors';
  /** Questions that it rests on. */
  readonly played: number;
}

export interface ItemQuestions<Asked> {
  readonly what: ItemQuote['what'];
  /** Those that no answer is kept of. */
  readonly missing: readonly Asked[];
  /** Questions under way at once. */
  readonly atOnce: number;
  /** Asks one; rejects where no more can be asked. */
  ask(question: Asked): Promise<readonly Exchange[]>;
  /** Shown the quote; false to ask no more. Without it nothing is quoted. */
  readonly agree: ((quote: ItemQuote) => Promise<boolean>) | undefined;
}

/** Asks the first and has the rest agreed to, where they are more than a handful. Rejects where they are not agreed to. */
export async function agreedTo<Asked>(questions: ItemQuestions<Asked>): Promise<void> {
  const { what, missing, atOnce, ask, agree } = questions;
  if (agree === undefined || missing.length <= handful) return;
  const each: Spent[] = [];
  for (const question of missing.slice(0, first)) each.push(spentOn(await ask(question)));
  if (await agree({ ...quoteFrom(each, missing.length, atOnce), what, played: each.length })) return;
  throw new RehearsalError(
    `No more ${what} of items are asked for, and without them an arm cannot be made.`,
    {
      hint: 'What was answered is kept. Give the same command again to go on, or take settings that ask nobody.',
      exitCode: 3,
    },
  );
}

function spentOn(exchanges: readonly Exchange[]): Spent {
  const spent = exchanges.reduce(plus, nothingSpent);
  return { ...spent, minutes: exchanges.reduce((sum, { ms }) => sum + ms, 0) / 60_000 };
}
