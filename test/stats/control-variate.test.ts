// Two minds, one effect: unbiased for the dear mind whatever the cheap one does, intervals that hold what they promise,
// and never worth more than the correlation gives.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { controlVariate, effectShares, logEffectShares } from '../../src/stats/control-variate.ts';
import type { Combined, TwoMinds } from '../../src/stats/control-variate.ts';
import { differenceOfEffects, differenceOfIndependentEffects } from '../../src/stats/effect-difference.ts';
import { pairedT } from '../../src/stats/paired.ts';
import { effectiveBound, predictionPoweredPoint } from '../../src/stats/prediction-powered.ts';
import { meanOf, varianceOf } from '../../src/stats/ratio.ts';
import { relativePaired } from '../../src/stats/relative.ts';
import { pairsOf, visitorValues } from '../../src/stats/visitor-values.ts';

const combined = (minds: TwoMinds, alpha = 0.05): Combined => {
  const found = controlVariate(minds, alpha);
  if (found.kind === 'not-estimable') throw new Error(found.reason);
  return found;
};

interface World {
  readonly few: number;
  readonly many: number;
  readonly correlation: number;
  /** What the cheap mind makes of the effect, where the dear one makes 0.3. */
  readonly cheapEffect: number;
  readonly skewed?: boolean;
}

/** Shares of a world in which the dear mind's effect is 0.3 and its shares have a variance of 1. */
function worldOf({ few, many, correlation, cheapEffect, skewed = false }: World, n: number): TwoMinds {
  const random = randomFrom('two minds', few, many, correlation, String(skewed), n);
  const noise = (): number => (skewed ? -Math.log(random.uniform() || Number.EPSILON) - 1 : random.normal());
  const visitor = (): { dear: number; cheap: number } => {
    const own = noise();
    return {
      dear: 0.3 + own,
      cheap: cheapEffect + correlation * own + Math.sqrt(1 - correlation ** 2) * noise(),
    };
  };
  return {
    few: Array.from({ length: few }, visitor),
    rest: Array.from({ length: many }, () => visitor().cheap),
  };
}

describe('a dear mind for few, a cheap one for many', () => {
  it.each<World>([
    { few: 8, many: 200, correlation: 0.9, cheapEffect: -1 },
    { few: 30, many: 300, correlation: 0.5, cheapEffect: 2 },
    { few: 12, many: 60, correlation: 0, cheapEffect: 0.3 },
    { few: 12, many: 120, correlation: 0.8, cheapEffect: 5, skewed: true },
  ])('is unbiased for the dear mind, with intervals as wide as they say: %o', (world) => {
    const cases = 2_000;
    const found = Array.from({ length: cases }, (_, n) => combined(worldOf(world, n)));
    const effects = found.map(({ effect }) => effect);
    const spread = varianceOf(effects);
    expect(Math.abs(meanOf(effects) - 0.3)).toBeLessThan(3.3 * Math.sqrt(spread / cases));
    const held = found.filter(({ ci }) => ci[0] <= 0.3 && 0.3 <= ci[1]).length / cases;
    // Of skewed shares a t interval of so few holds less, with or without a second mind.
    expect(held).toBeGreaterThan(world.skewed ? 0.86 : 0.938);
    expect(held).toBeLessThan(0.965);
    // What is left of the variance: 1 − r² N/(n + N), and a little for not knowing the weight.
    const { few, many, correlation } = world;
    const left = (spread * few) / 1;
    const theory = 1 - (correlation ** 2 * many) / (few + many);
    expect(left).toBeGreaterThan(0.9 * theory);
    expect(left).toBeLessThan(theory + 0.13);
    expect(meanOf(found.map(({ se }) => se ** 2)) / spread).toBeCloseTo(1, 0);
  });

  it('saves what the correlation gives and no more, however many the cheap mind plays', () => {
    const world = { few: 40, many: 5_000, correlation: 0.9, cheapEffect: 0 };
    const found = Array.from({ length: 200 }, (_, n) => combined(worldOf(world, n)));
    const worth = meanOf(found.map(({ effective }) => effective));
    expect(worth).toBeGreaterThan(3 * world.few);
    expect(worth).toBeLessThan(1.15 * effectiveBound(world.few, world.correlation));
  });

  /** Sixteenths: sums of them are exact, and spreads are spreads or 0. */
  const share = fc.integer({ min: -80, max: 80 }).map((sixteenths) => sixteenths / 16);
  const minds = fc.record({
    few: fc.array(fc.record({ dear: share, cheap: share }), { minLength: 5, maxLength: 12 }),
    rest: fc.array(share, { minLength: 2, maxLength: 20 }),
  });

  it('does not mind what the cheap mind adds to everyone', () => {
    fc.assert(
      fc.property(minds, share, ({ few, rest }, shift) => {
        const moved = {
          few: few.map(({ dear, cheap }) => ({ dear, cheap: cheap + shift })),
          rest: rest.map((cheap) => cheap + shift),
        };
        const [one, other] = [controlVariate({ few, rest }, 0.05), controlVariate(moved, 0.05)];
        if (one.kind === 'not-estimable' || other.kind === 'not-estimable') return;
        expect(other.effect).toBeCloseTo(one.effect, 6);
        expect(other.lambda).toBeCloseTo(one.lambda, 6);
      }),
    );
  });

  it('is the dear mind alone where the cheap one says nothing', () => {
    fc.assert(
      fc.property(minds, ({ few, rest }) => {
        const mute = { few: few.map(({ dear }) => ({ dear, cheap: 1 })), rest: rest.map(() => 1) };
        const found = controlVariate(mute, 0.05);
        if (found.kind === 'not-estimable') return;
        expect(found.effect).toBeCloseTo(meanOf(few.map(({ dear }) => dear)), 10);
        expect(found.lambda).toBe(0);
      }),
    );
  });

  it('is prediction-powered inference where every visitor has the same weight', () => {
    const few = [1, 2, 4, 7, 11].map((cheap) => ({ dear: 5 * cheap - 3, cheap }));
    const rest = [3, 4, 6, 9, 2, 8];
    const { effect, lambda } = combined({ few, rest });
    expect(lambda).toBe(1);
    const labelled = {
      real: few.map(({ dear }) => dear),
      simulated: few.map(({ cheap }) => cheap),
      unlabelled: rest,
    };
    expect(effect).toBeCloseTo(predictionPoweredPoint(labelled, 1), 12);
  });

  it('abstains from so few that a weight would be noise', () => {
    const few = [1, 2, 3, 4].map((cheap) => ({ dear: cheap, cheap }));
    expect(controlVariate({ few, rest: [1, 2, 3] }, 0.05)).toMatchObject({
      kind: 'not-estimable',
      reason: expect.stringContaining('4 of both minds'),
    });
  });
});

describe('shares', () => {
  const rows = (numbers: readonly (readonly [number, number])[]) =>
    visitorValues(
      numbers.map(([numerator, denominator], n) => ({ visitor: `v${n}`, numerator, denominator })),
    );
  const { pairs } = pairsOf(
    rows([
      [1, 10],
      [3, 12],
      [2, 7],
      [4, 20],
    ]),
    rows([
      [2, 11],
      [5, 10],
      [2, 8],
      [9, 25],
    ]),
  );

  it.each(['mean', 'ratio'] as const)('of a %s have the mean and the error of the paired test', (kind) => {
    const shares = effectShares(pairs, kind);
    const test = pairedT(pairs, kind, 0.05);
    if (shares.kind === 'not-estimable' || test.kind === 'not-estimable') throw new Error('not estimable');
    const own = [...shares.byVisitor.values()];
    expect(meanOf(own)).toBeCloseTo(test.effect, 12);
    expect(Math.sqrt(varianceOf(own) / own.length)).toBeCloseTo(test.se, 12);
  });

  it('of a relative effect have those of the relative test', () => {
    const shares = logEffectShares(pairs, 'ratio');
    const test = relativePaired(pairs, 'ratio', 0.05);
    if (shares.kind === 'not-estimable' || test.kind === 'not-estimable') throw new Error('not estimable');
    const own = [...shares.byVisitor.values()];
    expect(meanOf(own)).toBeCloseTo(test.logRatio, 12);
    expect(Math.sqrt(varianceOf(own) / own.length)).toBeCloseTo(test.se, 12);
  });
});

describe('the difference of two effects', () => {
  const shares = (effects: readonly number[], from = 0) => ({
    kind: 'shares' as const,
    effect: meanOf(effects),
    byVisitor: new Map(effects.map((effect, n) => [`v${from + n}`, effect])),
  });

  it('of the same visitors uses what they share', () => {
    const found = differenceOfEffects(shares([1, 5, 9, 13]), shares([0, 4.5, 8, 12.5]), 0.05);
    expect(found).toMatchObject({ effect: 0.75, df: 3 });
    if (found.kind === 'estimated') expect(found.se).toBeCloseTo(Math.sqrt(1 / 12 / 4), 12);
  });

  it('of different visitors does not', () => {
    const found = differenceOfIndependentEffects(shares([1, 5, 9, 13]), shares([0, 4, 8, 12], 9), 0.05);
    expect(found).toMatchObject({ effect: 1, df: 6 });
    expect(differenceOfEffects(shares([1, 5]), shares([0, 4], 9), 0.05)).toMatchObject({
      kind: 'not-estimable',
    });
  });
});
