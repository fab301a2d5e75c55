import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { contrasted, prefixesOf } from '../../src/recommend/prefixes.ts';

const anyCodes = fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), {
  minLength: 1,
  maxLength: 40,
  selector: (codes) => codes.join(),
});

describe('the prefixes of a catalogue', () => {
  it('are numbered once each, level by level, and every item has one at each level', () => {
    fc.assert(
      fc.property(anyCodes, (sequences) => {
        const prefixes = prefixesOf(Int32Array.from(sequences.flat()), 3);
        expect(new Set(prefixes.codes.map(String)).size).toBe(prefixes.codes.length);
        expect(prefixes.start[3]! - prefixes.start[2]!).toBe(sequences.length);
        prefixes.codes.forEach((codes, row) => {
          expect(prefixes.rowOf(codes)).toBe(row);
          expect(row).toBeGreaterThanOrEqual(prefixes.start[codes.length - 1]!);
          expect(row).toBeLessThan(prefixes.start[codes.length]!);
        });
        sequences.forEach((codes, item) => {
          for (const level of [1, 2, 3]) {
            expect(prefixes.codes[prefixes.ofItem[item * 3 + level - 1]!]).toEqual(codes.slice(0, level));
          }
        });
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(() => prefixesOf(Int32Array.of(0, 1), 2).rowOf([1])).toThrowError(/no item begins/);
  });

  it('are contrasted with distinct others of their level, all of them where it has few', () => {
    fc.assert(
      fc.property(anyCodes, fc.integer({ min: 2, max: 12 }), fc.nat(), (sequences, count, seed) => {
        const prefixes = prefixesOf(Int32Array.from(sequences.flat()), 3);
        const item = seed % sequences.length;
        for (const level of [1, 2, 3]) {
          const drawn = contrasted(prefixes, item, level, count, randomFrom(seed));
          const [from, to] = [prefixes.start[level - 1]!, prefixes.start[level]!];
          expect(drawn[0]).toBe(prefixes.ofItem[item * 3 + level - 1]);
          expect(new Set(drawn).size).toBe(drawn.length);
          expect(drawn).toHaveLength(Math.min(count, to - from));
          expect(drawn.every((row) => row >= from && row < to)).toBe(true);
        }
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('are contrasted uniformly', () => {
    const prefixes = prefixesOf(
      Int32Array.from({ length: 20 }, (_, item) => item),
      1,
    );
    const random = randomFrom('uniform');
    const counts = new Map<number, number>();
    for (let trial = 0; trial < 3000; trial++) {
      const [, ...others] = contrasted(prefixes, 7, 1, 6, random);
      for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    expect(counts.has(7)).toBe(false);
    const expected = (3000 * 5) / 19;
    const chiSquare = [...counts.values()].reduce((sum, one) => sum + (one - expected) ** 2 / expected, 0);
    // 18 degrees of freedom, without replacement a little less spread; 0.999 quantile 42.3.
    expect(chiSquare).toBeLessThan(42.3);
    expect(counts.size).toBe(19);
  });
});
