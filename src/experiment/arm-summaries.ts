// The arms side by side: how many came, what failed, every metric with its interval, how visits ended. Facts of each
// arm on its own; nothing is compared here.

import type { Metric } from '../metrics/metric.ts';
import { metrics } from '../metrics/metrics.ts';
import { intervalFromT, isNoSpread } from '../stats/estimate.ts';
import { linearised, sizeOf, varianceOf } from '../stats/ratio.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import type { StoredSession } from '../store/read.ts';
import { isCutByBudget } from '../store/session.ts';
import { interleavedArm } from './assign.ts';
import { countsOf } from './checks.ts';
import type { Measured } from './measured.ts';
import type { OfflineGrades } from './offline.ts';
import type { ArmSummary } from './result.ts';
import type { Arm, Scenario } from './scenario.ts';

export interface Summarised {
  readonly scenario: Scenario;
  /** Sessions under the arms, of every status. */
  readonly sessions: readonly StoredSession[];
  readonly found: Measured;
  /** Interleaving: clicks credited to each arm. Its other metrics belong to the list and to neither arm. */
  readonly credited: ReadonlyMap<string, VisitorValues> | null;
  /** Share of the catalogue shown, by recorded arm. */
  readonly coverage: ReadonlyMap<string, number | null>;
  readonly heldOutNdcg: Readonly<Record<string, number | null>>;
  readonly offline?: Readonly<Record<string, OfflineGrades>> | undefined;
}

/** One summary an arm, in the scenario's order. Interleaved arms share their sessions. */
export function armSummaries(parts: Summarised): ArmSummary[] {
  const { scenario, sessions, found, credited } = parts;
  const { alpha } = scenario.metrics;
  const tables = credited === null ? metrics.map((metric) => ({ metric, values: found.values(metric) })) : [];
  const metricsOf = (arm: string, visitors: number): ArmSummary['metrics'] =>
    credited === null
      ? {
          ...Object.fromEntries(
            tables.map(({ metric, values }) => [metric.name, metricSummary(metric, values.get(arm)!, alpha)]),
          ),
          coverage: { mean: parts.coverage.get(arm) ?? null, n: visitors, ci: null },
        }
      : { 'credited-clicks': metricSummary({ kind: 'mean' }, credited.get(arm)!, alpha) };
  return scenario.arms.map((arm) => {
    const recorded = credited === null ? arm.name : interleavedArm;
    const own = sessions.filter((session) => session.arm === recorded);
    const failed = own.filter((session) => session.status === 'failed');
    const cut = own.filter(isCutByBudget);
    const ended = own.filter((session) => !isCutByBudget(session));
    const visitors = new Set(own.map((session) => session.visitor)).size;
    return {
      name: arm.name,
      method: methodOf(arm),
      visitors,
      sessions: own.length,
      failed: failed.length,
      failures: countsOf(failed.map((session) => session.failureKind ?? 'unknown')),
      cut: cut.length,
      metrics: metricsOf(arm.name, visitors),
      exits: countsOf(ended.flatMap((session) => (session.exitReason === null ? [] : [session.exitReason]))),
      heldOutNdcg20: parts.heldOutNdcg[arm.name] ?? null,
      heldOutRecall20: parts.offline?.[arm.name]?.recall20 ?? null,
      heldOutAuc: parts.offline?.[arm.name]?.auc ?? null,
    };
  });
}

/** An arm's value with its 1 − α interval over visitors; no interval where there is no spread. */
function metricSummary(
  metric: Pick<Metric, 'kind'>,
  values: VisitorValues,
  alpha: number,
): ArmSummary['metrics'][string] {
  const arm = linearised(values, metric.kind);
  const n = values.length;
  if (arm.kind === 'not-estimable') return { mean: null, n, ci: null };
  const se = n < 2 ? 0 : Math.sqrt(varianceOf(arm.scores) / n);
  if (isNoSpread(se, sizeOf(arm.value, ...arm.scores))) return { mean: arm.value, n, ci: null };
  return { mean: arm.value, n, ci: [...intervalFromT(arm.value, se, n - 1, alpha)] };
}

function methodOf(arm: Arm): string {
  if ('method' in arm) return arm.method;
  return 'url' in arm ? arm.url : `liked-share ${arm.likedShare}`;
}
