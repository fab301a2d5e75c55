// The valid prefixes of a catalogue's code sequences, numbered level by level: the rows of a table that has one vector
// for each path, not for each code (PROMISE). Level 1 has the first codes, the last level has one prefix an item.

import type { Random } from '../base/random.ts';
import { buildTrie, type TrieNode } from './trie.ts';

export interface Prefixes {
  readonly levels: number;
  /** [levels + 1] Rows of level b (from 1) go from start[b − 1] up to start[b]. */
  readonly start: readonly number[];
  /** [items × levels] Row of each item's prefix at each level. */
  readonly ofItem: Int32Array;
  /** Codes of the prefix in each row. */
  readonly codes: readonly (readonly number[])[];
  /** Row of a prefix, by its codes. */
  rowOf(codes: readonly number[]): number;
}

/** Prefixes of sequences [items × levels], in order of level, then of codes. */
export function prefixesOf(sequences: Int32Array, levels: number): Prefixes {
  const codes: (readonly number[])[] = [];
  const start = [0];
  let nodes: readonly { readonly codes: readonly number[]; readonly node: TrieNode }[] = [
    { codes: [], node: buildTrie(sequences, levels) },
  ];
  for (let level = 0; level < levels; level++) {
    nodes = nodes.flatMap(({ codes: before, node }) =>
      [...node.children]
        .sort(([a], [b]) => a - b)
        .map(([code, child]) => ({ codes: [...before, code], node: child })),
    );
    for (const one of nodes) codes.push(one.codes);
    start.push(codes.length);
  }
  const rows = new Map(codes.map((one, row) => [one.join(), row]));
  const rowOf = (of: readonly number[]): number => {
    const row = rows.get(of.join());
    if (row === undefined) throw new Error(`no item begins with the codes ${of.join()}`);
    return row;
  };
  const ofItem = sequences.map((_, place) => {
    const item = Math.floor(place / levels);
    return rowOf([...sequences.subarray(item * levels, place + 1)]);
  });
  return { levels, start, ofItem, codes, rowOf };
}

/** How many steps of the sequences went through each prefix, by its row. */
export function prefixCounts(
  { codes, levels, ofItem }: Prefixes,
  sequences: readonly Int32Array[],
): Float64Array {
  const counts = new Float64Array(codes.length);
  for (const sequence of sequences) {
    for (const item of sequence) {
      for (let level = 0; level < levels; level++) counts[ofItem[item * levels + level]!]!++;
    }
  }
  return counts;
}

/**
 * The row of the item's prefix at `level` (from 1) and up to `count` − 1 other rows of that level, distinct and
 * uniform; fewer only where the level has fewer.
 */
export function contrasted(
  prefixes: Prefixes,
  item: number,
  level: number,
  count: number,
  random: Random,
): number[] {
  const own = prefixes.ofItem[item * prefixes.levels + level - 1]!;
  const from = prefixes.start[level - 1]!;
  const others = prefixes.start[level]! - from - 1;
  const past = (place: number): number => (from + place < own ? from + place : from + place + 1);
  if (others <= count - 1) return [own, ...Array.from({ length: others }, (_, place) => past(place))];
  const drawn = new Set<number>();
  // Floyd's sample without replacement.
  for (let last = others - (count - 1); last < others; last++) {
    const place = random.integer(last + 1);
    drawn.add(drawn.has(place) ? last : place);
  }
  return [own, ...[...drawn].map(past)];
}
