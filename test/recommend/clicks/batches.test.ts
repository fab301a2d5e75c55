import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { itemSchema } from '../../../src/catalogue/item.ts';
import { clickEpochs, clicksOf, negativesPerClick } from '../../../src/recommend/clicks/batches.ts';
import { activityOf, featuresOf } from '../../../src/recommend/clicks/features.ts';

const anyHistories = fc.array(
  fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 6 },
);

describe('clicks from histories', () => {
  it('each step once; its past is what came before; what is drawn beside it was never met', () => {
    fc.assert(
      fc.property(anyHistories, fc.integer(), (histories, seed) => {
        const sequences = histories.map((history) => Int32Array.from(history));
        const seen = histories.map((history) => new Set(history));
        const visitors = histories.map((_, person) => person + 1);
        const { count, at } = clicksOf(sequences, visitors, seen, 20);
        const random = randomFrom(seed);
        const steps = Array.from({ length: count }, (_, number) => at(number, random));
        const expected = histories.flatMap((history, person) =>
          history.map((item, step) => ({ visitor: person + 1, item, past: history.slice(0, step) })),
        );
        expect(
          steps.map(({ visitor, past, candidates }) => ({ visitor, item: candidates[0], past: [...past] })),
        ).toEqual(expected);
        for (const { visitor, candidates, clicked } of steps) {
          expect(clicked).toEqual([true, ...Array<boolean>(negativesPerClick).fill(false)]);
          for (const item of candidates.slice(1)) expect(seen[visitor - 1]!.has(item)).toBe(false);
        }
      }),
    );
  });

  it('somebody who met everything is set against anything', () => {
    const all = new Set([0, 1, 2]);
    const { at } = clicksOf([Int32Array.of(0, 1, 2)], [1], [all], 3);
    expect(at(0, randomFrom(1)).candidates).toHaveLength(1 + negativesPerClick);
  });
});

describe('batches', () => {
  const items = ['a', 'b', 'c'].map((id, at) =>
    itemSchema.parse({ id, title: id, year: 1990 + 5 * at, genres: ['drama', at === 0 ? 'war' : 'love'] }),
  );
  const features = featuresOf(
    items,
    ['u', 'v'],
    [
      { id: 'u', age: '24', gender: 'female' },
      { id: 'v', age: '29', gender: 'male' },
    ],
  );
  const moment = {
    visitor: 1,
    past: Int32Array.of(2, 1, 0),
    candidates: [1, 2],
    clicked: [true, false],
  };
  const epochs = clickEpochs(3, () => moment, { features, history: 2, seed: 1 });
  const valuesOf = (name: string, step = 1): number[] => [...epochs.batch(step).arrays[name]!.values];

  it('are the same for the same step, and hold every moment once an epoch', () => {
    expect(epochs.batch(2)).toEqual(epochs.batch(2));
    expect(epochs.stepsPerEpoch).toBe(1);
    expect(valuesOf('weights').reduce((a, b) => a + b)).toBe(6);
    expect(valuesOf('labels').slice(0, 6)).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it('have the last steps of the past with weights whose squares sum to 1', () => {
    const row = valuesOf('past').slice(0, features.tags.rows);
    expect(row).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2), 0, 0]);
  });

  it('tell the length of the whole past', () => {
    expect(valuesOf('activity').indexOf(1)).toBe(activityOf(3));
    expect([0, 1, 2, 3, 6, 7, 1e9].map(activityOf)).toEqual([0, 1, 1, 2, 2, 3, 11]);
  });

  it('know values that at least two share, and leave the others to the ids', () => {
    // drama (3), love (2); of the people's traits only the decade of age is shared.
    expect(valuesOf('tags').slice(0, 4)).toEqual([Math.SQRT1_2, Math.SQRT1_2, 0, 0].map(Math.fround));
    expect([...features.traits.values.slice(4, 8)]).toEqual([1, 0, 0, 0]);
  });

  it('leave out who asks in a tenth of the moments, so that strangers can be served', () => {
    const many = clickEpochs(4000, () => moment, { features, history: 2, seed: 1 });
    const asked = Array.from({ length: many.stepsPerEpoch }, (_, step) => [
      ...many.batch(step + 1).arrays['visitor']!.values,
    ]).flat();
    const nobody = asked.slice(0, 4000).filter((visitor) => visitor === 0).length;
    expect(nobody).toBeGreaterThan(300);
    expect(nobody).toBeLessThan(600);
  });
});
