// Term IDs that a language model writes with an item's neighbours in view (context-aware term generation, GRLM section 3.1).
// The model is a function that whoever trains passes in. Where it gives no name that fits, the item keeps its extracted
// one, and the account says how many did.

import { digest } from '../base/hash.ts';
import { RehearsalError, UsageError } from '../base/error.ts';
import { randomFrom } from '../base/random.ts';
import type { Item } from '../catalogue/item.ts';
import type { Account, Material } from './define-model.ts';
import { extractTerms } from './extract-terms.ts';
import { textNeighbours } from './item-neighbours.ts';
import type { NameItems } from './recommender.ts';
import { termAccount, termsPerItem, type TermIds } from './term-ids.ts';
import type { TrainingTable } from './training-table.ts';

export interface WrittenTerms {
  readonly terms: TermIds;
  /** Items that kept their extracted names. */
  readonly extracted: number;
}

/**
 * Has the items named, which are in the table's order. Neighbours do not depend on the seed, so that a training with
 * another seed asks the same. Rejects with a UsageError where there is nobody to write, and where nothing was named.
 */
export async function writtenTerms(
  items: readonly Item[],
  table: TrainingTable,
  nameItems: NameItems | undefined,
): Promise<Material<WrittenTerms>> {
  if (nameItems === undefined) throw withoutWriter();
  const near = textNeighbours(items, table, randomFrom('written-neighbours'));
  const written = await nameItems(
    items.map((item, at) => ({ item, neighbours: near[at]!.map((other) => items[other]!) })),
  );
  const wrong = written.find((words) => words !== null && !isName(words));
  if (written.length !== items.length || wrong !== undefined)
    throw new Error(`${items.length} names of five words were asked for, but not given: ${wrong?.join()}`);
  const extracted = written.filter((words) => words === null).length;
  if (extracted === items.length) {
    throw new RehearsalError(`The model named none of the ${items.length} items in five words.`, {
      hint: "Take a model that keeps to a schema (rehearsal doctor --model NAME), or terms: 'extracted', which asks nobody.",
    });
  }
  const own = extractTerms(items, near, { context: true });
  const content = { terms: written.map((words, item) => words ?? own[item]!), extracted };
  return { content, digest: digest(content) };
}

/** What is said where names are to be written and nobody can write. */
export function withoutWriter(): UsageError {
  return new UsageError(
    "terms: 'written' has a language model name the items, and no endpoint is named.",
    "Give --base-url and --model, in a scenario llm.model (docs/endpoints.md); or take terms: 'extracted', which asks nobody.",
  );
}

/** The account of written terms, with what was not written. */
export function writtenAccount({ terms, extracted }: WrittenTerms): Account {
  const { figures, lines } = termAccount(terms);
  return {
    figures: { ...figures, written: { items: terms.length, extracted } },
    lines: [
      ...lines,
      `term IDs: ${extracted} of ${terms.length} items kept extracted names, since the model wrote none that fits`,
    ],
  };
}

/** Whether these are five different words: in lower case, letters and digits, perhaps joined by a hyphen or an apostrophe. */
export function isName(words: readonly string[]): boolean {
  return words.length === termsPerItem && new Set(words).size === termsPerItem && words.every(isWrittenWord);
}

export function isWrittenWord(word: string): boolean {
  return /^[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*$/u.test(word) && word === word.toLowerCase();
}
