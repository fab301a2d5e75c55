// The site's own search: titles by words, the way a plain catalogue search box works. Deterministic and blind
// to the visitor and the arm; it is no recommender.

import type { Item } from '../src/catalogue/item.ts';

export interface SearchHit {
  readonly id: string;
  /** Tier of the match (1-4) plus a part below 1 for how many people voted. */
  readonly score: number;
}

/** A search over a fixed list: at most `k` hits without the excluded items, best first. */
export type TitleSearch = (query: string, k: number, exclude?: readonly string[]) => readonly SearchHit[];

/** Lower-case words without accents: "Amélie, Le" → ["amelie", "le"]. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0);
}

/**
 * Prepares a search. Every word of the query must begin a word of the title. Tiers: 4 the whole title,
 * 3 its beginning, 2 whole words in it, 1 beginnings of words; within a tier by votes, then title, then id.
 */
export function titleSearch(items: Iterable<Item>): TitleSearch {
  const entries = [...items].map((item) => ({ item, words: wordsOf(item.title) }));
  const mostVotes = entries.reduce((most, { item }) => Math.max(most, item.votes ?? 0), 0);

  return (query, k, exclude = []) => {
    const wanted = wordsOf(query);
    if (wanted.length === 0) return [];
    const left = new Set(exclude);
    return entries
      .filter(({ item }) => !left.has(item.id))
      .map(({ item, words }) => ({ item, tier: tierOf(words, wanted) }))
      .filter(({ tier }) => tier > 0)
      .map(({ item, tier }) => ({ item, score: tier + voteShare(item.votes ?? 0, mostVotes) }))
      .sort(
        (a, b) => b.score - a.score || compare(a.item.title, b.item.title) || compare(a.item.id, b.item.id),
      )
      .slice(0, k)
      .map(({ item, score }) => ({ id: item.id, score }));
  };
}

function tierOf(words: readonly string[], wanted: readonly string[]): number {
  const title = words.join(' ');
  const phrase = wanted.join(' ');
  if (title === phrase) return 4;
  if (title.startsWith(`${phrase} `)) return 3;
  if (wanted.every((word) => words.includes(word))) return 2;
  if (wanted.every((word) => words.some((candidate) => candidate.startsWith(word)))) return 1;
  return 0;
}

function voteShare(votes: number, mostVotes: number): number {
  return mostVotes === 0 ? 0 : (0.99 * Math.log1p(votes)) / Math.log1p(mostVotes);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
