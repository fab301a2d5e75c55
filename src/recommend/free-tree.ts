// Every sequence of codes as a tree, valid or not: what a search walks that is free to generate items that do not
// exist, as the papers do. It grows where it is looked at, for whole it would be too large. Searching the valid
// sequences only is for trie.ts.

import type { TrieNode } from './trie.ts';

/** Item of the leaves that are nobody's. */
export const nobody = -1;

/**
 * The tree over `sizes[level]` codes at each level; a leaf holds the item of `sequences` [items × levels] with its
 * codes, or `nobody`.
 */
export function freeTree(sequences: Int32Array, sizes: readonly number[]): TrieNode {
  const length = sizes.length;
  const items = new Map<string, number>();
  for (let item = 0; item < sequences.length / length; item++)
    items.set(sequences.subarray(item * length, (item + 1) * length).join(' '), item);
  const nodeAt = (codes: readonly number[]): TrieNode => {
    const size = sizes[codes.length];
    return size === undefined
      ? { children: new Map(), item: items.get(codes.join(' ')) ?? nobody, leaves: 1 }
      : {
          item: nobody,
          leaves: sizes.slice(codes.length).reduce((product, one) => product * one, 1),
          get children() {
            return new Map(Array.from({ length: size }, (_, code) => [code, nodeAt([...codes, code])]));
          },
        };
  };
  return nodeAt([]);
}
