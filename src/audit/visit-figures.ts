// What whole visits say of a mind: whether it opens the same number of cards on every page, and how often it opens nothing
// or gives no answer, arm by arm. Pure.

import { matchedDifference, matchedPairs } from '../stats/matched.ts';
import { wilson } from '../stats/proportions.ts';
import { boundedMean, byVisitor, type Found } from './figures.ts';
import type { Moment } from './draws.ts';
import type { VisitTrial } from './visits.ts';

export interface VisitFigures {
  /** Pages on which so many cards were opened, by count from 0. */
  readonly pagesByPicks: readonly number[];
  /** The commonest count above 0, and the share of a visitor's pages that have it; null where nothing was opened. */
  readonly usualPicks: { readonly picks: number; readonly share: Found } | null;
  readonly arms: readonly ArmRefusals[];
}

/** Visits of one arm; every visitor has one. */
export interface ArmRefusals {
  readonly arm: string;
  readonly visits: number;
  /** Visits that ended without anything opened, among those that were judged. */
  readonly refused: Found;
  /** Refused here less under the control, by the visitors that were judged under both; null for the control. */
  readonly more: Found | null;
  /** Visits in which the mind, or something else, gave no answer. */
  readonly failed: Found;
  readonly moreFailed: Found | null;
  /** Failures by kind. */
  readonly failures: Readonly<Record<string, number>>;
}

type Judged = Extract<VisitTrial, { status: 'judged' }>;

/** The figures of the visits of every arm; the first arm is the control. */
export function visitFigures(trials: readonly VisitTrial[], alpha: number): VisitFigures {
  const judged = trials.filter((trial): trial is Judged => trial.status === 'judged');
  const counts: number[] = [];
  for (const picks of judged.flatMap((trial) => trial.picks)) counts[picks] = (counts[picks] ?? 0) + 1;
  const pagesByPicks = Array.from(counts, (count) => count ?? 0);
  return {
    pagesByPicks,
    usualPicks: usualPicks(judged, pagesByPicks, alpha),
    arms: [...Map.groupBy(trials, ({ arm }) => arm)].map(([arm, own], index, [control]) =>
      armRefusals(arm, own, index === 0 ? null : control![1], alpha),
    ),
  };
}

function usualPicks(
  judged: readonly Judged[],
  pagesByPicks: readonly number[],
  alpha: number,
): VisitFigures['usualPicks'] {
  const most = Math.max(0, ...pagesByPicks.slice(1));
  if (most === 0) return null;
  const picks = pagesByPicks.indexOf(most, 1);
  const shares = byVisitor(judged).map((own) => {
    const pages = own.flatMap((trial) => trial.picks);
    return pages.filter((count) => count === picks).length / pages.length;
  });
  return { picks, share: boundedMean(shares, { low: 0, high: 1 }, alpha) };
}

function armRefusals(
  arm: string,
  trials: readonly VisitTrial[],
  control: readonly VisitTrial[] | null,
  alpha: number,
): ArmRefusals {
  const judged = trials.filter((trial): trial is Judged => trial.status === 'judged');
  const failed = trials.flatMap((trial) => (trial.status === 'failed' ? [trial.failure] : []));
  const judgedControl = control?.filter((trial): trial is Judged => trial.status === 'judged') ?? [];
  const isRefused = ({ opens }: Judged): boolean => opens === 0;
  const isFailed = ({ status }: VisitTrial): boolean => status === 'failed';
  return {
    arm,
    visits: trials.length,
    refused: shareOf(judged.map(isRefused), alpha),
    more: control === null ? null : matched(judgedControl, judged, isRefused, alpha),
    failed: shareOf(trials.map(isFailed), alpha),
    moreFailed: control === null ? null : matched(control, trials, isFailed, alpha),
    failures: Object.fromEntries(
      [...Map.groupBy(failed.sort(), (kind) => kind)].map(([kind, own]) => [kind, own.length]),
    ),
  };
}

/** A share of visitors, one each, with Wilson's interval. */
export function shareOf(values: readonly boolean[], alpha: number): Found {
  const n = values.length;
  if (n === 0) return { kind: 'not-estimable', reason: 'no visitor could be judged' };
  const successes = values.filter(Boolean).length;
  return { kind: 'estimated', value: successes / n, ci: wilson({ successes, n }, alpha), n };
}

/** The same visitors under an arm and under the control: arm less control, with Agresti and Min's interval. */
function matched<Trial extends Moment>(
  control: readonly Trial[],
  arm: readonly Trial[],
  is: (trial: Trial) => boolean,
  alpha: number,
): Found {
  const before = new Map(control.map((trial) => [trial.visitor, trial]));
  const pairs = arm.flatMap((trial): [boolean, boolean][] => {
    const other = before.get(trial.visitor);
    return other === undefined ? [] : [[is(trial), is(other)]];
  });
  const found = matchedDifference(matchedPairs(pairs), alpha);
  if (found === null) return { kind: 'not-estimable', reason: 'no visitor was judged under both arms' };
  return { kind: 'estimated', value: found.difference, ci: found.ci, n: pairs.length };
}
