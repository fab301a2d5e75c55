// The answer to the scenario's question in one sentence, on the goal metric. It names the effect with its interval,
// says that it holds for simulated visitors, and abstains in words where the data do.

import { visitorsNeeded } from '../stats/power.ts';
import type { Trial } from './compare.ts';
import type { Comparison, Result } from './result.ts';
import type { Scenario } from './scenario.ts';

/** A trial of the goal metric with the row it became. */
export interface Judged {
  readonly trial: Trial;
  readonly comparison: Comparison;
}

/**
 * The verdict over the arms' trials of the goal metric: on the best of the arms that are better than the control; where
 * none is, on the arm with the best value. Decisions are those of the comparisons, after Holm.
 */
export function verdictOf(
  judged: readonly Judged[],
  scenario: Scenario,
  status: Result['status'],
): Result['verdict'] {
  const better = judged.filter((each) => each.comparison.decision === 'better');
  const best = bestOf(better) ?? bestOf(judged);
  const suffix = status === 'interrupted' ? ' The run was interrupted: this is what it had so far.' : '';
  const metric = scenario.metrics.goal;
  if (best === undefined) {
    const reason = judged[0]?.comparison.note ?? 'nothing was compared';
    const arm = judged.length === 1 ? judged[0]!.comparison.arm : null;
    const text = `Cannot tell whether any arm differs from the control on ${judged[0]?.trial.metric.title ?? metric} on simulated visitors: ${reason}.`;
    return { decision: 'cannot-tell', arm, metric, pSign: null, text: text + suffix };
  }
  const { comparison } = best;
  return {
    decision: comparison.decision,
    arm: comparison.arm,
    metric,
    pSign: comparison.pSign,
    text: sentence(best, judged.length, scenario) + suffix,
  };
}

/** The effect furthest in the good direction; undefined where none could be estimated. */
function bestOf(judged: readonly Judged[]): Judged | undefined {
  const gain = ({ trial, comparison }: Judged): number =>
    (comparison.effect ?? 0) * (trial.metric.higherIsBetter ? 1 : -1);
  return judged
    .filter((each) => each.comparison.effect !== null)
    .reduce<Judged | undefined>(
      (best, each) => (best === undefined || gain(each) > gain(best) ? each : best),
      undefined,
    );
}

function sentence(best: Judged, arms: number, scenario: Scenario): string {
  const { arm, control, decision, n } = best.comparison;
  const title = best.trial.metric.title;
  const effect = effectText(best.comparison);
  const sign = `P(sign right) ${probability(best.comparison.pSign)}`;
  switch (decision) {
    case 'better':
      return `${arm} beats ${control} on ${title} by ${effect} on simulated visitors; ${sign}.`;
    case 'worse':
      return arms === 1
        ? `${arm} is worse than ${control} on ${title}: ${effect} on simulated visitors; ${sign}.`
        : `No arm beats ${control} on ${title}; the best of them, ${arm}, is worse: ${effect} on simulated visitors; ${sign}.`;
    case 'equivalent':
      return `${arm} and ${control} do equally well on ${title}, within ±${number(100 * scenario.metrics.margin)} %: ${effect} on simulated visitors.`;
    case 'cannot-tell': {
      const needed = visitorsNeeded(best.trial.estimate, n, scenario.metrics.alpha / arms);
      const more =
        needed === null
          ? 'no effect was observed to plan for'
          : `about ${Math.max(1, needed - n).toLocaleString('en-US')} more visitors would be needed for 80 % power at the observed effect`;
      return `Cannot tell whether ${arm} differs from ${control} on ${title} on simulated visitors: ${effect}; ${sign}; ${more}.`;
    }
    default:
      return decision satisfies never;
  }
}

/** "0.082 [0.071, 0.093] (+164 %)". */
function effectText(comparison: Comparison): string {
  if (comparison.effect === null || comparison.ci === null) return 'no effect could be estimated';
  const relative =
    comparison.relative === null
      ? ''
      : ` (${comparison.relative < 0 ? '−' : '+'}${number(Math.abs(100 * comparison.relative))} %)`;
  return `${number(comparison.effect)} [${number(comparison.ci[0])}, ${number(comparison.ci[1])}]${relative}`;
}

function probability(p: number | null): string {
  if (p === null) return 'unknown';
  return p > 0.999 ? '> 0.999' : `= ${p.toFixed(3)}`;
}

/** Three significant digits, never in powers of ten. */
function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0).replace('-', '−');
  const digits = size === 0 ? 0 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size))));
  return value.toFixed(digits).replace('-', '−');
}
