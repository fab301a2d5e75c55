// What a small run teaches for planning a large one: how much visitors differ, how alike a visitor is under two arms,
// how much a visitor differs from itself, and what a session costs. From a finished twins run, on its goal metric.

import { UsageError } from '../base/error.ts';
import { metricNamed } from '../metrics/metrics.ts';
import { isNoSpread } from '../stats/estimate.ts';
import { linearised, meanOf, varianceOf } from '../stats/ratio.ts';
import { varianceComponents } from '../stats/variance-components.ts';
import { pairsOf } from '../stats/visitor-values.ts';
import type { Aggregate, VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import { measured } from './measured.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

/** One arm against the control, on one visit of each visitor; variances in the metric's unit squared. */
export interface Components {
  readonly arm: string;
  readonly visitors: number;
  /** The control's value, above 0: relative effects are shares of it. */
  readonly level: number;
  /** The effect the pilot saw, relative to the control. */
  readonly seen: number;
  readonly control: number;
  readonly treatment: number;
  /** Variance of a visitor's difference, above 0. */
  readonly difference: number;
  /** Correlation of a visitor's scores under the two arms; null where all visitors of one arm are alike. */
  readonly correlation: number | null;
  /**
   * The parts of `difference`, where the pilot has two or more visits a visitor: true differences between visitors (τ²),
   * and what a visitor's own visits vary (2σ²(1 − ρ)); null from one visit each.
   */
  readonly parts: { readonly between: number; readonly within: number } | null;
}

/** What a session costs on the machine and at the endpoint of the pilot. */
export interface SessionCost {
  readonly seconds: number;
  readonly tokens: number;
  /** Null where no price is known. */
  readonly usd: number | null;
}

export interface Pilot {
  readonly components: readonly Components[];
  readonly session: SessionCost;
}

/** Fewest visitors, complete under both arms, to learn variances from. */
export const FEWEST_IN_PILOT = 5;

/** Components of every arm. Throws a UsageError where the run is no twins run or too small to learn from. */
export function pilotOf(database: Database, scenario: Scenario, result: Result): Pilot {
  if (scenario.design !== 'twins')
    throw new UsageError(
      `a pilot is a run of twins, ${result.run} is of the design ${scenario.design}`,
      'Twins tell both how visitors differ and how alike they are under two arms.',
    );
  const goal = metricNamed(scenario.metrics.goal);
  const found = measured(database, scenario, [goal]);
  const [control, ...treatments] = scenario.arms.map(({ name }) => name) as [string, ...string[]];
  const visits = Array.from({ length: scenario.population.replicates }, (_, index) =>
    found.values(goal, index + 1),
  );
  const { sessions } = result.stopping.done;
  const { cost } = result;
  return {
    components: treatments.map((arm) => componentsOf(arm, control, visits, goal.kind)),
    session: {
      seconds: cost.seconds / sessions,
      tokens: (cost.tokensIn + cost.tokensOut) / sessions,
      usd: cost.usd === null ? null : cost.usd / sessions,
    },
  };
}

/** From the values of each visit, one row per visitor in each arm. */
function componentsOf(
  arm: string,
  control: string,
  visits: readonly ReadonlyMap<string, VisitorValues>[],
  kind: Aggregate,
): Components {
  const byVisit = visits.map((values) => scoresOf(values.get(control)!, values.get(arm)!, kind));
  const visitors = byVisit[0]!.control.length;
  if (visitors < FEWEST_IN_PILOT)
    throw new UsageError(
      `the pilot has ${visitors} visitors complete under ${control} and ${arm}, at least ${FEWEST_IN_PILOT} are needed`,
      'Use a larger pilot, for example --pilot-visitors 20.',
    );
  const average = (own: (visit: Scores) => number): number => meanOf(byVisit.map(own));
  const single = {
    control: average((visit) => varianceOf(visit.control)),
    treatment: average((visit) => varianceOf(visit.treatment)),
    difference: average((visit) => varianceOf(visit.differences)),
  };
  const level = average((visit) => visit.level);
  if (!(level > 0))
    throw new UsageError(
      `the value of ${control} in the pilot is ${level}, and no effect is relative to that`,
      'Plan for another goal, or name a pilot by --pilot in which visitors do what the goal counts.',
    );
  if (isNoSpread(Math.sqrt(single.difference), level))
    throw new UsageError(
      `${visitors} twins of the pilot all differ by the same under ${control} and ${arm}, so it does not tell how differences vary`,
      'Name arms that differ, or use a larger pilot, for example --pilot-visitors 50.',
    );
  return {
    arm,
    visitors,
    level,
    seen: average((visit) => visit.effect) / level,
    ...single,
    correlation: correlationOf(single),
    parts: byVisit.length < 2 ? null : partsOf(byVisit),
  };
}

function correlationOf(variances: Pick<Components, 'control' | 'treatment' | 'difference'>): number | null {
  const { control, treatment, difference } = variances;
  const size = Math.sqrt(control * treatment);
  return isNoSpread(size, difference) ? null : (control + treatment - difference) / (2 * size);
}

interface Scores {
  readonly level: number;
  readonly effect: number;
  readonly control: readonly number[];
  readonly treatment: readonly number[];
  readonly differences: readonly number[];
}

function scoresOf(control: VisitorValues, treatment: VisitorValues, kind: Aggregate): Scores {
  const { pairs } = pairsOf(control, treatment);
  const a = linearised(pairs.control, kind);
  const b = linearised(pairs.treatment, kind);
  if (a.kind === 'not-estimable' || b.kind === 'not-estimable') {
    const reason = a.kind === 'not-estimable' ? a.reason : b.kind === 'not-estimable' ? b.reason : '';
    throw new UsageError(`the pilot cannot be learned from: ${reason}`, 'Use a larger pilot.');
  }
  return {
    level: a.value,
    effect: b.value - a.value,
    control: a.scores,
    treatment: b.scores,
    differences: b.scores.map((score, index) => score - a.scores[index]!),
  };
}

/** Components of the differences d[visit][visitor]; null where they cannot be told apart. */
function partsOf(byVisit: readonly Scores[]): { between: number; within: number } | null {
  const visitors = byVisit[0]!.differences.map((_, index) =>
    byVisit.map((visit) => visit.differences[index]!),
  );
  const parts = varianceComponents(visitors);
  return parts.kind === 'estimated' ? { between: parts.between, within: parts.within } : null;
}
