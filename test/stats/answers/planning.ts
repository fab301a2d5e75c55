// Answers to cases on power, priors, sample ratios and several tests at once.

import { expectedLoss, posteriorOf } from '../../../src/stats/bayes.ts';
import { sequenceReach } from '../../../src/stats/confidence-sequence.ts';
import { normalQuantile } from '../../../src/stats/distributions.ts';
import { momentsFromSums, visitorMoments } from '../../../src/stats/moments.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  bonferroni,
  hochberg,
  holm,
} from '../../../src/stats/multiplicity.ts';
import {
  normalPower,
  posteriorPower,
  smallest,
  tPower,
  visitorsForProportions,
  zPower,
} from '../../../src/stats/power.ts';
import { exactSampleRatio, normalSampleRatio, sampleRatio } from '../../../src/stats/srm.ts';
import { liftVariance, relativeDifference } from '../../../src/stats/two-sample.ts';
import type { Alternative } from '../../../src/stats/two-sample.ts';
import { numberAfter, solid, type Answer, type AnswerTable, type Question } from './answer.ts';

interface Arm {
  readonly n: number;
  readonly sum?: number;
  readonly sum_squares?: number;
  readonly successes?: number;
}

const optional = ({ input }: Question, name: string): number | undefined => input[name] as number | undefined;

function momentsOfArm({ n, sum, sum_squares, successes }: Arm): Moments {
  if (successes === undefined) return momentsFromSums(n, sum!, sum_squares!);
  const share = successes / n;
  return visitorMoments({ n, mean: share, variance: share * (1 - share) });
}

function posteriorAnswer({ input }: Question): Answer {
  const [control, treatment] = [input['control'], input['treatment']].map((arm) => momentsOfArm(arm as Arm));
  const alpha = (input['alpha'] as number | undefined) ?? 0.05;
  const { effect, se } = solid(relativeDifference(control!, treatment!, { alpha }));
  const prior = (input['prior'] as { mean: number; variance: number } | undefined) ?? null;
  const posterior = solid(posteriorOf(effect, se, alpha, prior));
  return {
    effect: posterior.mean,
    ci: posterior.ci,
    sd: posterior.sd,
    chance_to_win: posterior.better,
    risk: posterior.loss,
  };
}

function adjustedBy(adjust: (p: readonly (number | null)[]) => (number | null)[]): AnswerTable[number][1] {
  return ({ input }) => {
    const adjusted = adjust(input['p'] as number[]);
    return { adjusted, adjusted_sorted_by_p: [...adjusted].sort((a, b) => a! - b!) };
  };
}

const sides: Readonly<Record<string, Alternative>> = { two: 'two-sided', greater: 'greater', less: 'less' };

function testPower({ method, input }: Question): Answer {
  const [size, n, m, alpha] = ['effect_size', 'n1', 'n2', 'alpha'].map(
    (name) => input[name] as number | null,
  );
  const side = sides[input['alternative'] as string]!;
  if (/sample z/iu.test(method)) return { power: zPower(size!, { n: n!, m: m! }, alpha!, side) };
  return { power: tPower(size!, { n: n!, m: m ?? undefined }, alpha!, side) };
}

/** Power for a lift among several arms; a sequence is read as a fixed test whose error its reach stretches. */
function liftPower({ input, wanted }: Question): Answer {
  const [effect, mean, variance, total, arms, alpha] = [
    'effect',
    'mean',
    'variance',
    'n_total',
    'arms',
    'alpha',
  ].map((name) => input[name] as number) as [number, number, number, number, number, number];
  const n = total / arms;
  const z = normalQuantile(alpha / 2, 'upper');
  const errorAt = (lift: number): number =>
    Math.sqrt(
      liftVariance(
        visitorMoments({ n, mean, variance }),
        visitorMoments({ n, mean: mean * (1 + lift), variance }),
      ),
    );
  return Object.fromEntries(
    wanted.map((name) => {
      const tunedFor = numberAfter(name, 'sequential_');
      const stretch = tunedFor === undefined ? 1 : sequenceReach(2 * n, { alpha, tunedFor }) / z;
      if (name.endsWith('power')) return [name, normalPower(effect, errorAt(effect) * stretch, z)];
      // The smallest detectable lift solves lift = (z + z_power) · error(lift).
      const reach = z + normalQuantile((numberAfter(name, 'mde_at_') ?? 80) / 100);
      return [name, smallest((lift) => lift / (errorAt(lift) * stretch), reach)];
    }),
  );
}

/** How many times the present sample is to be added until the power for this effect is 80 %. */
function growthNeeded({ input, wanted, method }: Question): Answer {
  const [control, treatment] = [input['control'], input['treatment']].map((arm) => momentsOfArm(arm as Arm));
  const [effect, alpha] = [input['mde'] as number, input['alpha'] as number];
  const power = (numberAfter(method, 'reach') ?? 80) / 100;
  const variance = liftVariance(control!, treatment!);
  const n = control!.n + treatment!.n;
  const errorAt = (more: number): number => Math.sqrt(variance / (1 + more));
  return Object.fromEntries(
    wanted.map((name) => {
      const tunedFor = numberAfter(name, 'sequential_');
      const [, mean, spread] = /mean(\d+)_var(\d+)/u.exec(name) ?? [];
      const at = (more: number): number => {
        if (mean !== undefined)
          return posteriorPower(
            effect,
            errorAt(more),
            { mean: Number(`0.${mean}`), variance: Number(`0.${spread}`) },
            alpha,
          );
        const critical =
          tunedFor === undefined
            ? normalQuantile(alpha / 2, 'upper')
            : sequenceReach(n * (1 + more), { alpha, tunedFor });
        return normalPower(effect, errorAt(more), critical);
      };
      return [name, smallest(at, power)];
    }),
  );
}

export const planningAnswers: AnswerTable = [
  [
    /SRM chi-square/iu,
    ({ input }) => {
      const test = sampleRatio(input['users'] as number[], input['weights'] as number[]);
      // Where nothing was counted, platforms print p = 1; ours refuses, which is the same: no sign of a mismatch.
      return { p: test.kind === 'tested' ? test.p : 1 };
    },
  ],
  [
    /sample ratio, (?:binom|norm)/iu,
    ({ method, input }) => {
      const [users, weights] = [input['users'] as [number, number], input['weights'] as [number, number]];
      return {
        p: /binom/iu.test(method)
          ? exactSampleRatio(users, weights)
          : normalSampleRatio(users, weights, /norm-cc/iu.test(method)),
      };
    },
  ],
  [
    /expected loss of a normal posterior/iu,
    ({ input }) => ({ risk: expectedLoss(input['mu'] as number, input['sigma'] as number) }),
  ],
  [/prior/iu, posteriorAnswer],
  [/Yekutieli|^by$/iu, adjustedBy(benjaminiYekutieli)],
  [/Hochberg, step|^hochberg$/iu, adjustedBy(hochberg)],
  [/Benjamini-Hochberg|^bh\b/iu, adjustedBy(benjaminiHochberg)],
  [/holm/iu, adjustedBy(holm)],
  [/bonferroni/iu, adjustedBy(bonferroni)],
  [/power of (?:paired|two-sample)/iu, testPower],
  [/power for relative lift/iu, liftPower],
  [
    /total n/iu,
    (question) => {
      const { input, method } = question;
      const [share, effect] = [input['p'] as number, input['mde_abs'] as number];
      // The calculator these cases are from plans for 85 % where nothing is said.
      const power = optional(question, 'power') ?? numberAfter(method, 'power') ?? 0.85;
      const alpha = optional(question, 'alpha') ?? numberAfter(method, 'alpha') ?? 0.05;
      return { n_total: 2 * visitorsForProportions(share, share + effect, alpha, power) };
    },
  ],
  [
    /achieved power, unequal arms/iu,
    ({ input }) => {
      const [share, effect, n, m, alpha] = ['p', 'mde_abs', 'n1', 'n2', 'alpha'].map(
        (name) => input[name] as number,
      ) as [number, number, number, number, number];
      const other = share + effect;
      const se = Math.sqrt((share * (1 - share)) / n + (other * (1 - other)) / m);
      return { power: normalPower(effect, se, normalQuantile(alpha / 2, 'upper')) };
    },
  ],
  [/extra-sample factor/iu, growthNeeded],
];
