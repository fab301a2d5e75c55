// The part of a scenario that says, before the run, how its answer will be read: which metrics decide and which must
// not suffer, how noise is taken out, and when the run stops. Fixed here, hashed with the rest, stored with the result.

import { z } from 'zod';

/** Fields of `metrics` beside the goal, the margin and α. */
export const analysisFields = {
  /** Further goal metrics: they share α with the goal (Holm over all of them and all arms). */
  furtherGoals: z.array(z.string()).default([]),
  /** Metrics that may not get worse by more than their relative margin, whatever the goal does. */
  guardrails: z.array(z.object({ metric: z.string(), margin: z.number().gt(0).lt(1) }).strict()).default([]),
  /** How noise that was there before the arms is taken out of the estimate that decides. */
  adjust: z.enum(['none', 'cuped', 'post-stratification']).default('none'),
  /** Reads the goal's relative effect against a prior; the verdict then goes by the posterior. */
  bayes: z
    .object({
      /**
       * Normal prior of the relative effect. The default is fitted (restricted maximum likelihood) on 99 real treatments
       * of an online shop: ASOS, Liu, Cardoso, Couturier and McCoy 2021, CC BY 4.0; `bench statistics` fits it again.
       */
      prior: z
        .object({ mean: z.number().gt(-1).default(0.0008), sd: z.number().gt(0).default(0.0073) })
        .strict()
        .prefault({}),
      /** Posterior probability from which an arm is called better, worse or (inside ± margin) equivalent. */
      certainty: z.number().gt(0.5).lt(1).default(0.95),
    })
    .strict()
    .optional(),
};

export const stoppingSchema = z.discriminatedUnion('rule', [
  /** One look, when every planned session is done. */
  z.object({ rule: z.literal('fixed') }).strict(),
  /** A look after every batch of visitors, with intervals that hold at all looks together. */
  z
    .object({
      rule: z.literal('sequential'),
      /** Visitors between two looks. */
      batch: z.int().min(2).default(20),
      /** No look before so many visitors: the intervals are asymptotic. */
      minimumVisitors: z.int().min(2).default(40),
      /** Also stop when an effect as large as the margin has become improbable to be found with the visitors left. */
      futility: z.boolean().default(true),
    })
    .strict(),
]);
export type Stopping = z.infer<typeof stoppingSchema>;

interface Declared {
  readonly design: 'twins' | 'split' | 'interleaving';
  readonly arms: readonly { readonly name: string; readonly presentation: unknown }[];
  readonly population: { readonly burnIn: number };
  readonly metrics: {
    readonly goal: string;
    readonly furtherGoals: readonly string[];
    readonly adjust: 'none' | 'cuped' | 'post-stratification';
    readonly bayes?: unknown;
  };
  readonly stopping: Stopping;
}

/** Fields that are each right and together are not. */
export function contradictions(scenario: Declared): { path: string[]; message: string }[] {
  const found: { path: string[]; message: string }[] = [];
  const { design, arms, metrics, population, stopping } = scenario;
  if (metrics.adjust === 'cuped' && population.burnIn === 0) {
    found.push({
      path: ['metrics', 'adjust'],
      message: 'cuped needs visits from before the arms: set population.burnIn to 1 or more',
    });
  }
  if (stopping.rule === 'sequential' && metrics.adjust !== 'none') {
    found.push({
      path: ['stopping', 'rule'],
      message: 'a sequential run decides without adjustment: set metrics.adjust to none',
    });
  }
  if (stopping.rule === 'sequential' && metrics.bayes !== undefined) {
    found.push({
      path: ['stopping', 'rule'],
      message: 'a sequential run decides by its confidence sequence: leave metrics.bayes out',
    });
  }
  if (stopping.rule === 'sequential' && metrics.furtherGoals.length > 0) {
    found.push({
      path: ['metrics', 'furtherGoals'],
      message: 'a sequential run stops for one goal: leave furtherGoals out',
    });
  }
  if (metrics.furtherGoals.includes(metrics.goal)) {
    found.push({ path: ['metrics', 'furtherGoals'], message: 'the goal is listed again' });
  }
  if (arms.some((arm) => arm.name === 'interleaved')) {
    found.push({ path: ['arms'], message: "'interleaved' names the sessions of that design, not an arm" });
  }
  if (design === 'interleaving') {
    if (arms.length !== 2)
      found.push({ path: ['arms'], message: 'interleaving draws one list from exactly two arms' });
    if (new Set(arms.map((arm) => JSON.stringify(arm.presentation))).size > 1)
      found.push({
        path: ['arms'],
        message: 'interleaved arms stand on one page: their presentations must be equal',
      });
    if (metrics.adjust !== 'none' || metrics.furtherGoals.length > 0 || metrics.bayes !== undefined)
      found.push({
        path: ['metrics'],
        message: 'interleaving has one answer, the preference: leave adjust, furtherGoals and bayes out',
      });
    if (stopping.rule === 'sequential')
      found.push({ path: ['stopping', 'rule'], message: 'interleaving runs to its end: use the rule fixed' });
  }
  return found;
}
