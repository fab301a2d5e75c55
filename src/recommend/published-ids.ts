// Identifiers that others made for the items of a catalogue, put where the models look for them: words into the attribute
// `terms`, codes into `codes`. All items or none: a catalogue that is named by half cannot be learned.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { RehearsalError, UsageError } from '../base/error.ts';
import type { Item } from '../catalogue/item.ts';
import { givenCodes } from './given-codes.ts';
import { givenTerms, withTerms } from './term-ids.ts';

const published = z.record(z.string(), z.array(z.string().min(1)).min(1));

/**
 * A published file, JSON of item → words or codes (GRLM, LETTER, MiniOneRec), plain or gzipped. Throws a RehearsalError
 * where it is not there or holds something else.
 */
export function readPublishedIds(path: string): ReadonlyMap<string, readonly string[]> {
  const parsed = published.safeParse(jsonIn(path));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const [first] = parsed.error.issues;
  throw new RehearsalError(
    `${path} was expected to hold lists of words by item, but at ${first!.path.join('.') || 'its top'}: ${first!.message}`,
    { hint: publishedForm },
  );
}

const publishedForm =
  'Published index files of GRLM, LETTER and MiniOneRec have the form {"0": ["<a_60>", "<b_159>"], …}.';

function jsonIn(path: string): unknown {
  try {
    const bytes = readFileSync(path);
    return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RehearsalError(`${path} cannot be read as JSON: ${why}`, { hint: publishedForm, cause });
  }
}

export interface PublishedIds {
  readonly attribute: 'codes' | 'terms';
  readonly items: readonly Item[];
  /** How many items it names that the catalogue does not have: none where it was published with these data. */
  readonly strangers: number;
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
  const strangers = ids.size - items.length;
  const areCodes = items.every(({ id }) => ids.get(id)!.every((word) => word.startsWith('<')));
  if (!areCodes) {
    const named = withTerms(items, ids);
    givenTerms(named);
    return { attribute: 'terms', items: named, strangers };
  }
  const coded = items.map((item) => ({
    ...item,
    attributes: { ...item.attributes, codes: ids.get(item.id)!.join(',') },
  }));
  givenCodes(coded);
  return { attribute: 'codes', items: coded, strangers };
}
