// Answers to cases on looking more than once: confidence sequences, mixtures, always-valid intervals and tests.

import { bernoulliInterval, sequentialQuantileTest } from '../../../src/stats/bernoulli-sequence.ts';
import { anytimeEstimate, oneSidedReach } from '../../../src/stats/confidence-sequence.ts';
import type { Estimated } from '../../../src/stats/estimate.ts';
import {
  bestRho,
  betaBinomialMixture,
  gammaExponentialMixture,
  mixtureBound,
  normalMixture,
  oneSidedNormalMixture,
  stitchedBound,
} from '../../../src/stats/mixtures.ts';
import type { LogMixture } from '../../../src/stats/mixtures.ts';
import { momentsFromSums } from '../../../src/stats/moments.ts';
import { ratioLift } from '../../../src/stats/ratio-lift.ts';
import type { RatioArm } from '../../../src/stats/ratio-lift.ts';
import { relativeDifference } from '../../../src/stats/two-sample.ts';
import { numberAfter, solid, type Answer, type AnswerTable, type Question } from './answer.ts';

interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly sum_squares: number;
}

const numberOf = ({ input }: Question, name: string): number => input[name] as number;

function relativeOf({ input }: Question) {
  const [control, treatment] = [input['control'] as Sums, input['treatment'] as Sums];
  const estimate = solid(
    relativeDifference(
      momentsFromSums(control.n, control.sum, control.sum_squares),
      momentsFromSums(treatment.n, treatment.sum, treatment.sum_squares),
      { alpha: input['alpha'] as number },
    ),
  );
  return { estimate, n: control.n + treatment.n };
}

function sequenceAnswer(question: Question, estimate: { effect: number; se: number }, n: number): Answer {
  const sequence = { alpha: numberOf(question, 'alpha'), tunedFor: numberOf(question, 'tuning') };
  return { ...anytimeEstimate(estimate as Estimated, n, sequence) };
}

/** An arm with a covariate as a ratio over constants. */
function armWithCovariate(post: Sums, before: Omit<Sums, 'n'>, product: number): RatioArm {
  const { n } = post;
  const covariance = (squares: number, a: number, b: number): number => (squares - (a * b) / n) / (n - 1);
  const cross = covariance(product, post.sum, before.sum);
  return {
    n,
    mean: [post.sum / n, 1, before.sum / n, 1],
    covariance: [
      [covariance(post.sum_squares, post.sum, post.sum), 0, cross, 0],
      [0, 0, 0, 0],
      [cross, 0, covariance(before.sum_squares, before.sum, before.sum), 0],
      [0, 0, 0, 0],
    ],
  };
}

function mixtureAnswer(question: Question, mixture: LogMixture): Answer {
  const [s, v] = [numberOf(question, 's'), numberOf(question, 'v')];
  return { log_mixture: mixture(s, v), bound: mixtureBound(mixture, v, numberOf(question, 'alpha')) };
}

/** The level that a mixture is tuned at, 5 % where a case does not say. */
const tunedAt = ({ input }: Question): number => (input['alpha_opt'] as number | undefined) ?? 0.05;

export const sequenceAnswers: AnswerTable = [
  [
    /asymptotic (?:confidence sequence|CS) with CUPED/iu,
    (question) => {
      const { input } = question;
      const [control, treatment] = [input['control'] as Sums, input['treatment'] as Sums];
      const pre = input['pre'] as { control: Sums; treatment: Sums; post_pre_sum_of_products: number };
      const lift = solid(
        ratioLift(
          armWithCovariate(control, pre.control, pre.post_pre_sum_of_products),
          armWithCovariate(treatment, pre.treatment, pre.post_pre_sum_of_products),
          input['alpha'] as number,
          'observed',
        ),
      );
      return sequenceAnswer(question, lift, control.n + treatment.n);
    },
  ],
  [
    /asymptotic (?:confidence sequence|CS)/iu,
    (question) => {
      const { estimate, n } = relativeOf(question);
      return sequenceAnswer(question, estimate, n);
    },
  ],
  [
    /one-sided CS/iu,
    (question) => {
      const { estimate, n } = relativeOf(question);
      const sequence = { alpha: numberOf(question, 'alpha'), tunedFor: numberOf(question, 'tuning') };
      const reach = oneSidedReach(n, sequence) * estimate.se;
      return { lower: estimate.effect - reach, upper_for_lesser: estimate.effect + reach };
    },
  ],
  [
    /two-sided normal mixture/iu,
    (question) => ({
      best_rho: bestRho(numberOf(question, 'v_opt'), tunedAt(question)),
      ...mixtureAnswer(question, normalMixture(numberOf(question, 'v_opt'), tunedAt(question))),
    }),
  ],
  [
    /one-sided normal mixture/iu,
    (question) =>
      mixtureAnswer(question, oneSidedNormalMixture(numberOf(question, 'v_opt'), tunedAt(question))),
  ],
  [
    /beta-binomial mixture/iu,
    (question) =>
      mixtureAnswer(
        question,
        betaBinomialMixture(
          numberOf(question, 'g'),
          numberOf(question, 'h'),
          numberOf(question, 'v_opt'),
          tunedAt(question),
          /one-sided/iu.test(question.method),
        ),
      ),
  ],
  [
    /gamma-exponential mixture/iu,
    (question) => {
      const c = (question.input['c'] as number | undefined) ?? numberAfter(question.method, 'c')!;
      return mixtureAnswer(
        question,
        gammaExponentialMixture(c, numberOf(question, 'v_opt'), tunedAt(question)),
      );
    },
  ],
  [
    /polynomial stitched bound/iu,
    (question) =>
      Object.fromEntries(
        question.wanted.map((name) => {
          const [, sign, size] = /^c(neg)?([0-9.]+)$/u.exec(name) ?? [];
          const c = (sign === undefined ? 1 : -1) * Number(size);
          const [v, alpha, from] = ['v', 'alpha', 'v_min'].map((key) => numberOf(question, key));
          return [name, stitchedBound(v!, alpha!, { from: from!, c })];
        }),
      ),
  ],
  [
    /anytime-valid CI for a Bernoulli mean/iu,
    (question) => ({
      ci: bernoulliInterval(numberOf(question, 'successes'), numberOf(question, 'n'), {
        alpha: numberOf(question, 'alpha'),
        tunedFor: numberOf(question, 't_opt'),
        alphaTuned: tunedAt(question),
      }),
    }),
  ],
  [
    /sequential quantile A\/B/iu,
    (question) => {
      const many = numberAfter(question.method, 'a=1\\.\\.') ?? 1000;
      const control = Array.from({ length: many }, (_, index) => index + 1);
      const offset = numberOf(question, 'offset');
      const p = sequentialQuantileTest(
        control,
        control.map((value) => value + offset),
        numberOf(question, 'quantile'),
        { tunedFor: numberOf(question, 't_opt'), alphaTuned: tunedAt(question) },
      );
      return { p };
    },
  ],
];
