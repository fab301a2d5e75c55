// One look of a sequential run at its goal, after a whole batch: the effect of each arm with an interval that holds at
// all looks together, and whether every arm's question is answered. The final comparison uses the same functions, so
// what stopped a run is what its result says.

import { metricNamed } from '../metrics/metrics.ts';
import { conditionalPower } from '../stats/confidence-sequence.ts';
import { holm } from '../stats/multiplicity.ts';
import { linearised } from '../stats/ratio.ts';
import type { Database } from '../store/database.ts';
import { decisionOf, plannedUnits, tried } from './compare.ts';
import type { Trial } from './compare.ts';
import { measured } from './measured.ts';
import type { Look } from './result.ts';
import type { Scenario } from './scenario.ts';

/** Below this chance that the rest of the run finds anything, it is futile. */
const SMALLEST_CHANCE = 0.1;

/** Looks at the goal over these visitors. Sessions of others have no part in it, whatever the record holds. */
export function lookAt(database: Database, scenario: Scenario, visitors: readonly string[]): Look {
  const goal = metricNamed(scenario.metrics.goal);
  const values = measured(database, scenario, [goal], new Set(visitors)).values(goal);
  const [control, ...treatments] = scenario.arms.map(({ name }) => name) as [string, ...string[]];
  const trials = treatments.map((arm) =>
    tried(
      { metric: goal, arm, control, values: { arm: values.get(arm)!, control: values.get(control)! } },
      scenario,
    ),
  );
  const adjusted = holm(trials.map(({ estimate }) => (estimate.kind === 'estimated' ? estimate.p : null)));
  const arms = trials.map((trial, index) => ({
    arm: trial.arm,
    n: trial.n,
    effect: trial.estimate.kind === 'estimated' ? trial.estimate.effect : null,
    ci: trial.estimate.kind === 'estimated' ? ([...trial.estimate.ci] as [number, number]) : null,
    decision: decisionOf(trial, scenario, adjusted[index] ?? null),
    chance: chanceLeft(trial, scenario),
  }));
  const open = arms.filter(({ decision }) => decision === 'cannot-tell');
  const isFutile = ({ chance }: (typeof arms)[number]): boolean =>
    chance !== null && chance < SMALLEST_CHANCE;
  const stop =
    open.length === 0
      ? 'decided'
      : scenario.stopping.rule === 'sequential' && scenario.stopping.futility && open.every(isFutile)
        ? 'futile'
        : null;
  return { visitors: visitors.length, arms, stop };
}

/** Chance that the whole run would exclude 0, if from here on the effect were as seen, or the margin where that is more. */
function chanceLeft({ estimate, values, metric, n, sequence }: Trial, scenario: Scenario): number | null {
  if (estimate.kind === 'not-estimable' || sequence === null) return null;
  const control = linearised(values.control, metric.kind);
  if (control.kind === 'not-estimable') return null;
  const margin = scenario.metrics.margin * Math.abs(control.value);
  const assumed = Math.sign(estimate.effect || 1) * Math.max(Math.abs(estimate.effect), margin);
  return conditionalPower(estimate, n, plannedUnits(scenario), assumed, sequence);
}
