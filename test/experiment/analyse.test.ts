// The analysis of records small enough to be counted by hand, and of what goes wrong in a run.

import { describe, expect, it } from 'vitest';
import { needsHumanLook } from '../../src/experiment/analyse.ts';
import type { Check, Comparison, Result } from '../../src/experiment/result.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession } from '../store/sample.ts';
import { analysed, items, recordOf, visitorNames } from './hand.ts';

const comparison = (result: Result, metric = 'ctr', arm = 'new'): Comparison =>
  result.comparisons.find((each) => each.metric === metric && each.arm === arm)!;
const check = (result: Result, name: string): Check => result.checks.find((each) => each.name === name)!;
const many = (value: (index: number) => number, n = 40): number[] =>
  Array.from({ length: n }, (_unused, index) => value(index));

describe('four twins counted by hand', () => {
  const result = analysed(recordOf({ old: [1, 2, 3, 2], new: [3, 5, 4, 4] }));

  it('effect, interval and p are those of the differences 0.2, 0.3, 0.1, 0.2', () => {
    const found = comparison(result);
    expect(found).toMatchObject({
      control: 'old',
      n: 4,
      method: 'paired t over visitors, ratio linearised',
      decision: 'cannot-tell',
    });
    expect(found.effect).toBeCloseTo(0.2, 12);
    // mean 0.2 ± 3.182446 × 0.0816497 / 2
    expect(found.ci![0]).toBeCloseTo(0.0700773, 6);
    expect(found.ci![1]).toBeCloseTo(0.3299227, 6);
    // t = √24 with 3 degrees of freedom, in closed form
    const tail = 0.5 - (Math.sqrt(8) / 9 + Math.atan(Math.sqrt(8))) / Math.PI;
    expect(found.p).toBeCloseTo(2 * tail, 10);
    expect(found.pSign).toBeCloseTo(1 - tail, 10);
    expect(found.pPermutation).toBe(2 / 16);
    expect(found.relative).toBeCloseTo(1, 12);
    expect(found.relativeCi![0]).toBeGreaterThan(0);
    expect(found.note).toBe(
      '4 visitors are too few to decide anything at α = 0.05; permutation p exact over 16 exchanges',
    );
  });

  it('the arms have their means, intervals, coverage and facts', () => {
    const [old, fresh] = result.arms;
    expect(old).toMatchObject({
      name: 'old',
      method: 'random',
      visitors: 4,
      sessions: 4,
      failed: 0,
      failures: {},
      exits: { satisfied: 4 },
      heldOutNdcg20: null,
    });
    expect(fresh).toMatchObject({ name: 'new', method: 'popularity', heldOutNdcg20: 0.25 });
    expect(old!.metrics.ctr!.mean).toBeCloseTo(0.2, 12);
    expect(fresh!.metrics.ctr!.mean).toBeCloseTo(0.4, 12);
    // 0.2 ± 3.182446 × 0.0816497 / 2
    expect(old!.metrics.ctr!.ci![0]).toBeCloseTo(0.0700773, 6);
    expect(old!.metrics['session-length']).toEqual({ mean: 5, n: 4, ci: null });
    expect(old!.metrics['mean-rating']).toEqual({ mean: null, n: 4, ci: null });
    expect(old!.metrics.coverage).toEqual({ mean: 10 / 12, n: 4, ci: null });
  });

  it('what everyone does alike is not estimable, with the reason', () => {
    expect(comparison(result, 'session-length')).toMatchObject({
      effect: null,
      ci: null,
      p: null,
      pPermutation: null,
      pSign: null,
      method: 'none',
      decision: 'cannot-tell',
      note: 'not estimable: all differences are zero: every visitor did the same in both arms',
    });
    expect(comparison(result, 'mean-rating').note).toContain('the denominator is zero for every visitor');
  });

  it('the verdict abstains: no exchange of four labels could give a p below α, whatever a t interval says', () => {
    expect(result.verdict.text).toBe(
      'Cannot tell whether new differs from old on CTR on simulated visitors: 0.20 [0.07, 0.33] (+100 %); ' +
        'P(sign right) = 0.992; 4 are too few to decide anything at α = 0.05; about 2 more twins would give 80 % power at the observed effect.',
    );
    expect(result.verdict).toMatchObject({ decision: 'cannot-tell', arm: 'new', metric: 'ctr', more: 2 });
  });

  it('with six the verdict says it in words, for simulated visitors', () => {
    const { verdict } = analysed(recordOf({ old: [1, 2, 3, 2, 2, 1], new: [3, 5, 4, 4, 4, 3] }));
    expect(verdict.text).toBe(
      'new beats old on CTR by 0.200 [0.134, 0.266] (+109 %) on simulated visitors; P(sign right) > 0.999.',
    );
    expect(verdict).toMatchObject({ decision: 'better', arm: 'new', metric: 'ctr' });
  });

  it('nothing needs a human look but the replay that four visitors are too few for', () => {
    expect(result.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'srm ok',
      'attrition ok',
      'failed-sessions ok',
      'truncated ok',
      'aa-replay warn',
      'peeking ok',
    ]);
    expect(needsHumanLook(result)).toBe(false);
    expect(result.cost).toEqual({ calls: 0, tokensIn: 0, tokensOut: 0, usd: 0, seconds: 3 });
  });

  it('comes out the same again', () => {
    expect(analysed(recordOf({ new: [3, 5, 4, 4], old: [1, 2, 3, 2] }))).toEqual(result);
  });
});

describe('verdicts', () => {
  it('abstain, and say how many more visitors it would take', () => {
    const { verdict } = analysed(recordOf({ old: [1, 2, 3, 2, 4, 2], new: [2, 1, 4, 2, 3, 3] }));
    expect(verdict.decision).toBe('cannot-tell');
    // Differences 1, −1, 1, 0, −1, 1 tenths: t = 0.4152 with 5 degrees of freedom, 6 × (2.8016 / 0.4152)² = 274.
    expect(verdict.text).toBe(
      'Cannot tell whether new differs from old on CTR on simulated visitors: 0.02 [−0.09, 0.12] (+7.1 %); ' +
        'P(sign right) = 0.652; about 268 more twins would give 80 % power at the observed effect.',
    );
  });

  it('call an effect inside the margin equivalent, however sure', () => {
    const { verdict } = analysed(
      recordOf({ old: many((i) => 4 + (i % 2)), new: many((i) => 4 + (i % 2) + (i === 0 ? 1 : 0)) }),
    );
    expect(verdict.decision).toBe('equivalent');
    expect(verdict.text).toBe(
      'new and old do equally well on CTR, within ±2 %: 0.0025 [−0.0026, 0.0076] (+0.6 %) on simulated visitors.',
    );
  });

  it('say that an arm is worse', () => {
    const clicks = { old: many((i) => 5 + (i % 3)), new: many((i) => 2 + (i % 2)) };
    expect(analysed(recordOf(clicks)).verdict.text).toMatch(
      /^new is worse than old on CTR: −0\.\d+ \[−0\.\d+, −0\.\d+\] \(−\d/,
    );
    const three = {
      arms: [
        { name: 'old', method: 'a' },
        { name: 'new', method: 'b' },
        { name: 'third', method: 'c' },
      ],
    };
    const { verdict } = analysed(recordOf({ ...clicks, third: many((i) => 1 + (i % 2)) }), three);
    expect(verdict).toMatchObject({ decision: 'worse', arm: 'new' });
    expect(verdict.text).toMatch(/^No arm beats old on CTR; the best of them, new, is worse: −/);
  });

  it('with several arms go to the best, and decide by p after Holm', () => {
    const arms = ['old', 'new', 'third', 'fourth'].map((name) => ({ name, method: name }));
    const old = [2, 2, 3, 2, 4, 2, 3, 2];
    const result = analysed(
      recordOf({
        old,
        new: [3, 2, 4, 2, 5, 2, 4, 3],
        third: [3, 1, 3, 2, 4, 3, 3, 1],
        fourth: [2, 3, 3, 1, 4, 2, 3, 3],
      }),
      { arms },
    );
    const found = comparison(result);
    expect(found.p).toBeLessThan(0.05);
    expect(3 * found.p!).toBeLessThan(0.05);
    expect(found.note).toContain(`decided by p = ${(3 * found.p!).toPrecision(3)} after Holm`);
    expect(result.verdict).toMatchObject({ arm: 'new', decision: found.decision });
    expect(comparison(result, 'depth').note).not.toContain('Holm');
  });

  it('have no p = 1 for an A/A test in which twins do the same', () => {
    const result = analysed(recordOf({ old: many((i) => i % 5), new: many((i) => i % 5) }));
    expect(comparison(result)).toMatchObject({ p: null, decision: 'cannot-tell' });
    expect(result.verdict).toMatchObject({ decision: 'cannot-tell', pSign: null });
    expect(result.verdict.text).toContain('every visitor did the same in both arms');
    expect(check(result, 'aa-replay').status).toBe('warn');
  });

  it('on an unknown goal metric are wrong usage', () => {
    expect(() => analysed(recordOf({ old: [1], new: [1] }), { metrics: { goal: 'applause' } })).toThrow(
      'There is no metric "applause".',
    );
  });

  it('of an interrupted run say so, and want a look', () => {
    const result = analysed(recordOf({ old: [1, 2, 3], new: [3, 5, undefined] }), {}, 'interrupted');
    expect(result.verdict.text).toMatch(/interrupted: this is what it had so far\.$/);
    expect(needsHumanLook(result)).toBe(true);
  });
});

describe('who counts', () => {
  it('twins with a visit missing, failed or cut in one arm are left out and counted', () => {
    const database = recordOf(
      { old: [1, 2, 3, 2, 9, 9, 9], new: [3, 5, 4, 4, 1, 1, undefined] },
      (arm, visitor) => {
        if (arm === 'new' && visitor === 4)
          return { status: 'failed', exitReason: null, failureKind: 'timeout', failureMessage: 'too slow' };
        if (arm === 'new' && visitor === 5) return { status: 'truncated', exitReason: 'step-limit' };
        return {};
      },
    );
    const result = analysed(database);
    expect(comparison(result)).toMatchObject({ n: 4, effect: expect.closeTo(0.2, 12) });
    expect(comparison(result).note).toContain('3 visitors complete in only one of the two arms are left out');
    expect(result.arms[1]).toMatchObject({
      visitors: 6,
      sessions: 6,
      failed: 1,
      failures: { timeout: 1 },
      exits: { satisfied: 4, 'step-limit': 1 },
    });
    expect(check(result, 'srm')).toEqual({
      name: 'srm',
      status: 'fail',
      detail: 'twins: 4 of 7 visitors are complete in every arm',
    });
    expect(check(result, 'failed-sessions')).toEqual({
      name: 'failed-sessions',
      status: 'warn',
      detail: 'new: timeout × 1; first: too slow',
    });
    expect(check(result, 'attrition').status).toBe('fail');
    expect(check(result, 'truncated')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('new 1 of 6'),
    });
    expect(needsHumanLook(result)).toBe(true);
  });

  it('replicates are averaged within a visitor, who needs all of them', () => {
    const database = recordOf({ old: [1, 2, 3, 2], new: [2, 4, 3, 3] });
    const record = writer(database);
    [1, 2, 3, 2].forEach((count, visitor) => {
      for (const [arm, clicks] of [
        ['old', count],
        ['new', count + 2 + (visitor % 2)],
      ] as const) {
        if (arm === 'new' && visitor === 3) continue;
        record.saveSession(
          sampleSession({ arm, visitor: visitorNames[visitor]!, replicate: 2 }),
          sampleEvents({ slates: [items], opened: items.slice(0, clicks) }),
        );
      }
    });
    const found = comparison(analysed(database, { population: { replicates: 2 } }));
    expect(found.n).toBe(3);
    // ann (1 + 2) / 2, bob (2 + 3) / 2, cy (0 + 2) / 2, in tenths
    expect(found.effect).toBeCloseTo((0.15 + 0.25 + 0.1) / 3, 12);
  });

  it('an arm that never answered fails its check', () => {
    const result = analysed(
      recordOf({ old: [1, 2, 3], new: [0, 0, 0] }, (arm) =>
        arm === 'new'
          ? { status: 'failed', exitReason: null, failureKind: 'error', failureMessage: 'refused' }
          : {},
      ),
    );
    expect(check(result, 'failed-sessions').status).toBe('fail');
    expect(result.arms[1]!.metrics.ctr).toEqual({ mean: null, n: 0, ci: null });
    expect(comparison(result)).toMatchObject({ n: 0, effect: null, decision: 'cannot-tell' });
    expect(result.verdict.text).toContain('visitors in both arms: 0');
  });

  it('sessions of an arm that the scenario does not have are refused', () => {
    expect(() => analysed(recordOf({ old: [1], newer: [2] }))).toThrow(/sessions of the arm "newer"/);
  });
});

describe('a split test', () => {
  const clicks = {
    old: many((i) => 1 + (i % 3), 30),
    new: [...Array.from({ length: 30 }, () => undefined), ...many((i) => 3 + (i % 3), 30)],
  };

  it('is analysed by Welch over different visitors, with a sample-ratio check', () => {
    const database = recordOf(clicks);
    writer(database).setRun('assigned', { old: 30, new: 30 });
    const result = analysed(database, { design: 'split' });
    const found = comparison(result);
    // both arms: values in tenths, variance 20 / 29 × 0.01, effect 0.2
    expect(found).toMatchObject({
      n: 60,
      pPermutation: null,
      method: 'Welch t over visitors, ratio linearised',
      decision: 'better',
    });
    expect(found.effect).toBeCloseTo(0.2, 12);
    const se = Math.sqrt((2 * (20 / 29) * 0.01) / 30);
    expect(found.ci![1] - found.effect!).toBeCloseTo(2.0017175 * se, 7);
    expect(check(result, 'srm')).toEqual({
      name: 'srm',
      status: 'ok',
      detail: 'assigned 30 : 30, p = 1.00; started 30 : 30, p = 1.00; completed 30 : 30, p = 1.00',
    });
    expect(check(result, 'aa-replay').status).toBe('ok');
    expect(result.verdict.text).toMatch(/^new beats old on CTR by 0\.200 \[.*P\(sign right\) > 0\.999\.$/);
  });

  it('in which an arm loses its visitors fails the check', () => {
    const result = analysed(
      recordOf(clicks, (arm, visitor) =>
        arm === 'new' && visitor < 55
          ? { status: 'failed', exitReason: null, failureKind: 'error', failureMessage: 'refused' }
          : {},
      ),
      { design: 'split' },
    );
    expect(check(result, 'srm')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('completed 30 : 5'),
    });
    expect(check(result, 'attrition').status).toBe('fail');
  });
});
