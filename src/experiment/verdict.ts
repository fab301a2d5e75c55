// The answer to the scenario's question in one sentence, on the goal metric. It names the effect with its interval,
// says that it holds for simulated visitors, and abstains in words where the data do.

import { fewestPairs } from '../stats/decision.ts';
import { visitorsNeeded } from '../stats/power.ts';
import { isTooFew, type Trial } from './compare.ts';
import type { Comparison, Result } from './result.ts';
import type { Scenario } from './scenario.ts';

/** An effect that would need more visitors than this is rounding, not an effect to plan for. */
const MOST_PLANNED = 1e9;

/** A trial of the goal metric with the row it became. */
export interface Judged {
  readonly trial: Trial;
  readonly comparison: Comparison;
}

/** What besides the goal a verdict has to say. */
export interface Circumstances {
  readonly scenario: Scenario;
  readonly status: Result['status'];
  readonly ended: Result['stopping']['ended'];
  readonly guardrails: Result['guardrails'];
  readonly posteriors: Result['posteriors'];
  readonly checks: Result['checks'];
  readonly minds: Result['minds'];
}

/**
 * The verdict over the arms' trials of the goal metric: on the best of the arms that are better than the control; where
 * none is, on the arm with the best value. Decisions are those of the comparisons, after Holm, or of the posteriors where
 * the scenario has a prior: an arm without a posterior is then not decided. Guardrails and failed checks are said beside it.
 */
export function verdictOf(judged: readonly Judged[], around: Circumstances): Result['verdict'] {
  const { scenario, posteriors } = around;
  const posteriorFor = (arm: string): Result['posteriors'][number] | undefined =>
    posteriors.find((posterior) => posterior.arm === arm);
  const decided = judged.map((each): Decided => {
    const posterior = posteriorFor(each.comparison.arm);
    const noPosterior =
      scenario.metrics.bayes === undefined || posterior !== undefined ? null : reasonOf(each.trial);
    const decision =
      noPosterior === null ? (posterior ?? each.comparison).decision : ('cannot-tell' as const);
    return { ...each, decision, noPosterior };
  });
  const best = bestOf(decided.filter(({ decision }) => decision === 'better')) ?? bestOf(decided);
  const metric = judged[0]?.trial.metric.name ?? scenario.metrics.goal;
  if (best === undefined) {
    const reason = judged[0]?.comparison.note ?? 'nothing was compared';
    const arm = judged.length === 1 ? judged[0]!.comparison.arm : null;
    const text = `Cannot tell whether any arm differs from the control on ${judged[0]?.trial.metric.title ?? metric} on simulated visitors: ${reason}.`;
    return {
      decision: 'cannot-tell',
      arm,
      metric,
      pSign: null,
      more: null,
      text: text + additions(null, around),
    };
  }
  const { comparison, decision, noPosterior } = best;
  const posterior = posteriorFor(comparison.arm);
  const signOfTrial = noPosterior === null ? comparison.pSign : null;
  const pSign = posterior === undefined ? signOfTrial : Math.max(posterior.pBetter, 1 - posterior.pBetter);
  const more =
    decision === 'cannot-tell' && noPosterior === null ? moreVisitors(best, judged.length, scenario) : null;
  return {
    decision,
    arm: comparison.arm,
    metric,
    pSign,
    more,
    text: sentence(best, pSign, more, judged.length, scenario) + additions(comparison.arm, around),
  };
}

interface Decided extends Judged {
  readonly decision: Comparison['decision'];
  /** Why there is no posterior where the scenario has a prior; null where there is one, or no prior. */
  readonly noPosterior: string | null;
}

function reasonOf({ relative }: Trial): string {
  return relative.kind === 'not-estimable' ? relative.reason : 'it was not computed';
}

/** The effect furthest in the good direction; undefined where none could be estimated. */
function bestOf(judged: readonly Decided[]): Decided | undefined {
  const gain = ({ trial, comparison }: Judged): number =>
    (comparison.effect ?? 0) * (trial.metric.higherIsBetter ? 1 : -1);
  return judged
    .filter((each) => each.comparison.effect !== null)
    .reduce<Decided | undefined>(
      (best, each) => (best === undefined || gain(each) > gain(best) ? each : best),
      undefined,
    );
}

function moreVisitors({ trial }: Judged, arms: number, scenario: Scenario): number | null {
  const needed = visitorsNeeded(trial.estimate, trial.n, scenario.metrics.alpha / arms);
  if (needed === null || needed > MOST_PLANNED) return null;
  // With fewer no data could decide; with two groups it is about as many.
  return Math.max(1, needed - trial.n, fewestPairs(scenario.metrics.alpha) - trial.n);
}

function sentence(
  best: Decided,
  pSign: number | null,
  more: number | null,
  arms: number,
  scenario: Scenario,
): string {
  const { arm, control } = best.comparison;
  const { decision } = best;
  const title = best.trial.metric.title;
  const effect = effectText(best.comparison);
  const sign = `P(sign right) ${probability(pSign)}`;
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
      if (best.noPosterior !== null)
        return `Cannot tell whether ${arm} differs from ${control} on ${title} on simulated visitors: ${effect}; no posterior, because ${best.noPosterior}.`;
      const who = scenario.design === 'twins' ? 'twins' : 'visitors';
      const buys =
        more === null
          ? 'no effect was observed to plan for'
          : `about ${more.toLocaleString('en-US')} more ${who} would give 80 % power at the observed effect`;
      const few = isTooFew(best.trial, scenario)
        ? `${best.trial.n} are too few to decide anything at α = ${scenario.metrics.alpha}; `
        : '';
      return `Cannot tell whether ${arm} differs from ${control} on ${title} on simulated visitors: ${effect}; ${sign}; ${few}${buys}.`;
    }
    default:
      return decision satisfies never;
  }
}

/** What stands beside the verdict: how the run ended, guardrails of the arm, checks that failed. */
function additions(arm: string | null, around: Circumstances): string {
  const { status, ended, guardrails, checks, minds } = around;
  const own = guardrails.filter((guardrail) => guardrail.arm === arm);
  const named = (wanted: (typeof own)[number]['status']): string =>
    own
      .filter((guardrail) => guardrail.status === wanted)
      .map(({ metric, margin }) => `${metric} (margin ${Number((100 * margin).toPrecision(3))} %)`)
      .join(', ');
  const failed = checks.filter((check) => check.status === 'fail').map(({ name }) => name);
  return [
    arm === null || minds === null ? '' : mindsText(arm, minds),
    ended === 'futile' ? ' The run ended early because the rest of it could hardly have found anything.' : '',
    named('broken') === '' ? '' : ` It breaks the guardrail ${named('broken')}.`,
    named('cannot-tell') === ''
      ? ''
      : ` It has not been shown to hold the guardrail ${named('cannot-tell')}.`,
    failed.length === 0 ? '' : ` Failed checks to explain first: ${failed.join(', ')}.`,
    status === 'interrupted' ? ' The run was interrupted: this is what it had so far.' : '',
    status === 'stopped'
      ? ' The run stopped itself because too much failed: this is what it had so far.'
      : '',
    status === 'truncated'
      ? ' The run was truncated, because its budget was used up: this is what it had so far.'
      : '',
  ].join('');
}

/** Whose verdict it is, and what each mind says by itself. */
function mindsText(arm: string, { lead, rule, each }: NonNullable<Result['minds']>): string {
  const said = each
    .filter(({ mind }) => mind !== lead || rule === 'few')
    .flatMap(({ mind, effects }) =>
      effects
        .filter((own) => own.arm === arm)
        .map((own) => `${mind} says ${effectText(own)} on ${own.n} twins`),
    );
  const helped = rule === 'few' ? ` with the help of ${each[0]!.mind}` : '';
  return ` This is the answer of the mind ${lead}${helped}; alone, ${said.join(' and ')}.`;
}

/** "0.082 [0.071, 0.093] (+164 %)": as many decimals as give the half-width of the interval two digits. */
function effectText(comparison: Pick<Comparison, 'effect' | 'ci' | 'relative'>): string {
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
