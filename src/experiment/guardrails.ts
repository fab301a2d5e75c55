// Guardrails: metrics that may not suffer, whatever the goal does. Non-inferiority with a relative margin: the arm holds
// the guardrail when even the bad end of its one-sided interval stays inside the margin, and has broken it when the
// good end lies beyond. Too wide an interval is neither. An arm that leaves nothing of a metric has no relative effect (the
// logarithm of 0) and is judged by its difference instead, against the margin's share of the control.

import { anytimeEstimate, anytimeRelativeInterval } from '../stats/confidence-sequence.ts';
import { intervalFromT } from '../stats/estimate.ts';
import { linearised } from '../stats/ratio.ts';
import { relativeInterval } from '../stats/relative.ts';
import { pairsOf } from '../stats/visitor-values.ts';
import type { Trial } from './compare.ts';
import type { Check, Result } from './result.ts';
import type { Scenario } from './scenario.ts';

export type Guardrail = Result['guardrails'][number];

/** One row for every guardrail and arm; `trials` are those of all metrics. */
export function guardrailsOf(scenario: Scenario, trials: readonly Trial[]): Guardrail[] {
  return scenario.metrics.guardrails.flatMap(({ metric, margin }) =>
    trials.filter((trial) => trial.metric.name === metric).map((trial) => guarded(trial, margin, scenario)),
  );
}

function guarded(trial: Trial, margin: number, scenario: Scenario): Guardrail {
  const { metric, arm, relative, sequence, n } = trial;
  const base = { metric: metric.name, arm, margin };
  const { alpha } = scenario.metrics;
  if (relative.kind === 'not-estimable')
    return {
      ...base,
      relative: null,
      worst: null,
      ...byDifference(trial, margin, relative.reason, scenario),
    };
  const interval =
    sequence === null
      ? relativeInterval(relative, 2 * alpha)
      : anytimeRelativeInterval(relative, n, { ...sequence, alpha: 2 * alpha });
  const worst = interval[metric.higherIsBetter ? 0 : 1];
  return { ...base, relative: relative.relative, worst, ...judged(trial, interval, margin) };
}

/** The guardrail on the metric's own scale, where there is no relative effect for the `reason`. */
function byDifference(trial: Trial, margin: number, reason: string, scenario: Scenario): Said {
  const { estimate, sequence, n } = trial;
  if (estimate.kind === 'not-estimable') return { status: 'cannot-tell', note: estimate.reason };
  const control = controlValue(trial, scenario);
  if (control === null) return { status: 'cannot-tell', note: reason };
  const alpha = 2 * scenario.metrics.alpha;
  const interval =
    sequence === null
      ? intervalFromT(estimate.effect, estimate.se, estimate.df, alpha)
      : anytimeEstimate(estimate, n, { ...sequence, alpha }).ci;
  const { status, note } = judged(trial, interval, margin * Math.abs(control));
  return {
    status,
    note: [`judged by the difference: ${reason}`, note].filter((part) => part !== '').join('; '),
  };
}

/** The control's value among the visitors that were compared. */
function controlValue({ metric, values }: Trial, { design }: Scenario): number | null {
  const compared = design === 'split' ? values.control : pairsOf(values.control, values.arm).pairs.control;
  const own = linearised(compared, metric.kind);
  return own.kind === 'linearised' ? own.value : null;
}

type Said = Pick<Guardrail, 'status' | 'note'>;

/** What an interval of the effect says; `margin` on its scale. */
function judged({ metric }: Trial, [low, high]: readonly [number, number], margin: number): Said {
  const [worst, best] = metric.higherIsBetter ? [low, high] : [-high, -low];
  if (worst > -margin) return { status: 'holds', note: '' };
  if (best < -margin) return { status: 'broken', note: '' };
  return {
    status: 'cannot-tell',
    note: 'the interval reaches beyond the margin: more visitors would tell',
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
