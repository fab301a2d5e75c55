// How the goal's effect came about while visitors came in: at some twenty moments the estimate so far with the interval
// of a confidence sequence, which holds at all of them together. It explains a verdict and never makes one.

import { metricNamed } from '../metrics/metrics.ts';
import { sessionTotals, visitorTotals } from '../metrics/totals.ts';
import { anytimeEstimate } from '../stats/confidence-sequence.ts';
import { pairedT } from '../stats/paired.ts';
import { pairsOf, visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import { welch } from '../stats/welch.ts';
import type { RunView } from './run-view.ts';

export interface SequencePoint {
  /** Visitors counted so far (pairs for twins, both arms together for split). */
  readonly visitors: number;
  readonly effect: number;
  readonly interval: readonly [number, number];
}

export interface EffectSequence {
  readonly arm: string;
  readonly points: readonly SequencePoint[];
}

const moments = 20;
/** The sequence is asymptotic: before so many visitors it is not drawn. */
const fewest = 10;

/** One sequence for each arm but the control; none under interleaving, where there is one list and no arm's effect. */
export function effectSequences(view: RunView): EffectSequence[] {
  const { scenario, arms, database } = view;
  if (scenario.design === 'interleaving') return [];
  const goal = metricNamed(scenario.metrics.goal);
  const values = visitorTotals(sessionTotals(database, [goal]), goal);
  const arrived = new Map(view.sessions().map(({ visitor, id }) => [visitor, id]));
  const control = values.get(arms[0]!);
  if (control === undefined) return [];
  return arms.slice(1).flatMap((arm) => {
    const own = values.get(arm);
    if (own === undefined) return [];
    const order = [...new Set([...control, ...own].map(({ visitor }) => visitor))].sort(
      (a, b) => (arrived.get(a) ?? 0) - (arrived.get(b) ?? 0),
    );
    const points = countsUpTo(order.length).flatMap((count) => {
      const sofar = new Set(order.slice(0, count));
      const point = pointOf(among(control, sofar), among(own, sofar), view);
      return point === null ? [] : [point];
    });
    return [{ arm, points }];
  });
}

/** Up to twenty numbers of visitors, evenly spread and ending in all. */
function countsUpTo(all: number): number[] {
  if (all < fewest) return [];
  const wanted = Array.from({ length: moments }, (_, place) =>
    Math.round(fewest + ((all - fewest) * place) / (moments - 1)),
  );
  return [...new Set(wanted)];
}

function among(values: VisitorValues, sofar: ReadonlySet<string>): VisitorValues {
  return visitorValues(values.filter(({ visitor }) => sofar.has(visitor)));
}

function pointOf(control: VisitorValues, own: VisitorValues, view: RunView): SequencePoint | null {
  const { scenario } = view;
  const { alpha } = scenario.metrics;
  const { kind } = metricNamed(scenario.metrics.goal);
  const { pairs } = pairsOf(control, own);
  const isSplit = scenario.design === 'split';
  const estimate = isSplit ? welch(control, own, kind, alpha) : pairedT(pairs, kind, alpha);
  if (estimate.kind === 'not-estimable') return null;
  const visitors = isSplit ? control.length + own.length : pairs.control.length;
  const tunedFor = Math.max(2, scenario.population.visitors / 2);
  const anytime = anytimeEstimate(estimate, visitors, { alpha, tunedFor });
  return { visitors, effect: anytime.effect, interval: [anytime.ci[0], anytime.ci[1]] };
}
