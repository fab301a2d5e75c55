// Guardrails: metrics that may not suffer, whatever the goal does. Non-inferiority with a relative margin: the arm holds
// the guardrail when even the bad end of its one-sided interval stays inside the margin, and has broken it when the
// good end lies beyond. Too wide an interval is neither.

import { anytimeRelativeInterval } from '../stats/confidence-sequence.ts';
import { relativeInterval } from '../stats/relative.ts';
import type { Trial } from './compare.ts';
import type { Check, Result } from './result.ts';
import type { Scenario } from './scenario.ts';

export type Guardrail = Result['guardrails'][number];

/** One row for every guardrail and arm; `trials` are those of all metrics. */
export function guardrailsOf(scenario: Scenario, trials: readonly Trial[]): Guardrail[] {
  return scenario.metrics.guardrails.flatMap(({ metric, margin }) =>
    trials
      .filter((trial) => trial.metric.name === metric)
      .map((trial) => guarded(trial, margin, scenario.metrics.alpha)),
  );
}

function guarded(trial: Trial, margin: number, alpha: number): Guardrail {
  const { metric, arm, relative, estimate, sequence, n } = trial;
  const base = { metric: metric.name, arm, margin };
  if (relative.kind === 'not-estimable') {
    const note = estimate.kind === 'not-estimable' ? estimate.reason : relative.reason;
    return { ...base, relative: null, worst: null, status: 'cannot-tell', note };
  }
  const [low, high] =
    sequence === null
      ? relativeInterval(relative, 2 * alpha)
      : anytimeRelativeInterval(relative, n, { ...sequence, alpha: 2 * alpha });
  const [worst, best] = metric.higherIsBetter ? [low, high] : [-high, -low];
  const status = worst > -margin ? 'holds' : best < -margin ? 'broken' : 'cannot-tell';
  return {
    ...base,
    relative: relative.relative,
    worst: metric.higherIsBetter ? worst : -worst,
    status,
    note: status === 'cannot-tell' ? 'the interval reaches beyond the margin: more visitors would tell' : '',
  };
}

/** The check that guardrails hold; none where the scenario has no guardrail. */
export function guardrailCheck(guardrails: readonly Guardrail[]): Check[] {
  if (guardrails.length === 0) return [];
  const told = guardrails.map(({ metric, arm, status }) => `${arm} ${metric}: ${status}`);
  const status = guardrails.some((each) => each.status === 'broken')
    ? 'fail'
    : guardrails.some((each) => each.status === 'cannot-tell')
      ? 'warn'
      : 'ok';
  return [{ name: 'guardrails', status, detail: told.join('; ') }];
}
