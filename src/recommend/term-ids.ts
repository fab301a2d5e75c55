// Term IDs (GRLM, arXiv 2601.06798): an item is named by exactly five plain words of a vocabulary shared with all
// items, from what it is to what sets it apart. Here is what they are and how they are read; extract-terms.ts makes
// them from metadata, and a model asked by the caller may, too.

import { UsageError } from '../base/error.ts';
import type { Item } from '../catalogue/item.ts';
import type { Account } from './define-model.ts';

export const termsPerItem = 5;

/** Five words for each item, in the order of the items they were made for. */
export type TermIds = readonly (readonly string[])[];

export interface TermReport {
  readonly items: number;
  readonly distinct: number;
  /** (items − distinct) / items; null over no items. */
  readonly collisionRate: number | null;
  readonly shareInCollision: number | null;
  readonly largestBucket: number;
  /** Different words, and how many of them stand in one item only. */
  readonly words: number;
  readonly usedOnce: number;
  /** Distinct beginnings of one to five words. */
  readonly prefixes: readonly number[];
}

export function termReport(terms: TermIds): TermReport {
  const buckets = new Map<string, number>();
  const uses = new Map<string, number>();
  for (const words of terms) {
    buckets.set(words.join(' '), (buckets.get(words.join(' ')) ?? 0) + 1);
    for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1);
  }
  const sizes = [...buckets.values()];
  const share = (count: number): number | null => (terms.length === 0 ? null : count / terms.length);
  return {
    items: terms.length,
    distinct: buckets.size,
    collisionRate: share(terms.length - buckets.size),
    shareInCollision: share(sizes.reduce((sum, size) => sum + (size > 1 ? size : 0), 0)),
    largestBucket: sizes.reduce((most, size) => Math.max(most, size), 0),
    words: uses.size,
    usedOnce: [...uses.values()].filter((count) => count === 1).length,
    prefixes: Array.from(
      { length: termsPerItem },
      (_, level) => new Set(terms.map((words) => words.slice(0, level + 1).join(' '))).size,
    ),
  };
}

/** The report as the account of a model. */
export function termAccount(terms: TermIds): Account {
  const report = termReport(terms);
  const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
  return {
    figures: { terms: report },
    lines: [
      `term IDs: ${report.words} words, ${report.usedOnce} of them in one item only; beginnings of 1 to ${termsPerItem} words ${report.prefixes.join(' / ')}`,
      `term IDs: collisions ${share(report.collisionRate)}, items that share their name ${share(report.shareInCollision)}, largest bucket ${report.largestBucket}`,
    ],
  };
}

/** The items with terms to be taken as given: the attribute `terms`, five words with commas between. */
export function withTerms(items: readonly Item[], terms: ReadonlyMap<string, readonly string[]>): Item[] {
  return items.map((item) => {
    const words = terms.get(item.id);
    return words === undefined
      ? item
      : { ...item, attributes: { ...item.attributes, terms: words.slice(0, termsPerItem).join(', ') } };
  });
}

/**
 * The terms that items bring along; published ones repeat a word now and then. Throws a UsageError that names an item
 * without five words.
 */
export function givenTerms(items: readonly Item[]): TermIds {
  return items.map(({ id, attributes }) => {
    const words = (attributes['terms'] ?? '').split(',').map((word) => word.trim().toLowerCase());
    if (words.length === termsPerItem && words.every(isWord)) return words;
    throw new UsageError(
      `Expected every item to bring ${termsPerItem} words in its attribute 'terms', but ${JSON.stringify(id)} has ${JSON.stringify(attributes['terms'] ?? null)}.`,
      "Give it terms, or take terms: 'extracted'.",
    );
  });
}

/** Something to generate: not empty and without a space, which separates words. */
function isWord(word: string): boolean {
  return word !== '' && !/\s/u.test(word);
}
