// A made-up result for the tests of the report: four arms, every kind of number, every kind of gap.

import type { Result } from '../../src/experiment/result.ts';
import { parseScenario } from '../../src/experiment/scenario.ts';
import type { Scenario } from '../../src/experiment/scenario.ts';

const armNames = ['random', 'popularity', 'item-knn', 'matrix-factorisation'] as const;
const means: Readonly<Record<string, readonly number[]>> = {
  ctr: [0.081, 0.132, 0.168, 0.171],
  conversion: [0.31, 0.42, 0.47, 0.46],
  watches: [0.62, 1.31, 1.72, 1.75],
  meanRating: [3.21, 3.66, 3.83, 3.86],
  sessionSeconds: [88, 131, 149, 152],
};

/** The scenario the made-up result belongs to. */
export function exampleScenario(): Scenario {
  return parseScenario(
    {
      name: 'model',
      question: 'Which recommender makes people open more of what they see?',
      catalogue: 'ml-small',
      arms: armNames.map((name) => ({ name, method: name })),
      population: { visitors: 150 },
    },
    'the example',
  );
}

const healthy = {
  asked: 480,
  wait: { median: 0.41, p95: 1.2 },
  refused: {},
  search: null,
  writing: null,
  again: 0,
  untold: 0,
  complaints: [],
};

/** The result; the last metric of the last arm is not estimable. */
export function exampleResult(): Result {
  return {
    run: 'model-1',
    scenario: 'model',
    question: exampleScenario().question,
    scenarioHash: '51ce'.repeat(16),
    seed: 1,
    design: 'twins',
    mind: 'choice',
    catalogue: 'ml-small',
    path: 'runs/model-1',
    digest: '9f2b4c1d'.repeat(8),
    status: 'complete',
    reason: '',
    health: [
      { ...healthy, arm: 'random' },
      { ...healthy, arm: 'popularity' },
      {
        ...healthy,
        arm: 'item-knn',
        asked: 476,
        wait: { median: 31.2, p95: 64_000 },
        refused: { 'short-slate': 1, timeout: 2 },
        search: { slates: 473, wider: 12, everything: 3 },
        again: 4,
        complaints: ['3 of 476 slates were refused (short-slate 1, timeout 2)'],
      },
      {
        ...healthy,
        arm: 'matrix-factorisation',
        wait: { median: 18, p95: 22 },
        writing: {
          slates: 480,
          written: 9600,
          valid: 5760,
          named: 3888,
          nearest: 672,
          further: 240,
          filled: 61,
          validRate: 0.6,
          groundingRate: 0.81,
        },
        complaints: [
          'only 81 % of the items it listed were named exactly, and 60 % of the names it wrote exist',
        ],
      },
    ],
    offline: [
      {
        measure: 'ndcg@20',
        order: [...armNames].reverse(),
        tau: 2 / 3,
        pairs: 6,
        disagree: [[armNames[2]!, armNames[3]!]],
        note: '',
      },
    ],
    arms: armNames.map((name, place) => ({
      name,
      method: name,
      visitors: 150,
      sessions: 150,
      failed: place === 2 ? 3 : 0,
      cut: 0,
      failures: (place === 2 ? { timeout: 2, 'short-slate': 1 } : {}) as Record<string, number>,
      metrics: {
        ...Object.fromEntries(
          Object.entries(means).map(([metric, values]) => {
            const mean = values[place]!;
            return [metric, { mean, n: 150, ci: [mean * 0.93, mean * 1.07] as [number, number] }];
          }),
        ),
        listDiversity:
          place === 3
            ? { mean: null, n: 0, ci: null }
            : { mean: 0.82 - place * 0.06, n: 150, ci: [0.6, 0.84] },
      },
      exits: {
        satisfied: 20 + place * 18,
        bored: 80 - place * 17,
        tired: 40,
        'time-over': 6,
        'step-limit': 4 - place,
      },
      heldOutNdcg20: [0.004, 0.061, 0.112, 0.118][place]!,
      heldOutRecall20: null,
      heldOutAuc: null,
    })),
    comparisons: armNames.slice(1).flatMap((arm, place) => [
      ...Object.entries(means).map(([metric, values]) => {
        const effect = values[place + 1]! - values[0]!;
        const relative = effect / values[0]!;
        return {
          metric,
          arm,
          control: 'random',
          n: 150,
          effect,
          ci: [effect * 0.72, effect * 1.28] as [number, number],
          relative,
          relativeCi: [relative * 0.72, relative * 1.28] as [number, number],
          p: 0.00002,
          pPermutation: 0.0001,
          method: 'paired t',
          pSign: 0.99999,
          decision: 'better' as const,
          note: '',
        };
      }),
      {
        metric: 'listDiversity',
        arm,
        control: 'random',
        n: place === 2 ? 0 : 150,
        effect: place === 2 ? null : -0.06,
        ci: place === 2 ? null : ([-0.13, 0.01] as [number, number]),
        relative: null,
        relativeCi: null,
        p: place === 2 ? null : 0.09,
        pPermutation: null,
        method: 'paired t',
        pSign: place === 2 ? null : 0.95,
        decision: 'cannot-tell' as const,
        note: place === 2 ? 'no list was shown' : 'the interval holds zero',
      },
    ]),
    segments: [
      { trait: 'activity', level: 'low', visitors: 90, clicks: { mean: 3.1, ci: [2.8, 3.4] } },
      { trait: 'activity', level: 'medium', visitors: 45, clicks: { mean: 4.2, ci: [3.7, 4.7] } },
      { trait: 'activity', level: 'high', visitors: 15, clicks: { mean: 5.6, ci: null } },
    ],
    adjusted: armNames.slice(1).map((arm) => ({
      arm,
      method: 'cuped' as const,
      n: 150,
      effect: 0.08,
      ci: [0.06, 0.1] as [number, number],
      p: 0.00001,
      varianceRatio: 0.71,
      decides: false,
      note: '',
    })),
    posteriors: [],
    segmentEffects: (['low', 'medium', 'high'] as const).flatMap((level, place) =>
      armNames.slice(1).map((arm) => ({
        trait: 'activity' as const,
        level,
        arm,
        n: [90, 45, 15][place]!,
        effect: 0.05 + 0.01 * place,
        ci: [0.02, 0.09 + 0.02 * place] as [number, number],
        relative: 0.6,
        p: 0.001,
        pAdjusted: 0.004,
        note: '',
      })),
    ),
    minds: null,
    quote: null,
    guardrails: [
      {
        metric: 'list-diversity',
        arm: 'item-knn',
        margin: 0.1,
        relative: -0.02,
        worst: -0.05,
        status: 'holds',
        note: '',
      },
    ],
    novelty: {
      pages: [1, 2, 3].flatMap((number) =>
        armNames.slice(1).map((arm) => ({
          number,
          arm,
          n: 150 - 30 * number,
          effect: 0.06 - 0.01 * number,
          ci: [0.03 - 0.015 * number, 0.09] as [number, number],
        })),
      ),
      visits: [],
      changes: [],
    },
    suspects: { items: 0, quarantined: false, places: 0, without: [] },
    offPolicy: [
      {
        logged: 'random',
        target: 'item-knn',
        n: 150,
        ips: { value: 1.1, ci: [0.4, 1.8] },
        snips: { value: 1.2, ci: [0.7, 1.7] },
        truth: { value: 1.31, ci: [1.2, 1.4] },
        effectiveSize: 61.5,
        logSize: 1500,
        note: 'under-powered: the log of 1,500 places is worth 61.5',
      },
      {
        logged: 'item-knn',
        target: 'random',
        n: 150,
        ips: null,
        snips: null,
        truth: { value: 0.4, ci: [0.3, 0.5] },
        effectiveSize: 12,
        logSize: 1500,
        note: 'not estimable: item-knn shows its list without chance, and 98 % of what random shows is never in it',
      },
    ],
    stopping: {
      rule: 'fixed',
      ended: 'as-planned',
      looks: [],
      planned: { visitors: 150, sessions: 600 },
      done: { visitors: 150, sessions: 600 },
      saved: { sessions: 0, tokens: 0, usd: 0 },
    },
    checks: [
      { name: 'sample-ratio', status: 'ok', detail: '150 visitors in every arm, as planned' },
      { name: 'failures', status: 'warn', detail: '3 of 600 sessions failed, all under item-knn' },
      { name: 'same-arm-twice', status: 'ok', detail: 'p = 0.64 for popularity against itself' },
    ],
    verdict: {
      decision: 'better',
      arm: 'matrix-factorisation',
      metric: 'ctr',
      pSign: 0.99999,
      more: null,
      text: 'matrix-factorisation raises the CTR of simulated visitors from 0.081 to 0.171. It is not told apart from item-knn.',
    },
    cost: { calls: 0, tokensIn: 0, tokensOut: 0, usd: 0, seconds: 211.4 },
  };
}
