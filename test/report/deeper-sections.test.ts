// The closer look: every part shows where the run has something of it, and nothing stands there where it has not.

import { expect, it } from 'vitest';
import { deeperSection } from '../../src/report/deeper-sections.ts';
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
