// How often a true null is rejected: on a thousand seeded worlds without an effect, and in the A/A replay of data.

import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { pairedT, signFlip } from '../../src/stats/paired.ts';
import { binomialLimits, replaySplit, replayTwins } from '../../src/stats/replay.ts';
import { pairsOf } from '../../src/stats/visitor-values.ts';
import { welch } from '../../src/stats/welch.ts';
import { estimated, means, ratioTwins, twinsOf } from './values.ts';

describe('a thousand true nulls', () => {
  const random = randomFrom('null');
  const worlds = Array.from({ length: 1000 }, () => {
    const taste = Array.from({ length: 15 }, () => 2 * random.normal());
    return twinsOf(taste.map((own) => [own + random.normal(), own + random.normal()]));
  });
  const clicks = Array.from({ length: 1000 }, () => {
    const visit = (chance: number): [number, number] => {
      const shown = 10 + random.integer(40);
      return [
        Array.from({ length: shown }, () => (random.uniform() < chance ? 1 : 0)).reduce(
          (a: number, b) => a + b,
          0,
        ),
        shown,
      ];
    };
    return Array.from({ length: 30 }, () => 0.05 + 0.3 * random.uniform()).map(
      (chance) => [...visit(chance), ...visit(chance)] as [number, number, number, number],
    );
  });
  const rejected = (pValues: readonly number[]): number => pValues.filter((p) => p < 0.05).length;
  const [low, high] = binomialLimits(1000, 0.05, 0.001);

  it('are rejected 5 % of the time by paired t, sign flips and Welch', () => {
    const permutation = worlds.map((pairs) => signFlip(pairs, 'mean', [1]));
    for (const pValues of [
      worlds.map((pairs) => estimated(pairedT(pairs, 'mean', 0.05)).p),
      permutation.map((test) => (test.kind === 'tested' ? test.p : NaN)),
      worlds.map(
        ({ control }, index) =>
          estimated(welch(control, worlds[(index + 1) % 1000]!.treatment, 'mean', 0.05)).p,
      ),
    ]) {
      expect(rejected(pValues)).toBeGreaterThanOrEqual(low);
      expect(rejected(pValues)).toBeLessThanOrEqual(high);
    }
  });

  it('on a click rate of very different visitors are rejected 5 % of the time, linearised', () => {
    const pValues = clicks.map((rows) => estimated(pairedT(ratioTwins(rows), 'ratio', 0.05)).p);
    expect(rejected(pValues)).toBeGreaterThanOrEqual(low);
    expect(rejected(pValues)).toBeLessThanOrEqual(high);
  });

  it('with a real effect, the paired test finds what Welch on the same visitors misses', () => {
    const found = worlds.map(({ control, treatment }) => {
      const better = means(treatment.map((row) => row.numerator + 1));
      return [
        estimated(pairedT(pairsOf(control, better).pairs, 'mean', 0.05)).p,
        estimated(welch(control, better, 'mean', 0.05)).p,
      ] as const;
    });
    const [paired, unpaired] = [rejected(found.map(([p]) => p)), rejected(found.map(([, p]) => p))];
    expect(paired).toBeGreaterThan(unpaired + 300);
  });
});

describe('the A/A replay', () => {
  const random = randomFrom('replay');
  const values = Array.from({ length: 60 }, () => [random.normal(), random.normal() + 1] as const);

  it('stays inside its limits whatever the true effect, and repeats with its seed', () => {
    const pairs = twinsOf(values);
    for (const replay of [
      replayTwins(pairs, 'mean', 0.05, [1]),
      replaySplit(
        pairs.control,
        means(
          values.map(([, b]) => b),
          100,
        ),
        'mean',
        0.05,
        [1],
      ),
    ]) {
      expect(replay.replays).toBe(200);
      expect(replay.significant).toBeGreaterThanOrEqual(replay.limits[0]);
      expect(replay.significant).toBeLessThanOrEqual(replay.limits[1]);
    }
    expect(replayTwins(pairs, 'mean', 0.05, [1])).toEqual(replayTwins(pairs, 'mean', 0.05, [1]));
  });

  it('limits hold the right share of the binomial distribution', () => {
    expect(binomialLimits(200, 0.05, 0.002)).toEqual([2, 21]);
    expect(binomialLimits(10, 0.5, 0.01)).toEqual([1, 9]);
  });
});
