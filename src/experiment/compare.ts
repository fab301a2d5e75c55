// One comparison: one metric, one arm against the control, by the test that the design calls for. Here numbers are
// made and notes written; what follows for the run as a whole is verdict.ts.

import type { Metric } from '../metrics/metric.ts';
import { anytimeEstimate, anytimeRelativeInterval } from '../stats/confidence-sequence.ts';
import type { Sequence } from '../stats/confidence-sequence.ts';
import { decide, probabilityOfSign, smallestGroupedP, smallestPairedP } from '../stats/decision.ts';
import type { Decision } from '../stats/decision.ts';
import type { Estimate, NotEstimable } from '../stats/estimate.ts';
import { pairedT, signFlip } from '../stats/paired.ts';
import type { SignFlip } from '../stats/paired.ts';
import { relativePaired, relativeWelch } from '../stats/relative.ts';
import type { Relative } from '../stats/relative.ts';
import { replaySplit, replayTwins } from '../stats/replay.ts';
import type { Replay } from '../stats/replay.ts';
import { pairsOf } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import { welch } from '../stats/welch.ts';
import type { Comparison } from './result.ts';
import type { Scenario } from './scenario.ts';

/** An arm's values of a metric beside the control's. */
export interface Matchup {
  readonly metric: Pick<Metric, 'name' | 'title' | 'kind' | 'higherIsBetter'>;
  readonly arm: string;
  readonly control: string;
  readonly values: { readonly arm: VisitorValues; readonly control: VisitorValues };
}

/** What the tests said of a matchup. */
export interface Trial extends Matchup {
  /** Pairs for twins, visitors of both arms for split. */
  readonly n: number;
  readonly estimate: Estimate;
  readonly relative: Relative | NotEstimable;
  /** Twins only. */
  readonly permutation: SignFlip | NotEstimable | null;
  /** What else the row has to say. */
  readonly note?: string;
  /** Visitors left out because only one of the two arms has them complete. */
  readonly unpaired: number;
  /** Sequential runs: the sequence that makes the intervals hold at every look. */
  readonly sequence: Sequence | null;
}

/** Twins: paired t and sign flips. Split: Welch. A sequential run widens their intervals so that looks are free. */
export function tried(matchup: Matchup, scenario: Scenario): Trial {
  const fixed = { ...fixedTrial(matchup, scenario), sequence: null };
  if (scenario.stopping.rule === 'fixed') return fixed;
  const sequence = sequenceFor(scenario);
  const { estimate, relative, n } = fixed;
  return {
    ...fixed,
    estimate: estimate.kind === 'estimated' ? anytimeEstimate(estimate, n, sequence) : estimate,
    relative:
      relative.kind === 'estimated'
        ? { ...relative, ci: anytimeRelativeInterval(relative, n, sequence) }
        : relative,
    permutation: null,
    sequence,
  };
}

/** Units of a comparison if the run went to its end: pairs for twins, both arms' visitors for split. */
export function plannedUnits(scenario: Scenario): number {
  const { visitors } = scenario.population;
  return scenario.design === 'split' ? Math.floor((2 * visitors) / scenario.arms.length) : visitors;
}

/** Narrowest at half of what is planned, where a run that ends early is expected to end. */
export function sequenceFor(scenario: Scenario): Sequence {
  return { alpha: scenario.metrics.alpha, tunedFor: Math.max(2, plannedUnits(scenario) / 2) };
}

function fixedTrial(matchup: Matchup, scenario: Scenario): Omit<Trial, 'sequence'> {
  const { metric, arm, values } = matchup;
  const { alpha } = scenario.metrics;
  if (scenario.design === 'split') {
    const tests = [values.control, values.arm, metric.kind, alpha] as const;
    const n = values.control.length + values.arm.length;
    return {
      ...matchup,
      n,
      estimate: welch(...tests),
      relative: relativeWelch(...tests),
      permutation: null,
      unpaired: 0,
    };
  }
  const { pairs, unpaired } = pairsOf(values.control, values.arm);
  return {
    ...matchup,
    n: pairs.control.length,
    estimate: pairedT(pairs, metric.kind, alpha),
    relative: relativePaired(pairs, metric.kind, alpha),
    permutation: signFlip(pairs, metric.kind, [scenario.seed, metric.name, arm]),
    unpaired,
  };
}

/** The A/A replay of a trial's data. */
export function replayOf(trial: Trial, scenario: Scenario): Replay {
  const { metric, arm, values } = trial;
  const { alpha } = scenario.metrics;
  const seed = [scenario.seed, metric.name, arm];
  return scenario.design === 'split'
    ? replaySplit(values.control, values.arm, metric.kind, alpha, seed)
    : replayTwins(pairsOf(values.control, values.arm).pairs, metric.kind, alpha, seed);
}

/** The decision on a trial; `p` may be an adjusted one. Equivalence goes before the sign, as in `decide`. */
export function decisionOf(trial: Trial, scenario: Scenario, p: number | null): Decision {
  const { estimate, relative, sequence, n, metric } = trial;
  const rule = { ...scenario.metrics, higherIsBetter: metric.higherIsBetter };
  if (isTooFew(trial, scenario)) return 'cannot-tell';
  if (sequence === null) return decide(estimate, relative, rule, p ?? undefined);
  if (estimate.kind === 'not-estimable') return 'cannot-tell';
  if (relative.kind === 'estimated') {
    const wide = { ...sequence, alpha: 2 * sequence.alpha };
    const [low, high] = anytimeRelativeInterval(relative, n, wide);
    if (low > -rule.margin && high < rule.margin) return 'equivalent';
  }
  if ((p ?? estimate.p) >= rule.alpha) return 'cannot-tell';
  return estimate.effect > 0 === rule.higherIsBetter ? 'better' : 'worse';
}

/** Whether so few were compared that no exchange of labels could give a p below α. */
export function isTooFew({ n, values }: Trial, { design, metrics: { alpha } }: Scenario): boolean {
  const smallest =
    design === 'split' ? smallestGroupedP(values.control.length, values.arm.length) : smallestPairedP(n);
  return smallest >= alpha;
}

/** The trial as a row of the result. `holm` is the p adjusted over goals and arms, for goal metrics only. */
export function comparisonOf(trial: Trial, scenario: Scenario, holm: number | null): Comparison {
  const { metric, estimate, relative, permutation } = trial;
  const estimated = estimate.kind === 'estimated' ? estimate : null;
  const decision = decisionOf(trial, scenario, holm);
  return {
    metric: metric.name,
    arm: trial.arm,
    control: trial.control,
    n: trial.n,
    effect: estimated?.effect ?? null,
    ci: estimated === null ? null : [...estimated.ci],
    relative: relative.kind === 'estimated' ? relative.relative : null,
    relativeCi: relative.kind === 'estimated' ? [...relative.ci] : null,
    p: estimated?.p ?? null,
    pPermutation: permutation?.kind === 'tested' ? permutation.p : null,
    method: estimated?.method ?? 'none',
    pSign: probabilityOfSign(estimate),
    decision,
    note: notes(trial, scenario, holm).join('; '),
  };
}

function notes(trial: Trial, scenario: Scenario, holm: number | null): string[] {
  const { estimate, relative, permutation, unpaired } = trial;
  const found: string[] = trial.note === undefined ? [] : [trial.note];
  if (estimate.kind === 'not-estimable') found.push(`not estimable: ${estimate.reason}`);
  else if (relative.kind === 'not-estimable') found.push(`no relative effect: ${relative.reason}`);
  if (estimate.kind === 'estimated' && isTooFew(trial, scenario))
    found.push(`${trial.n} visitors are too few to decide anything at α = ${scenario.metrics.alpha}`);
  if (permutation?.kind === 'not-estimable' && estimate.kind === 'estimated')
    found.push(`no permutation p: ${permutation.reason}`);
  if (permutation?.kind === 'tested' && permutation.exact)
    found.push(`permutation p exact over ${permutation.flips} exchanges`);
  if (unpaired > 0) found.push(`${unpaired} visitors complete in only one of the two arms are left out`);
  if (holm !== null && estimate.kind === 'estimated' && holm !== estimate.p) {
    found.push(`decided by p = ${holm.toPrecision(3)} after Holm`);
  }
  return found;
}
