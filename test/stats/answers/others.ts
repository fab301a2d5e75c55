// Answers to cases on clusters and pairs, the bootstrap, off-policy estimates, prediction-powered inference and ranking.

import { bootstrapped } from '../../../src/stats/bootstrap.ts';
import { normalSurvival } from '../../../src/stats/distributions.ts';
import { clusteredLeastSquares } from '../../../src/stats/least-squares.ts';
import { policyValue } from '../../../src/stats/off-policy.ts';
import type { Estimator, Round } from '../../../src/stats/off-policy.ts';
import { pairedT } from '../../../src/stats/paired.ts';
import { predictionPoweredMean, predictionPoweredPoint } from '../../../src/stats/prediction-powered.ts';
import { mcNemar, wilcoxonSignedRank } from '../../../src/stats/rank-tests.ts';
import { meanOf, varianceOf } from '../../../src/stats/ratio.ts';
import { exposureOf, topK } from '../../../src/stats/top-k.ts';
import { welch } from '../../../src/stats/welch.ts';
import { estimated, means, twins } from '../values.ts';
import { numberAfter, solid, type AnswerTable, type Question } from './answer.ts';

function roundsOf({ input }: Question): Round[] {
  const [reward, action, pscore] = [
    input['reward'],
    input['action'],
    input['pscore'],
  ] as unknown as number[][];
  const [policy, model] = [input['pi_e'], input['q_hat']] as unknown as number[][][];
  return reward!.map((earned, index) => ({
    visitor: String(index),
    reward: earned,
    logged: pscore![index]!,
    evaluated: policy![index]![action![index]!]!,
    predicted: model![index]![action![index]!]!,
    expected: policy![index]!.reduce((sum, chance, each) => sum + chance * model![index]![each]!, 0),
  }));
}

/** "ips-clip-1.5", "switch-dr-2": a name with its parameter. */
function estimatorOf(method: string): Estimator {
  const [, name, number] = /^([a-z-]+?)-?([0-9.]+)?$/u.exec(method.trim().toLowerCase()) ?? [];
  const value = number === undefined ? undefined : Number(number);
  switch (name) {
    case 'ips':
    case 'ips-clip':
      return { name: 'ips', ...(value === undefined ? {} : { clip: value }) };
    case 'snips':
    case 'dm':
    case 'sndr':
      return { name };
    case 'dr':
    case 'dr-clip':
      return { name: 'dr', ...(value === undefined ? {} : { clip: value }) };
    case 'switch-dr':
      return { name, threshold: value! };
    case 'dros':
      return { name: 'dr-os', lambda: value! };
    default:
      throw new Error(`no estimator is called ${method}`);
  }
}

const everyEstimator: readonly Estimator[] = [
  { name: 'ips' },
  { name: 'snips' },
  { name: 'dm' },
  { name: 'dr' },
  { name: 'sndr' },
  { name: 'switch-dr', threshold: 1 },
  { name: 'dr-os', lambda: 1 },
];

export const otherAnswers: AnswerTable = [
  [
    /OLS .*cluster-robust/iu,
    ({ input }) => {
      const [user, arm, y] = [input['user'], input['arm'], input['y']] as unknown as number[][];
      const rows = y!.map((outcome, index) => ({
        visitor: String(user![index]),
        outcome,
        regressors: [arm![index]!],
      }));
      const fit = solid(clusteredLeastSquares(rows, 0.05));
      return {
        effect: fit.effect,
        se_cr1: fit.se,
        se_cr0: fit.seCr0,
        se_iid: fit.seIndependent,
        p_normal: fit.pNormal,
      };
    },
  ],
  [
    /paired t, Wilcoxon/iu,
    ({ input }) => {
      const [a, b] = [input['a'] as number[], input['b'] as number[]];
      const paired = estimated(pairedT(twins(a, b), 'mean', 0.05));
      const unpaired = estimated(welch(means(a), means(b), 'mean', 0.05));
      const differences = b.map((value, index) => value - a[index]!);
      const ranks = solid(wilcoxonSignedRank(differences));
      const [x, y] = [meanOf(a), meanOf(b)];
      const covariance =
        a.reduce((sum, value, index) => sum + (value - x) * (b[index]! - y), 0) / (a.length - 1);
      return {
        paired_t: paired.effect / paired.se,
        paired_p: paired.p,
        welch_t: unpaired.effect / unpaired.se,
        welch_p: unpaired.p,
        wilcoxon_W: ranks.statistic,
        wilcoxon_p: ranks.p,
        var_diff: varianceOf(differences),
        corr: covariance / Math.sqrt(varianceOf(a) * varianceOf(b)),
      };
    },
  ],
  [
    /McNemar/iu,
    ({ method, input }) => {
      const [[, onlyControl], [onlyTreatment]] = input['table'] as unknown as [[number, number], [number]];
      const test = solid(mcNemar(onlyControl, onlyTreatment));
      const p = /exact/iu.test(method) ? test.exactP : /correct/iu.test(method) ? test.correctedP : test.p;
      return { statistic: test.statistic, p };
    },
  ],
  [
    /bootstrap .*CI of the mean/iu,
    ({ method, input }) => {
      const level = numberAfter(method, 'bootstrap') ?? 95;
      const resamples = Number(/([0-9.e]+) resamples/u.exec(method)?.[1] ?? 1e5);
      const mean = (sample: readonly number[]): number => {
        let sum = 0;
        for (const value of sample) sum += value;
        return sum / sample.length;
      };
      return {
        ...solid(
          bootstrapped(input['x'] as number[], mean, {
            alpha: 1 - level / 100,
            resamples,
            seed: ['vectors'],
          }),
        ),
      };
    },
  ],
  [
    /all rewards .* are 0/iu,
    (question) => {
      const rounds = roundsOf(question).map((round) => ({ ...round, predicted: 0, expected: 0 }));
      const values = everyEstimator.map((estimator) => Math.abs(policyValue(rounds, estimator)));
      return { policy_value: Math.max(...values) };
    },
  ],
  [
    /^(?:ips|snips|dm|dr|sndr|switch-dr|dros)(?:-|$)/iu,
    (question) => ({ policy_value: policyValue(roundsOf(question), estimatorOf(question.method)) }),
  ],
  [
    /PPI|predictions biased/iu,
    ({ method, input, wanted }) => {
      const [real, simulated, unlabelled] = [
        input['Y'],
        input['Yhat'],
        input['Yhat_unlabeled'],
      ] as unknown as number[][];
      const labelled = { real: real!, simulated: simulated!, unlabelled: unlabelled! };
      const lambda = (input['lambda'] as number | undefined) ?? numberAfter(method, 'lambda');
      const alpha = (input['alpha'] as number | undefined) ?? 0.05;
      if (wanted.every((name) => name === 'estimate') && lambda !== undefined)
        return { estimate: predictionPoweredPoint(labelled, lambda) };
      const options = { alpha, ...(lambda === undefined ? {} : { lambda }) };
      const { effect, ci, se } = solid(predictionPoweredMean(labelled, options));
      const against = wanted.flatMap((name) => {
        const [, whole, part] = /^p_null_(\d+)_(\d+)$/u.exec(name) ?? [];
        const value = Number(`${whole}.${part}`);
        return whole === undefined ? [] : [[name, 2 * normalSurvival(Math.abs(effect - value) / se)]];
      });
      return { estimate: effect, ci, se, ...Object.fromEntries(against) };
    },
  ],
  [
    /per-user @1\.\.@(\d+) metrics/iu,
    ({ input, wanted }) => {
      const [hits, likes] = [input['hits'] as unknown as number[][], input['n_positives'] as number[]];
      const names = {
        hit: 'hit',
        mrr: 'mrr',
        recall: 'recall',
        precision: 'precision',
        map: 'ap',
        ndcg: 'ndcg',
      };
      return Object.fromEntries(
        wanted.map((name) => [
          name,
          hits.map((row, person) =>
            row.map((_, place) => {
              const measures = topK(row.map(Boolean), likes[person]!, place + 1);
              return measures[names[name as keyof typeof names] as keyof typeof measures];
            }),
          ),
        ]),
      );
    },
  ],
  [
    /item coverage, Gini/iu,
    ({ input }) => ({ ...exposureOf(input['items'] as unknown as number[][], input['n_items'] as number) }),
  ],
];
