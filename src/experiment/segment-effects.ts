// The effect on the goal among visitors of one kind: by activity, diversity and conformity. Explorations all: their p
// values are adjusted together by Benjamini and Hochberg, and none of them enters the verdict.

import type { Metric } from '../metrics/metric.ts';
import { benjaminiHochberg } from '../stats/multiplicity.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import type { VisitorRecord } from '../store/session.ts';
import { tried } from './compare.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

export const traits = ['activity', 'diversity', 'conformity'] as const;
export const levels = ['low', 'medium', 'high'] as const;

/** One row for each trait, level and arm that has visitors, in this order. */
export function segmentEffects(
  goal: Metric,
  values: ReadonlyMap<string, VisitorValues>,
  visitors: readonly VisitorRecord[],
  scenario: Scenario,
): Result['segmentEffects'] {
  const [control, ...treatments] = scenario.arms.map(({ name }) => name) as [string, ...string[]];
  const rows = traits.flatMap((trait) =>
    levels.flatMap((level) => {
      const own = new Set(visitors.filter((visitor) => visitor[trait] === level).map(({ id }) => id));
      const among = (arm: string): VisitorValues =>
        visitorValues(values.get(arm)!.filter((row) => own.has(row.visitor)));
      return treatments.flatMap((arm) => {
        const matchup = { metric: goal, arm, control, values: { arm: among(arm), control: among(control) } };
        const { n, estimate, relative } = tried(matchup, scenario);
        if (n === 0) return [];
        const estimated = estimate.kind === 'estimated' ? estimate : null;
        return [
          {
            trait,
            level,
            arm,
            n,
            effect: estimated?.effect ?? null,
            ci: estimated === null ? null : ([...estimated.ci] as [number, number]),
            relative: relative.kind === 'estimated' ? relative.relative : null,
            p: estimated?.p ?? null,
            note: estimate.kind === 'not-estimable' ? estimate.reason : '',
          },
        ];
      });
    }),
  );
  const adjusted = benjaminiHochberg(rows.map(({ p }) => p));
  return rows.map((row, index) => ({ ...row, pAdjusted: adjusted[index] ?? null }));
}
