import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildTrie,
  everywhere,
  keepBest,
  leadingOutside,
  searchTrie,
  type Candidate,
  type TrieNode,
} from '../../src/recommend/trie.ts';

const anyCodes = fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), {
  minLength: 1,
  maxLength: 40,
  selector: (codes) => codes.join(),
});

/** A made-up model: log probabilities that depend on the prefix. */
const model = (prefixes: readonly Candidate[]): number[][] =>
  prefixes.map(({ codes }) => {
    const raw = [0, 1, 2, 3].map((code) =>
      Math.sin(1 + code * 7.3 + codes.reduce((a, c) => a * 5 + c + 1, 3)),
    );
    const total = Math.log(raw.reduce((sum, value) => sum + Math.exp(value), 0));
    return raw.map((value) => value - total);
  });
const scoreOf = (codes: readonly number[]): number =>
  codes.reduce((sum, code, level) => {
    const node = {
      codes: codes.slice(0, level),
      score: 0,
      node: { children: new Map(), item: -1, leaves: 0 },
    };
    return sum + model([node])[0]![code]!;
  }, 0);

const search = (trie: TrieNode, width: number, follows = everywhere): readonly Candidate[] =>
  searchTrie(trie, 3, [follows], keepBest(width), (searches) => searches.map(model))[0]!;

describe('search in a trie', () => {
  it('without a limit it is exact: every valid sequence once, by the sum of its log probabilities', () => {
    fc.assert(
      fc.property(anyCodes, (sequences) => {
        const trie = buildTrie(Int32Array.from(sequences.flat()), 3);
        const found = search(trie, Infinity);
        expect(found.map(({ node }) => node.item).sort((a, b) => a - b)).toEqual([...sequences.keys()]);
        for (const { codes, score, node } of found) {
          expect(codes).toEqual(sequences[node.item]);
          expect(score).toBeCloseTo(scoreOf(codes), 10);
        }
        const scores = found.map((one) => one.score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('a beam as wide as the catalogue is exact, and a narrow one never beats it', () => {
    fc.assert(
      fc.property(anyCodes, fc.integer({ min: 1, max: 8 }), (sequences, width) => {
        const trie = buildTrie(Int32Array.from(sequences.flat()), 3);
        const exact = search(trie, Infinity);
        expect(search(trie, 64)).toEqual(exact);
        const beam = search(trie, width);
        expect(beam.length).toBeLessThanOrEqual(width);
        beam.forEach((one, place) => expect(one.score).toBeLessThanOrEqual(exact[place]!.score + 1e-12));
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  it('following what leads outside the excluded, a beam has as many items as it is wide, and none of them', () => {
    fc.assert(
      fc.property(
        anyCodes,
        fc.integer({ min: 1, max: 12 }),
        fc.uniqueArray(fc.integer({ min: -2, max: 45 })),
        (sequences, width, excluded) => {
          const flat = Int32Array.from(sequences.flat());
          const trie = buildTrie(flat, 3);
          const left = [...sequences.keys()].filter((item) => !excluded.includes(item));
          if (left.length === 0) return;
          const follows = leadingOutside(trie, flat, 3, excluded);
          const found = search(trie, width, follows);
          expect(found).toHaveLength(Math.min(width, left.length));
          expect(left).toEqual(expect.arrayContaining(found.map(({ node }) => node.item)));
          const exact = search(trie, Infinity, follows);
          expect(exact.map(({ node }) => node.item)).toEqual(
            search(trie, Infinity)
              .map(({ node }) => node.item)
              .filter((item) => left.includes(item)),
          );
          // The same beam in the trie of what is left.
          const alone = search(
            buildTrie(Int32Array.from(left.flatMap((item) => sequences[item]!)), 3),
            width,
          );
          expect(found.map(({ codes, score }) => ({ codes, score }))).toEqual(
            alone.map(({ codes, score }) => ({ codes, score })),
          );
        },
      ),
      { numRuns: 100, seed: 9 },
    );
  });

  it('several searches side by side find what each finds alone', () => {
    const trie = buildTrie(Int32Array.of(0, 1, 1, 0, 2, 3, 1, 1, 0, 3, 3, 3), 3);
    const widths = [1, 2, Infinity];
    const together = searchTrie(
      trie,
      3,
      widths.map(() => everywhere),
      (searches, level) => searches.map((grown, at) => keepBest(widths[at]!)([grown], level)[0]!),
      (searches) => searches.map(model),
    );
    expect(together).toEqual(widths.map((width) => search(trie, width)));
  });

  it('refuses two items with the same codes', () => {
    expect(() => buildTrie(Int32Array.of(1, 2, 1, 2), 2)).toThrowError(/same codes/);
  });
});
