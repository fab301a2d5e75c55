import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { packedEpochs } from '../../src/recommend/epochs.ts';
import { unmetItem, unmetNegatives } from '../../src/recommend/unmet-item.ts';

it('every negative of a batch is an item that its own sequence never has, and all others come up', () => {
  const items = 12;
  const anySequences = fc.array(fc.array(fc.nat(7), { minLength: 1, maxLength: 20 }), {
    minLength: 2,
    maxLength: 6,
  });
  fc.assert(
    fc.property(anySequences, fc.nat(), (lists, seed) => {
      const sequences = lists.map((list) => Int32Array.from(list));
      const met = sequences.map((sequence) => new Set(sequence));
      const epochs = packedEpochs(sequences, { length: 8, rowsPerBatch: 4, start: items }, seed);
      const drawn = new Set<number>();
      for (let step = 1; step <= 40; step++) {
        const { sources, weights } = epochs.rows(step);
        unmetNegatives(sources, met, items, randomFrom(seed, step)).forEach((item, place) => {
          if (weights[place] === 0) return;
          expect(met[sources[place]!]!.has(item)).toBe(false);
          drawn.add(item);
        });
      }

      expect([...drawn]).toEqual(expect.arrayContaining([8, 9, 10, 11]));
    }),
    { numRuns: 30, seed: 8 },
  );
});

it('who met everything gets an item all the same', () => {
  expect(unmetItem(1, new Set([0]), randomFrom(1))).toBe(0);
});
