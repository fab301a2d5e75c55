// All valid code sequences as a tree, and search in it. A beam walks level by level and keeps the best few prefixes;
// exact scoring keeps them all and is the oracle of the beam. The model is a function from prefixes to log
// probabilities; nothing here knows how it is made.

/** Children of a prefix, by code in rising order. A leaf holds one item. */
export interface TrieNode {
  readonly children: ReadonlyMap<number, TrieNode>;
  /** Item of a whole sequence, else −1. */
  readonly item: number;
  /** How many whole sequences begin with this prefix. */
  readonly leaves: number;
}

/** Sequences [items × length]; they must differ (the last code sees to it). */
export function buildTrie(sequences: Int32Array, length: number): TrieNode {
  interface Growing {
    children: Map<number, Growing>;
    item: number;
    leaves: number;
  }
  const grown = (): Growing => ({ children: new Map(), item: -1, leaves: 0 });
  const root = grown();
  for (let item = 0; item < sequences.length / length; item++) {
    let node = root;
    node.leaves++;
    for (let level = 0; level < length; level++) {
      const code = sequences[item * length + level]!;
      let child = node.children.get(code);
      if (child === undefined) node.children.set(code, (child = grown()));
      node = child;
      node.leaves++;
    }
    if (node.item !== -1) throw new Error(`items ${node.item} and ${item} have the same codes`);
    node.item = item;
  }
  return root;
}

/** Whether a search goes there. */
export type Follows = (node: TrieNode) => boolean;

export const everywhere: Follows = () => true;

/**
 * Follows every prefix that leads to an item outside `excluded`, and no other, in the trie of these sequences. Takes time
 * for what is excluded, not for the catalogue; indices that are no item's are passed over.
 */
export function leadingOutside(
  root: TrieNode,
  sequences: Int32Array,
  length: number,
  excluded: Iterable<number>,
): Follows {
  const gone = new Map<TrieNode, number>();
  for (const item of excluded) {
    if (!(item >= 0 && item < root.leaves)) continue;
    let node = root;
    for (let level = 0; level < length; level++) {
      node = node.children.get(sequences[item * length + level]!)!;
      gone.set(node, (gone.get(node) ?? 0) + 1);
    }
  }
  return (node) => (gone.get(node) ?? 0) < node.leaves;
}

export interface Candidate {
  readonly codes: readonly number[];
  /** Sum of the model's log probabilities along the path. */
  readonly score: number;
  readonly node: TrieNode;
}

/**
 * Log probabilities of all codes of the next level: for each of several searches, for each of its prefixes, in their
 * order. All prefixes of a call have the same length.
 */
export type NextCodes = (
  searches: readonly (readonly Candidate[])[],
) => readonly (readonly ArrayLike<number>[])[];

/** What each search keeps of the prefixes it has grown, best first. `level` counts from 1, the first code. */
export type Prune = (
  searches: readonly (readonly Candidate[])[],
  level: number,
) => readonly (readonly Candidate[])[];

/** A beam: the `width` best by the model's log probabilities; `Infinity` keeps all, which is exact. */
export function keepBest(width: number): Prune {
  return (searches) => searches.map((grown) => best(grown, width));
}

/**
 * Runs several searches side by side, level by level, each where it `follows`, and gives the whole sequences each has
 * kept, as `prune` orders them. Only valid codes are followed, with the model's own log probabilities (not renormalised over the valid), so
 * sums compare between prefixes. Searches know nothing of each other.
 */
export function searchTrie(
  root: TrieNode,
  length: number,
  follows: readonly Follows[],
  prune: Prune,
  next: NextCodes,
): readonly (readonly Candidate[])[] {
  let kept: readonly (readonly Candidate[])[] = follows.map(() => [{ codes: [], score: 0, node: root }]);
  for (let level = 1; level <= length; level++) {
    const scores = next(kept);
    const grown = kept.map((prefixes, search) =>
      prefixes.flatMap(({ codes, score, node }, place) =>
        [...node.children]
          .filter(([, child]) => follows[search]!(child))
          .map(([code, child]) => ({
            codes: [...codes, code],
            score: score + scores[search]![place]![code]!,
            node: child,
          })),
      ),
    );
    kept = prune(grown, level);
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
