// What a policy would have earned, from the log of another that wrote down its propensities: importance weighting
// (IPS, self-normalised SNIPS), a model of rewards (DM), and both (DR and its kin), as in Dudík et al. 2014,
// Swaminathan and Joachims 2015, Wang et al. 2017 and Su et al. 2020. The error is over visitors, never over rounds.

import { bootstrapped } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';

/** One logged choice. */
export interface Round {
  /** Whose round it is: rounds of one visitor are not independent. */
  readonly visitor: string;
  readonly reward: number;
  /** Probability of the logged action under the logging and under the evaluated policy. */
  readonly logged: number;
  readonly evaluated: number;
  /** The model's reward of the logged action, and its mean under the evaluated policy; 0 without a model. */
  readonly predicted: number;
  readonly expected: number;
}

export type Estimator =
  | { readonly name: 'ips'; readonly clip?: number }
  | { readonly name: 'snips' }
  | { readonly name: 'dm' }
  | { readonly name: 'dr'; readonly clip?: number }
  | { readonly name: 'sndr' }
  | { readonly name: 'switch-dr'; readonly threshold: number }
  | { readonly name: 'dr-os'; readonly lambda: number };

/** Below this share of the rounds the effective sample is too small to trust a weighted mean. */
export const leastEffectiveShare = 0.1;

/** The policy's value by an estimator; NaN where the weights are all 0 and it divides by them. */
export function policyValue(rounds: readonly Round[], estimator: Estimator): number {
  const n = rounds.length;
  const mean = (of: (round: Round) => number): number =>
    rounds.reduce((sum, round) => sum + of(round), 0) / n;
  const weight = ({ logged, evaluated }: Round): number => evaluated / logged;
  const error = ({ reward, predicted }: Round): number => reward - predicted;
  switch (estimator.name) {
    case 'ips':
      return mean((round) => Math.min(weight(round), estimator.clip ?? Infinity) * round.reward);
    case 'snips':
      return mean((round) => weight(round) * round.reward) / mean(weight);
    case 'dm':
      return mean(({ expected }) => expected);
    case 'dr':
      return mean(
        (round) => round.expected + Math.min(weight(round), estimator.clip ?? Infinity) * error(round),
      );
    case 'sndr':
      return mean(({ expected }) => expected) + mean((round) => weight(round) * error(round)) / mean(weight);
    case 'switch-dr':
      return mean(
        (round) => round.expected + (weight(round) <= estimator.threshold ? weight(round) * error(round) : 0),
      );
    case 'dr-os':
      return mean((round) => {
        const own = weight(round);
        return round.expected + ((own * estimator.lambda) / (own ** 2 + estimator.lambda)) * error(round);
      });
    default:
      return estimator satisfies never;
  }
}

/** Kish's effective number of rounds: (Σw)²/Σw². */
export function effectiveRounds(rounds: readonly Round[]): number {
  let [sum, squares] = [0, 0];
  for (const { logged, evaluated } of rounds) {
    sum += evaluated / logged;
    squares += (evaluated / logged) ** 2;
  }
  return squares === 0 ? 0 : sum ** 2 / squares;
}

export interface PolicyEstimate {
  readonly kind: 'estimated';
  readonly value: number;
  readonly ci: readonly [number, number];
  readonly effective: number;
  /** True where fewer than a tenth of the rounds count: the policies are too far apart for this log. */
  readonly underPowered: boolean;
}

/** Value with its percentile interval over visitors drawn again. Refuses impossible propensities. */
export function estimatePolicy(
  rounds: readonly Round[],
  estimator: Estimator,
  options: BootstrapOptions,
): PolicyEstimate | NotEstimable {
  const bad = rounds.find(
    ({ logged, evaluated, reward }) =>
      !(logged > 0 && logged <= 1) || !(evaluated >= 0 && evaluated <= 1) || !Number.isFinite(reward),
  );
  if (bad !== undefined)
    return notEstimable(
      `a round of visitor ${bad.visitor} has propensities ${bad.logged} and ${bad.evaluated} and reward ${bad.reward}`,
    );
  const visitors = [...Map.groupBy(rounds, ({ visitor }) => visitor).values()];
  const interval = bootstrapped(visitors, (sample) => policyValue(sample.flat(), estimator), options);
  if (interval.kind === 'not-estimable') return interval;
  const effective = effectiveRounds(rounds);
  return {
    kind: 'estimated',
    value: interval.value,
    ci: interval.percentile,
    effective,
    underPowered: effective < leastEffectiveShare * rounds.length,
  };
}
