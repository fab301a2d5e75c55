import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnder, clickAccuracy } from '../../../src/recommend/clicks/accuracy.ts';

const anyScores = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });

describe('AUC', () => {
  it('is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(anyScores, anyScores, (positive, negative) => {
        const pairs = positive.flatMap((high) =>
          negative.map((low) => (high > low ? 1 : high === low ? 0.5 : 0)),
        );
        const share = pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length;
        expect(areaUnder(positive, negative)).toBeCloseTo(share, 12);
      }),
    );
  });

  it('is null where there is nothing of one kind', () => {
    expect(areaUnder([], [1])).toBeNull();
    expect(clickAccuracy([1, 2], [true, true]).auc).toBeNull();
    expect(clickAccuracy([], [])).toEqual({ n: 0, clicks: 0, auc: null, logloss: null });
  });
});

describe('logloss', () => {
  it('is −log of the probability of what happened', () => {
    const logOdds = (probability: number): number => Math.log(probability / (1 - probability));
    const { logloss } = clickAccuracy([logOdds(0.8), logOdds(0.3)], [true, false]);
    expect(logloss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.7)) / 2, 12);
  });

  it('is finite however sure and wrong a model is', () => {
    expect(clickAccuracy([1000, -1000], [false, true]).logloss).toBe(1000);
  });
});
