// Does an effect wear off? The effect on CTR page by page down the list, and the effect on the goal visit by visit with
// the change from the first to the last. A page's effect is over visitors who came that far, who are not everybody.

import type { Metric } from '../metrics/metric.ts';
import { ctr } from '../metrics/ctr.ts';
import { pageClicks } from '../metrics/page-clicks.ts';
import { pairedT } from '../stats/paired.ts';
import { pairsOf, visitorValues } from '../stats/visitor-values.ts';
import type { VisitorPairs, VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import { tried } from './compare.ts';
import type { Measured } from './measured.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

type Stage = Result['novelty']['pages'][number];

/** Fewer visitors than this at a page say nothing about it. */
const FEWEST = 10;

/** Effects by page, by visit where there are several, and (twins) the change from the first visit to the last. */
export function noveltyOf(
  database: Database,
  found: Measured,
  goal: Metric,
  scenario: Scenario,
): Result['novelty'] {
  const [control, ...treatments] = scenario.arms.map(({ name }) => name) as [string, ...string[]];
  const stagesOf = (
    metric: Metric,
    stages: Iterable<readonly [number, ReadonlyMap<string, VisitorValues>]>,
  ): Stage[] =>
    [...stages].flatMap(([number, values]) =>
      treatments.flatMap((arm) => {
        const own = { arm: completeIn(arm, values, found), control: completeIn(control, values, found) };
        const { n, estimate } = tried({ metric, arm, control, values: own }, scenario);
        if (n < FEWEST || estimate.kind === 'not-estimable') return [];
        return [{ number, arm, n, effect: estimate.effect, ci: [...estimate.ci] as [number, number] }];
      }),
    );
  const { replicates } = scenario.population;
  const visits = Array.from({ length: replicates }, (_, index) => index + 1);
  const values = new Map(visits.map((visit) => [visit, found.values(goal, visit)]));
  return {
    pages: stagesOf(ctr, pageClicks(database)),
    visits: replicates === 1 ? [] : stagesOf(goal, values),
    changes:
      replicates === 1 || scenario.design !== 'twins'
        ? []
        : treatments.map((arm) => changeOf(arm, control, values.get(1)!, values.get(replicates)!, scenario)),
  };
}

function completeIn(arm: string, values: ReadonlyMap<string, VisitorValues>, found: Measured): VisitorValues {
  const complete = found.complete.get(arm)!;
  return visitorValues((values.get(arm) ?? []).filter((row) => complete.has(row.visitor)));
}

/** A visitor's difference in its last visit minus its difference in the first, tested as twins are. */
function changeOf(
  arm: string,
  control: string,
  first: ReadonlyMap<string, VisitorValues>,
  last: ReadonlyMap<string, VisitorValues>,
  scenario: Scenario,
): Result['novelty']['changes'][number] {
  const { pairs } = pairsOf(
    differencesOf(first.get(control)!, first.get(arm)!),
    differencesOf(last.get(control)!, last.get(arm)!),
  );
  const change = pairedT(pairs, 'mean', scenario.metrics.alpha);
  return change.kind === 'estimated'
    ? { arm, n: pairs.control.length, change: change.effect, ci: [...change.ci], p: change.p, note: '' }
    : { arm, n: pairs.control.length, change: null, ci: null, p: null, note: change.reason };
}

/** Visitors' own differences; one who has no value in an arm (nothing seen) has no difference. */
function differencesOf(control: VisitorValues, treatment: VisitorValues): VisitorValues {
  const { pairs }: { pairs: VisitorPairs } = pairsOf(control, treatment);
  return visitorValues(
    pairs.control.flatMap((before, index) => {
      const after = pairs.treatment[index]!;
      if (before.denominator === 0 || after.denominator === 0) return [];
      const difference = after.numerator / after.denominator - before.numerator / before.denominator;
      return [{ visitor: before.visitor, numerator: difference, denominator: 1 }];
    }),
  );
}
