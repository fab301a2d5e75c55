// Post-stratification: the effect within each segment of visitors, weighted by the segments' shares of all visitors.
// Takes out what differs between arms only because one happened to get more of a segment (Miratrix, Sekhon and Yu 2013).

import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { linearised } from './ratio.ts';
import { visitorMoments } from './moments.ts';
import { differenceOfMeans, sided } from './two-sample.ts';
import type { TwoSample } from './two-sample.ts';
import { meanOf, varianceOf } from './ratio.ts';
import type { Aggregate, VisitorValues } from './visitor-values.ts';

/** Σ w_k d_k with variance Σ w_k² Var_k over segments, w_k the share of all visitors in both arms. */
export function postStratified(
  control: VisitorValues,
  treatment: VisitorValues,
  segmentOf: (visitor: string) => string,
  aggregate: Aggregate,
  alpha: number,
): TwoSample | NotEstimable {
  const a = linearised(control, aggregate);
  const b = linearised(treatment, aggregate);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  const rows = [
    ...control.map(({ visitor }, index) => ({ visitor, arm: 0, score: a.value + a.scores[index]! })),
    ...treatment.map(({ visitor }, index) => ({ visitor, arm: 1, score: b.value + b.scores[index]! })),
  ];
  const [all, segments] = [rows.length, Map.groupBy(rows, ({ visitor }) => segmentOf(visitor))];
  let [effect, variance, squares] = [0, 0, 0];
  for (const [segment, own] of segments) {
    const [here, there] = [0, 1].map((arm) => own.filter((row) => row.arm === arm).map(({ score }) => score));
    if (here!.length < 2 || there!.length < 2)
      return notEstimable(`segment ${segment} has fewer than 2 visitors in an arm`);
    const momentsOfScores = (scores: readonly number[]) =>
      visitorMoments({ n: scores.length, mean: meanOf(scores), variance: varianceOf(scores) });
    const difference = differenceOfMeans(momentsOfScores(here!), momentsOfScores(there!), { alpha });
    const share = own.length / all;
    if (difference.kind === 'not-estimable') {
      effect += share * (meanOf(there!) - meanOf(here!));
      continue;
    }
    effect += share * difference.effect;
    variance += (share * difference.se) ** 2;
    squares += (share * difference.se) ** 4 / difference.df;
  }
  if (!(variance > 0)) return notEstimable('no segment has a spread to judge the effect by');
  return sided(effect, Math.sqrt(variance), variance ** 2 / squares, { alpha });
}
