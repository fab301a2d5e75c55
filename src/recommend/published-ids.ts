// Identifiers that others made for the items of a catalogue, put where the models look for them: words into the attribute
// `terms`, codes into `codes`. All items or none: a catalogue that is named by half cannot be learned.

import { UsageError } from '../base/error.ts';
import type { Item } from '../catalogue/item.ts';
import { givenCodes } from './given-codes.ts';
import { givenTerms, withTerms } from './term-ids.ts';

export interface PublishedIds {
  readonly attribute: 'codes' | 'terms';
  readonly items: readonly Item[];
}

/**
 * The items with the identifiers that `ids` has for them; `source` is what messages call it. Throws a UsageError where
 * an item has none or one that cannot be learned.
 */
export function withPublishedIds(
  items: readonly Item[],
  ids: ReadonlyMap<string, readonly string[]>,
  source: string,
): PublishedIds {
  const missing = items.filter(({ id }) => !ids.has(id));
  if (missing.length > 0) {
    throw new UsageError(
      `Expected ${source} to name each of the ${items.length} items of the catalogue, but it names ${items.length - missing.length} of them; ${JSON.stringify(missing[0]!.id)} is not among its ${ids.size}.`,
      'Its numbers must be the ids of the items: import the data set that it was published with.',
    );
  }
  const areCodes = items.every(({ id }) => ids.get(id)!.every((word) => word.startsWith('<')));
  if (!areCodes) {
    const named = withTerms(items, ids);
    givenTerms(named);
    return { attribute: 'terms', items: named };
  }
  const coded = items.map((item) => ({
    ...item,
    attributes: { ...item.attributes, codes: ids.get(item.id)!.join(',') },
  }));
  givenCodes(coded);
  return { attribute: 'codes', items: coded };
}
