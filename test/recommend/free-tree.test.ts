import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { freeTree, nobody } from '../../src/recommend/free-tree.ts';
import {
  buildTrie,
  everywhere,
  keepBest,
  searchTrie,
  type Candidate,
  type NextCodes,
} from '../../src/recommend/trie.ts';

/** Three items of three codes each. */
const sequences = Int32Array.of(0, 2, 1, 3, 0, 0, 0, 2, 0);
const sizes = [4, 3, 2];

/** Log probabilities that depend on the prefix alone. */
const next: NextCodes = (searches) =>
  searches.map((prefixes) =>
    prefixes.map(({ codes }) => {
      const random = randomFrom('free-tree', codes.join(' '));
      const weights = Array.from({ length: sizes[codes.length]! }, () => Math.exp(random.normal()));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => Math.log(weight / total));
    }),
  );

const found = (tree: ReturnType<typeof freeTree>, width: number): readonly Candidate[] =>
  searchTrie(tree, sizes.length, [everywhere], keepBest(width), next)[0]!;
const scores = (candidates: readonly Candidate[]) =>
  candidates.map(({ node, codes, score }) => ({ item: node.item, codes, score }));

describe('the tree of all codes', () => {
  it('holds every sequence once, and the items at their own', () => {
    const all = found(freeTree(sequences, sizes), Infinity);
    expect(all.length).toBe(4 * 3 * 2);
    const probability = all.reduce((sum, { score }) => sum + Math.exp(score), 0);
    expect(probability).toBeCloseTo(1, 12);
    const valid = all.filter(({ node }) => node.item !== nobody);
    expect(scores(valid)).toEqual(scores(found(buildTrie(sequences, 3), Infinity)));
  });

  it('lets a narrow beam end at nobody, where a beam over valid codes cannot', () => {
    const [first] = found(freeTree(sequences, sizes), 1);
    const [valid] = found(buildTrie(sequences, 3), 1);
    expect(valid!.node.item).not.toBe(nobody);
    expect(first!.score).toBeGreaterThanOrEqual(valid!.score);
  });
});
