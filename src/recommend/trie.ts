// All valid code sequences as a tree, and search in it. A beam walks level by level and keeps the best few prefixes;
// exact scoring keeps them all and is the oracle of the beam. The model is a function from prefixes to log
// probabilities; nothing here knows how it is made.

/** Children of a prefix, by code in rising order. A leaf holds one item. */
export interface TrieNode {
  readonly children: ReadonlyMap<number, TrieNode>;
  /** Item of a whole sequence, else −1. */
  readonly item: number;
}

/** Sequences [items × length]; they must differ (the last code sees to it). */
export function buildTrie(sequences: Int32Array, length: number): TrieNode {
  interface Growing {
    children: Map<number, Growing>;
    item: number;
  }
  const root: Growing = { children: new Map(), item: -1 };
  for (let item = 0; item < sequences.length / length; item++) {
    let node = root;
    for (let level = 0; level < length; level++) {
      const code = sequences[item * length + level]!;
      let child = node.children.get(code);
      if (child === undefined) node.children.set(code, (child = { children: new Map(), item: -1 }));
      node = child;
    }
    if (node.item !== -1) throw new Error(`items ${node.item} and ${item} have the same codes`);
    node.item = item;
  }
  return root;
}

export interface Candidate {
  readonly codes: readonly number[];
  /** Sum of the model's log probabilities along the path. */
  readonly score: number;
  readonly node: TrieNode;
}

/** Log probabilities of all codes of the next level for each prefix, in their order. */
export type NextCodes = (prefixes: readonly Candidate[]) => readonly ArrayLike<number>[];

/**
 * The `width` best whole sequences, best first; `Infinity` scores every one exactly. Only valid codes are followed,
 * with the model's own log probabilities (not renormalised over the valid), so sums compare between prefixes. Ties go
 * to the smaller codes.
 */
export function searchTrie(root: TrieNode, length: number, width: number, next: NextCodes): Candidate[] {
  let kept: Candidate[] = [{ codes: [], score: 0, node: root }];
  for (let level = 0; level < length; level++) {
    const scores = next(kept);
    const grown = kept.flatMap(({ codes, score, node }, place) =>
      [...node.children].map(([code, child]) => ({
        codes: [...codes, code],
        score: score + scores[place]![code]!,
        node: child,
      })),
    );
    kept = best(grown, width);
  }
  return kept;
}

/** The best candidates by score, ties by codes. */
export function best(candidates: readonly Candidate[], width: number): Candidate[] {
  return candidates
    .toSorted((a, b) => b.score - a.score || compareCodes(a.codes, b.codes))
    .slice(0, Number.isFinite(width) ? width : undefined);
}

function compareCodes(a: readonly number[], b: readonly number[]): number {
  for (const [level, code] of a.entries()) if (code !== b[level]) return code - b[level]!;
  return 0;
}
