// One comparison: one metric, one arm against the control, by the test that the design calls for. Here numbers are
// made and notes written; what follows for the run as a whole is verdict.ts.

import type { Metric } from '../metrics/metric.ts';
import { decide, probabilityOfSign } from '../stats/decision.ts';
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
  readonly metric: Metric;
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
  /** Visitors left out because only one of the two arms has them complete. */
  readonly unpaired: number;
}

/** Twins: paired t and sign flips. Split: Welch. */
export function tried(matchup: Matchup, scenario: Scenario): Trial {
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

/** The trial as a row of the result. `holm` is the p adjusted over the arms, for the goal metric only. */
export function comparisonOf(trial: Trial, scenario: Scenario, holm: number | null): Comparison {
  const { metric, estimate, relative, permutation } = trial;
  const rule = { ...scenario.metrics, higherIsBetter: metric.higherIsBetter };
  const estimated = estimate.kind === 'estimated' ? estimate : null;
  const decision = decide(estimate, relative, rule, holm ?? undefined);
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
    note: notes(trial, holm).join('; '),
  };
}

function notes(trial: Trial, holm: number | null): string[] {
  const { estimate, relative, permutation, unpaired } = trial;
  const found: string[] = [];
  if (estimate.kind === 'not-estimable') found.push(`not estimable: ${estimate.reason}`);
  else if (relative.kind === 'not-estimable') found.push(`no relative effect: ${relative.reason}`);
  if (permutation?.kind === 'not-estimable' && estimate.kind === 'estimated')
    found.push(`no permutation p: ${permutation.reason}`);
  if (permutation?.kind === 'tested' && permutation.exact)
    found.push(`permutation p exact over ${permutation.flips} exchanges`);
  if (unpaired > 0) found.push(`${unpaired} visitors complete in only one of the two arms are left out`);
  if (holm !== null && estimate.kind === 'estimated' && holm !== estimate.p) {
    found.push(`decided by p = ${holm.toPrecision(3)} after Holm over the arms`);
  }
  return found;
}
