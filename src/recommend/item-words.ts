// The words of an item that may become its terms: title, genres, year and attributes, in their base form, and words
// that mean the same under one name. Not its text, which is prose and longer than all the rest.

import { describedAttributes } from '../catalogue/described.ts';
import type { Item } from '../catalogue/item.ts';

/** Words in order of their first mention: lower case, plural endings off, and no word of one letter. */
export function wordsOf(item: Item): string[] {
  const { title, genres, year } = item;
  const text = `${genres.join(' ')} ${title} ${year ?? ''} ${Object.values(describedAttributes(item)).join(' ')}`;
  const words = text
    .toLowerCase()
    .replaceAll(/['’]s?\b/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !emptyWords.has(word));
  return [...new Set(words.map(baseForm))];
}

const emptyWords = new Set(
  'the and for with of in on to by or at from an as is it its this that be are de la le das der die'.split(
    ' ',
  ),
);

/** 'stories' → 'story', 'boxes' → 'box', 'dogs' → 'dog'; 'glass', 'bus' and 'basis' stay. */
export function baseForm(word: string): string {
  if (/^(series|species|movies)$/u.test(word)) return word === 'movies' ? 'movie' : word;
  if (/[^aeiou]ies$/u.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(x|ch|sh|ss)es$/u.test(word)) return word.slice(0, -2);
  if (/[^suie\d]s$/u.test(word) || /[^s]es$/u.test(word)) return word.length > 3 ? word.slice(0, -1) : word;
  return word;
}

const alike = 0.85;
const leastUses = 3;

/**
 * Words that stand among the same others (cosine of their PPMI rows above 0.85; Bullinaria and Levy 2007) → the more
 * frequent of them. Only words of at least three items that never stand together: those that do are a phrase.
 */
export function synonyms(documents: readonly (readonly string[])[]): ReadonlyMap<string, string> {
  const uses = countBy(documents.flat());
  const together = new Map<string, Map<string, number>>();
  const met = new Map<string, Set<string>>();
  for (const words of documents) {
    for (const word of words) {
      if (uses.get(word)! < leastUses) continue;
      const row = together.get(word) ?? new Map<string, number>();
      together.set(word, row);
      const own = met.get(word) ?? new Set<string>();
      met.set(word, own);
      for (const other of words) own.add(other);
      // A word of more than a tenth of all items says nothing about its neighbours.
      for (const other of words)
        if (other !== word && uses.get(other)! <= documents.length / 10)
          row.set(other, (row.get(other) ?? 0) + 1);
    }
  }
  const rows = new Map(
    [...together].map(([word, row]) => [word, unitRow(word, row, uses, documents.length)]),
  );
  const columns = new Map<string, { word: string; weight: number }[]>();
  for (const [word, row] of rows)
    for (const [other, weight] of row) columns.set(other, [...(columns.get(other) ?? []), { word, weight }]);
  const order = [...rows.keys()].sort((a, b) => uses.get(b)! - uses.get(a)! || (a < b ? -1 : 1));
  const found = new Map<string, string>();
  for (const word of order) {
    if (found.has(word)) continue;
    const products = new Map<string, number>();
    for (const [other, weight] of rows.get(word)!)
      for (const match of columns.get(other)!)
        products.set(match.word, (products.get(match.word) ?? 0) + weight * match.weight);
    for (const [other, product] of products) {
      if (other === word || product <= alike || found.has(other) || met.get(word)!.has(other)) continue;
      if (uses.get(other)! < uses.get(word)! || (uses.get(other) === uses.get(word) && word < other))
        found.set(other, word);
    }
  }
  return found;
}

function unitRow(
  word: string,
  row: ReadonlyMap<string, number>,
  uses: ReadonlyMap<string, number>,
  documents: number,
): Map<string, number> {
  const weights = [...row]
    .map(([other, count]): [string, number] => [
      other,
      Math.log((count * documents) / (uses.get(word)! * uses.get(other)!)),
    ])
    .filter(([, weight]) => weight > 0);
  const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
  return new Map(weights.map(([other, weight]) => [other, weight / length]));
}

export function countBy(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
