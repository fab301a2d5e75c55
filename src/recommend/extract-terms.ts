// Context-aware term generation without a language model (after GRLM, section 3.1): five words of an item's own
// metadata, chosen with its neighbours in view. The first three agree with them, the last two set it apart. A
// deterministic extractor stands in for the paper's frozen model; with `context: false` it is plain TF-IDF, and equal names stay equal.

import type { Item } from '../catalogue/item.ts';
import { countBy, synonyms, wordsOf } from './item-words.ts';
import { termsPerItem, type TermIds } from './term-ids.ts';

const agreeing = 3;

/**
 * `neighbours` are places of the most similar other items of each item, nearest first. An item with fewer than five words
 * of its own takes its neighbours' and then blanks; without context only blanks.
 */
export function extractTerms(
  items: readonly Item[],
  neighbours: readonly (readonly number[])[],
  { context }: { readonly context: boolean },
): TermIds {
  const raw = items.map(wordsOf);
  const names = context ? synonyms(raw) : new Map<string, string>();
  const documents = raw.map((words) => [...new Set(words.map((word) => names.get(word) ?? word))]);
  const uses = countBy(documents.flat());
  const taken = new Set<string>();
  return documents.map((words, item) => {
    const near = countBy(neighbours[item]!.flatMap((other) => documents[other]!));
    const rarity = (word: string): number => Math.log(items.length / uses.get(word)!);
    const agreement = (word: string): number => (near.get(word) ?? 0) / uses.get(word)!;
    const distinction = (word: string): number => rarity(word) / (1 + (near.get(word) ?? 0));
    const shared = context ? bestFirst(words, agreement).slice(0, agreeing) : [];
    const ranked = bestFirst(
      words.filter((word) => !shared.includes(word)),
      context ? distinction : rarity,
    );
    const borrowed = bestFirst(
      [...near.keys()].filter((word) => !words.includes(word)),
      (word) => near.get(word)!,
    );
    const blanks = Array.from({ length: termsPerItem }, (_, place) => `blank-${place + 1}`);
    const all = [...shared, ...ranked, ...(context ? borrowed : []), ...blanks];
    const chosen = context ? uncollided(all, taken) : all.slice(0, termsPerItem);
    taken.add(chosen.join(' '));
    return chosen;
  });
}

/** The first five words, the fifth replaced by the next ones while another item has all five; else they are shared. */
function uncollided(words: readonly string[], taken: ReadonlySet<string>): string[] {
  const first = words.slice(0, termsPerItem - 1);
  const last = words.slice(termsPerItem - 1).find((word) => !taken.has([...first, word].join(' ')));
  return [...first, last ?? words[termsPerItem - 1]!];
}

function bestFirst(words: readonly string[], value: (word: string) => number): string[] {
  return words
    .map((word) => ({ word, value: value(word) }))
    .sort((a, b) => b.value - a.value || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word);
}

/** The `count` items of highest cosine to each, nearest first: vectors [items × width]. */
export function nearestItems(vectors: Float64Array, width: number, count: number): number[][] {
  const items = vectors.length / width;
  const lengths = Float64Array.from({ length: items }, (_, item) => {
    let sum = 0;
    for (let axis = 0; axis < width; axis++) sum += vectors[item * width + axis]! ** 2;
    return Math.sqrt(sum) || 1;
  });
  return Array.from({ length: items }, (_, item) => {
    const nearest: { other: number; cosine: number }[] = [];
    for (let other = 0; other < items; other++) {
      if (other === item) continue;
      let product = 0;
      for (let axis = 0; axis < width; axis++)
        product += vectors[item * width + axis]! * vectors[other * width + axis]!;
      const cosine = product / (lengths[item]! * lengths[other]!);
      if (nearest.length === count && cosine <= nearest[count - 1]!.cosine) continue;
      if (nearest.length === count) nearest.pop();
      const place = nearest.findIndex((one) => one.cosine < cosine);
      nearest.splice(place < 0 ? nearest.length : place, 0, { other, cosine });
    }
    return nearest.map(({ other }) => other);
  });
}
