// The closer look: every part shows where the run has something of it, and nothing stands there where it has not.

import { describe, expect, it } from 'vitest';
import { deeperSection } from '../../src/report/deeper-sections.ts';
import { quotedText } from '../../src/report/quoted.ts';
import type { Result } from '../../src/experiment/result.ts';
import { exampleResult } from './example-result.ts';

const bare: Result = {
  ...exampleResult(),
  adjusted: [],
  posteriors: [],
  segmentEffects: [],
  guardrails: [],
  novelty: { pages: [], visits: [], changes: [] },
  offPolicy: [],
  stopping: { ...exampleResult().stopping, rule: 'fixed' },
};

it('is left out where there is nothing to say', () => {
  expect(deeperSection(bare)).toBeNull();
});

it('says when a sequential run stopped and what that saved', () => {
  const look = {
    visitors: 40,
    arms: [
      {
        arm: 'popularity',
        n: 40,
        effect: 0.1,
        ci: [0.05, 0.15] as [number, number],
        decision: 'better' as const,
        chance: null,
      },
    ],
    stop: 'decided' as const,
  };
  const text = deeperSection({
    ...bare,
    stopping: {
      rule: 'sequential',
      ended: 'decided',
      looks: [look],
      planned: { visitors: 80, sessions: 160 },
      done: { visitors: 40, sessions: 80 },
      saved: { sessions: 80, tokens: 12_000, usd: 1.5 },
    },
  })!.html;
  expect(text).toMatch(/40 of\s+80\s+visitors, which saved 80 sessions, 12,000 tokens, \$1\.50/u);
  expect(text).toContain('40 visitors');
});

it('shows guardrails, adjusted estimates, priors, segments, pages and logs, hostile names as text', () => {
  const interval: [number, number] = [0.01, 0.03];
  const text = deeperSection({
    ...bare,
    guardrails: [
      {
        metric: 'mean-rating',
        arm: '<b>mf</b>',
        margin: 0.05,
        relative: 0.01,
        worst: -0.02,
        status: 'holds',
        note: '',
      },
    ],
    adjusted: [
      {
        arm: 'mf',
        method: 'cuped',
        n: 80,
        effect: 0.02,
        ci: interval,
        p: 0.01,
        varianceRatio: 0.64,
        decides: true,
        note: '',
      },
    ],
    posteriors: [
      {
        arm: 'mf',
        relative: 0.05,
        interval,
        pBetter: 0.97,
        pEquivalent: 0.01,
        expectedLoss: 0.0004,
        decision: 'better',
      },
    ],
    segmentEffects: [
      {
        trait: 'activity',
        level: 'low',
        arm: 'mf',
        n: 30,
        effect: null,
        ci: null,
        relative: null,
        p: null,
        pAdjusted: null,
        note: 'too few',
      },
    ],
    novelty: {
      pages: [{ number: 2, arm: 'mf', n: 25, effect: 0.02, ci: interval }],
      visits: [],
      changes: [],
    },
    offPolicy: [
      {
        logged: 'random',
        target: 'mf',
        n: 80,
        ips: { value: 1.2, ci: interval },
        snips: null,
        truth: { value: 1.3, ci: null },
        effectiveSize: 12.5,
        logSize: 800,
        note: 'under-powered',
      },
    ],
  })!.html;
  for (const part of [
    'Guardrails',
    'holds',
    'CUPED',
    '64 %',
    'decides',
    'P(better)',
    '0.97',
    'not estimable: too few',
    'page 2',
    '12.5 of 800',
    'under-powered',
  ])
    expect(text, part).toContain(part);
  expect(text).toContain('&lt;b&gt;mf&lt;/b&gt;');
  expect(text).not.toContain('<b>mf</b>');
});

describe('several minds', () => {
  const own = (mind: string, effect: number, calls: number) => ({
    mind,
    visitors: 8,
    sessions: 16,
    failed: 0,
    effects: [
      {
        arm: 'popularity',
        n: 8,
        effect,
        ci: [effect - 0.2, effect + 0.2] as [number, number],
        relative: 0.3,
        p: 0.01,
        decision: 'better' as const,
        note: '',
      },
    ],
    cost: { calls, tokens: 1000 * calls, usd: calls === 0 ? 0 : null },
  });
  const minds = {
    rule: 'few' as const,
    lead: 'llm',
    each: [own('choice', 0.5, 0), own('llm', 0.9, 40)],
    spread: [
      {
        arm: 'popularity',
        mind: 'choice',
        n: 8,
        difference: 0.4,
        ci: [0.1, 0.7] as [number, number],
        p: 0.02,
        note: '',
      },
    ],
    combined: [
      {
        arm: 'popularity',
        n: 8,
        rest: 32,
        effect: 0.8,
        ci: [0.7, 0.9] as [number, number],
        p: 0.001,
        lambda: 0.6,
        correlation: 0.8,
        effective: 15.2,
        saved: { sessions: 14, tokens: 35_000, usd: null },
        note: '',
      },
    ],
  };

  it('stand with their effects, their spread, their cost and what was saved', () => {
    const text = deeperSection({ ...exampleResult(), minds })!.html;
    for (const said of ['llm alone', 'both together', 'llm − choice', '+0.400', '40,000', 'unknown'])
      expect(text).toContain(said);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'replaced 14 sessions of llm: 35,000 tokens, money unknown',
    );
  });

  it('are said to have saved nothing where they have not', () => {
    const none = { ...minds.combined[0]!, saved: { sessions: -2, tokens: -5000, usd: null } };
    const text = deeperSection({ ...exampleResult(), minds: { ...minds, combined: [none] } })!.html;
    expect(text.replaceAll(/\s+/g, ' ')).toContain('choice replaced no session of llm');
  });
});

it('a quote stands beside what was taken, and nowhere without one', () => {
  const about = (expected: number) => ({ expected, low: 0, high: 2 * expected });
  const quote = {
    sessions: 24,
    calls: about(300),
    tokens: about(610_000),
    usd: null,
    minutes: null,
    played: 3,
    recorded: false,
  };
  const cost = { calls: 310, tokensIn: 600_000, tokensOut: 20_000, usd: 0, seconds: 9 };
  expect(quotedText({ ...exampleResult(), quote, cost })).toBe(
    '300 calls, 610,000 tokens, price unknown, from 3 of 24 sessions; took 310 calls, 620,000 tokens, $0.00',
  );
  expect(quotedText(exampleResult())).toBeNull();
});
