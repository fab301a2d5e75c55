// What the tests answer: reasons in place of numbers, relative effects, decisions, and plans.

import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { decide, probabilityOfSign } from '../../src/stats/decision.ts';
import type { Estimated } from '../../src/stats/estimate.ts';
import { pairedT, signFlip } from '../../src/stats/paired.ts';
import { visitorsNeeded } from '../../src/stats/power.ts';
import { relativePaired, relativeWelch } from '../../src/stats/relative.ts';
import type { Relative } from '../../src/stats/relative.ts';
import { sampleRatio } from '../../src/stats/srm.ts';
import { pairsOf, visitorValues } from '../../src/stats/visitor-values.ts';
import { welch } from '../../src/stats/welch.ts';
import { estimated, means, ratios, twins } from './values.ts';

describe('the types', () => {
  it('take rows per visitor and pairs of the same visitors, so impressions cannot be tested', () => {
    const impressions = [{ visitor: 'ann', numerator: 1, denominator: 1 }];
    // @ts-expect-error plain rows are not visitors' values
    expect(() => welch(impressions, impressions, 'mean', 0.05)).not.toThrow();
    // @ts-expect-error two lists side by side are not pairs
    expect(() => pairedT({ control: means([1]), treatment: means([2]) }, 'mean', 0.05)).not.toThrow();
  });
});

describe('what cannot be computed', () => {
  it('is not estimable and says why; it is never p = 1', () => {
    const same = twins([1, 2, 3], [1, 2, 3]);
    const constant = twins([1, 2, 3], [1.1, 2.1, 3.1]);
    const reasons = [
      pairedT(same, 'mean', 0.05),
      pairedT(constant, 'mean', 0.05),
      pairedT(twins([1], [2]), 'mean', 0.05),
      pairedT(
        pairsOf(
          ratios([
            [0, 0],
            [0, 0],
          ]),
          ratios([
            [1, 2],
            [1, 3],
          ]),
        ).pairs,
        'ratio',
        0.05,
      ),
      signFlip(same, 'mean', [1]),
      signFlip(twins([], []), 'mean', [1]),
      signFlip(
        pairsOf(
          ratios([
            [0, 0],
            [0, 0],
          ]),
          ratios([
            [1, 2],
            [1, 3],
          ]),
        ).pairs,
        'ratio',
        [1],
      ),
      welch(means([1, 1]), means([2, 2]), 'mean', 0.05),
      welch(means([1]), means([2, 3]), 'mean', 0.05),
      relativePaired(twins([0, 0], [1, 2]), 'mean', 0.05),
      relativeWelch(means([1, 2]), means([0, 0]), 'mean', 0.05),
      sampleRatio([0, 0], [1, 1]),
      sampleRatio([5, 5], [1, 0]),
    ].map((answer) => (answer.kind === 'not-estimable' ? answer.reason : answer));
    expect(reasons).toMatchInlineSnapshot(`
      [
        "all differences are zero: every visitor did the same in both arms",
        "all differences are equal (0.1): there is no spread to judge the effect by",
        "visitors in both arms: 1, at least 2 are needed",
        "control: the denominator is zero for every visitor",
        "all differences are zero: no exchange changes anything",
        "visitors in both arms: 0, at least 2 are needed",
        "the denominator is zero for every visitor of an arm",
        "all visitors of each arm have the same value (difference 1): there is no spread to judge the effect by",
        "visitors by arm: 1 and 2, at least 2 in each are needed",
        "the control's value is 0: nothing can be relative to it",
        "the treatment's value is 0: it has no logarithm",
        "nothing was counted in any arm",
        "fewer than two arms have a share",
      ]
    `);
  });

  it('a visitor twice, a number that is none, a negative denominator are refused at the door', () => {
    const row = { visitor: 'ann', numerator: 1, denominator: 1 };
    expect(() => visitorValues([row, row])).toThrow(/one row per visitor/);
    expect(() => visitorValues([{ ...row, numerator: NaN }])).toThrow(/finite/);
    expect(() => visitorValues([{ ...row, denominator: -1 }])).toThrow(/finite/);
  });

  it('visitors of only one arm are counted, not compared', () => {
    const { pairs, unpaired } = pairsOf(means([1, 2, 3]), means([5, 6], 1));
    expect([pairs.control.map((row) => row.visitor), unpaired]).toEqual([['v00001', 'v00002'], 1]);
  });
});

describe('the relative effect', () => {
  it("is the same question as the absolute one: its interval leaves 0 when the absolute one does, up to the logarithm's bend", () => {
    const random = randomFrom('relative');
    const control = Array.from({ length: 200 }, () => 10 + random.normal());
    const pairs = twins(
      control,
      control.map((value) => value * 1.05 + 0.3 * random.normal()),
    );
    const absolute = estimated(pairedT(pairs, 'mean', 0.05));
    const relative = relativePaired(pairs, 'mean', 0.05) as Relative;
    expect(relative.relative).toBeCloseTo(absolute.effect / 10, 2);
    expect(relative.ci[0]).toBeLessThan(relative.relative);
    expect(relative.ci[1]).toBeGreaterThan(relative.relative);
    const unpaired = relativeWelch(pairs.control, pairs.treatment, 'mean', 0.05) as Relative;
    expect(unpaired.ci[1] - unpaired.ci[0]).toBeGreaterThan(2 * (relative.ci[1] - relative.ci[0]));
  });
});

describe('the decision', () => {
  const rule = { alpha: 0.05, margin: 0.02, higherIsBetter: true };
  const estimateAt = (effect: number, se: number): [Estimated, Relative] => {
    const p =
      2 * (1 - probabilityOfSign({ kind: 'estimated', effect, se, df: 100, ci: [0, 0], p: 0, method: '' })!);
    const relative: Relative = {
      kind: 'estimated',
      relative: effect,
      ci: [0, 0],
      logRatio: Math.log1p(effect),
      se,
      df: 100,
    };
    return [{ kind: 'estimated', effect, se, df: 100, ci: [0, 0], p, method: '' }, relative];
  };

  it('says better, worse, equivalent or cannot tell', () => {
    expect(decide(...estimateAt(0.1, 0.01), rule)).toBe('better');
    expect(decide(...estimateAt(-0.1, 0.01), rule)).toBe('worse');
    expect(decide(...estimateAt(-0.1, 0.01), { ...rule, higherIsBetter: false })).toBe('better');
    expect(decide(...estimateAt(0.001, 0.005), rule)).toBe('equivalent');
    expect(decide(...estimateAt(0.1, 0.1), rule)).toBe('cannot-tell');
    expect(decide(...estimateAt(0.1, 0.045), rule)).toBe('better');
    expect(decide(...estimateAt(0.1, 0.045), rule, 0.2)).toBe('cannot-tell');
  });

  it('counts a sure effect inside the margin as none, and without a relative effect never says equivalent', () => {
    const [estimate, relative] = estimateAt(0.01, 0.001);
    expect(estimate.p).toBeLessThan(0.001);
    expect(decide(estimate, relative, rule)).toBe('equivalent');
    expect(decide(estimate, { kind: 'not-estimable', reason: '' }, rule)).toBe('better');
    expect(decide({ kind: 'not-estimable', reason: '' }, relative, rule)).toBe('cannot-tell');
  });

  it('the sign is right with probability 1 − p / 2', () => {
    const [estimate] = estimateAt(0.3, 0.2);
    expect(probabilityOfSign(estimate)).toBeCloseTo(1 - estimate.p / 2, 12);
    expect(probabilityOfSign({ kind: 'not-estimable', reason: '' })).toBeNull();
  });
});

describe('the plan for more visitors', () => {
  it('is the textbook count: 32 pairs for half a standard deviation at 80 % power', () => {
    const estimate: Estimated = {
      kind: 'estimated',
      effect: 0.5,
      se: 1 / Math.sqrt(10),
      df: 9,
      ci: [0, 0],
      p: 0.1,
      method: '',
    };
    expect(visitorsNeeded(estimate, 10, 0.05)).toBe(32);
    expect(visitorsNeeded({ ...estimate, effect: 0 }, 10, 0.05)).toBeNull();
  });
});
