// The goal's effect with and without what was known before the arms: CUPED where there were burn-in visits,
// post-stratification by activity level always. Both are shown; which of them decides the scenario said before the run.

import { cuped, postStratified } from '../stats/adjusted.ts';
import type { Adjusted } from '../stats/adjusted.ts';
import type { NotEstimable } from '../stats/estimate.ts';
import { pairsOf } from '../stats/visitor-values.ts';
import type { VisitorRecord } from '../store/session.ts';
import type { Trial } from './compare.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

type Name = 'cuped' | 'post-stratification';

/** What is known of visitors from before the arms. */
export interface Known {
  /** The goal's value over the burn-in visits, by visitor. */
  readonly before: ReadonlyMap<string, number>;
  readonly visitors: readonly VisitorRecord[];
}

/** A trial of the goal, and its adjustments by name. */
export interface AdjustedTrial {
  /** The plain trial, or where the scenario says so the adjusted one. */
  readonly trial: Trial;
  readonly rows: Result['adjusted'];
}

/** Adjusts a trial of the goal metric. Where the adjustment that decides is not estimable, neither is the effect. */
export function adjustedTrial(trial: Trial, known: Known, scenario: Scenario): AdjustedTrial {
  const { metric, arm, values } = trial;
  const { alpha, adjust } = scenario.metrics;
  const paired = scenario.design === 'twins';
  const { pairs } = pairsOf(values.control, values.arm);
  const sides = paired
    ? { control: pairs.control, treatment: pairs.treatment, paired }
    : { control: values.control, treatment: values.arm, paired };
  const kinds = new Map(known.visitors.map(({ id, activity }) => [id, activity]));
  const found = new Map<Name, Adjusted | NotEstimable>([
    ...(scenario.population.burnIn > 0
      ? [['cuped', cuped(sides, known.before, metric.kind, alpha)] as const]
      : []),
    ['post-stratification', postStratified(sides, kinds, metric.kind, alpha)],
  ]);
  const deciding = adjust === 'none' ? undefined : found.get(adjust);
  return {
    trial: deciding === undefined ? trial : replaced(trial, deciding),
    rows: [...found].map(([name, one]) =>
      one.kind === 'adjusted'
        ? {
            arm,
            method: name,
            n: one.n,
            effect: one.estimate.effect,
            ci: [...one.estimate.ci] as [number, number],
            p: one.estimate.p,
            varianceRatio: one.varianceRatio,
            decides: name === adjust,
            note: '',
          }
        : {
            arm,
            method: name,
            n: 0,
            effect: null,
            ci: null,
            p: null,
            varianceRatio: null,
            decides: name === adjust,
            note: one.reason,
          },
    ),
  };
}

function replaced(trial: Trial, deciding: Adjusted | NotEstimable): Trial {
  if (deciding.kind === 'not-estimable')
    return { ...trial, estimate: deciding, relative: deciding, permutation: null };
  const { estimate, relative, n } = deciding;
  return { ...trial, n, estimate, relative, permutation: null };
}
