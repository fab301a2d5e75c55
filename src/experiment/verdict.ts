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
      return `${arm} and ${control} do equally well on ${title}, within ±${Number((100 * scenario.metrics.margin).toPrecision(3))} %: ${effect} on simulated visitors.`;
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

/** "0.082 [0.071, 0.093] (+164 %)": as many decimals as give the half-width of the interval two digits. */
function effectText(comparison: Comparison): string {
  const { effect, ci, relative } = comparison;
  if (effect === null || ci === null) return 'no effect could be estimated';
  const decimals = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10((ci[1] - ci[0]) / 2))));
  const [middle, low, high] = [effect, ...ci].map((value) => signed(value.toFixed(decimals)));
  return `${middle} [${low}, ${high}]${relative === null ? '' : ` (${percentText(relative)})`}`;
}

/** "+164 %", "−7.1 %". */
function percentText(share: number): string {
  const percent = (100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0);
  return `${share < 0 ? '' : '+'}${signed(percent)} %`;
}

function probability(p: number | null): string {
  if (p === null) return 'unknown';
  return p > 0.999 ? '> 0.999' : `= ${p.toFixed(3)}`;
}

/** With the minus sign of typography. */
function signed(text: string): string {
  return text.replace('-', '−');
}
