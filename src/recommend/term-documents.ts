// What GRLM's decoder reads and writes, as tokens: one vocabulary of words for terms and metadata, a document for each
// stretch of a history (terms of its items in order) and one for each item (its metadata, then its terms). Both are
// the same kind of text, so both tasks train the same weights.

import { countBy } from './item-words.ts';
import { multipleOfFour } from './kit/parameters.ts';
import type { Piece } from './kit/packing.ts';
import { termsPerItem, type TermIds } from './term-ids.ts';

/** Tokens before the words: the beginning of a history, the end of an item, the instruction to name one, its answer. */
export const special = { history: 0, separator: 1, name: 2, answer: 3 } as const;
const specials = 4;

export interface Vocabulary {
  /** Rows of the table of words, a multiple of four; those from `used` on are padding. */
  readonly rows: number;
  readonly used: number;
  /** [items × 5] */
  readonly terms: Int32Array;
  /** Tokens of each item's metadata. */
  readonly metadata: readonly Int32Array[];
  /** The word of a token; null for a special one. */
  wordOf(token: number): string | null;
}

/** All words of terms, and words of metadata that at least two items have. */
export function vocabularyOf(terms: TermIds, metadata: readonly (readonly string[])[]): Vocabulary {
  const uses = countBy(metadata.flatMap((words) => [...new Set(words)]));
  const known = new Set(terms.flat());
  for (const [word, count] of uses) if (count > 1) known.add(word);
  const words = [...known].sort();
  const index = new Map(words.map((word, place) => [word, place + specials]));
  const used = words.length + specials;
  return {
    rows: multipleOfFour(used),
    used,
    terms: Int32Array.from(terms.flat(), (word) => index.get(word)!),
    metadata: metadata.map((all) =>
      Int32Array.from(all.map((word) => index.get(word)).filter((token) => token !== undefined)),
    ),
    wordOf: (token) => words[token - specials] ?? null,
  };
}

/** Tokens of an item in a history: its five terms and a separator. */
export const tokensPerItem = termsPerItem + 1;

export function itemTokens({ terms }: Vocabulary, item: number): number[] {
  return [...terms.subarray(item * termsPerItem, (item + 1) * termsPerItem), special.separator];
}

/**
 * A history in stretches of at most `items` predicted items. A later stretch is prompted by the last item before it,
 * which is not learned a second time.
 */
export function historyPieces(vocabulary: Vocabulary, sequence: Int32Array, items: number): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  while (from < sequence.length) {
    const prompted = from > 0;
    const to = from + items - (prompted ? 1 : 0);
    const told = sequence.subarray(prompted ? from - 1 : 0, to);
    pieces.push(
      pieceOf(
        [special.history, ...[...told].flatMap((item) => itemTokens(vocabulary, item))],
        prompted ? tokensPerItem : 0,
      ),
    );
    from = Math.min(to, sequence.length);
  }
  return pieces;
}

/**
 * An item's metadata as a prompt, and its terms as the answer: generative term internalisation. Separators fill the
 * prompt, so that the terms stand where those of an item in a history do: a position tells which word of a name it is.
 */
export function namingPiece(vocabulary: Vocabulary, item: number, length: number): Piece {
  const last = Math.floor(length / tokensPerItem - 1) * tokensPerItem;
  const told = vocabulary.metadata[item]!.subarray(0, last - 1);
  const answer = Math.ceil((1 + told.length) / tokensPerItem) * tokensPerItem;
  const filling = Array<number>(answer - 1 - told.length).fill(special.separator);
  const tokens = [special.name, ...told, ...filling, special.answer, ...itemTokens(vocabulary, item)];
  return pieceOf(tokens, answer);
}

function pieceOf(tokens: readonly number[], prompt: number): Piece {
  return { inputs: Int32Array.from(tokens.slice(0, -1)), targets: Int32Array.from(tokens.slice(1)), prompt };
}
