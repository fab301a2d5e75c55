// What a record holds for its comparisons: the complete visitors of each arm and their values of each metric, from one
// pass over the record. Only visitors whose every planned visit under an arm is complete count.

import type { Metric } from '../metrics/metric.ts';
import { sessionTotals, visitorTotals } from '../metrics/totals.ts';
import type { SessionTotals, TotalledSession } from '../metrics/totals.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValue, VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import { interleavedArm } from './assign.ts';
import type { Scenario } from './scenario.ts';

export interface Measured {
  /** Visitors with all their visits under an arm complete, by arm. */
  readonly complete: ReadonlyMap<string, ReadonlySet<string>>;
  /** A metric's values of the complete visitors of every arm, all visits together or one replicate. */
  values(metric: Metric, replicate?: number): ReadonlyMap<string, VisitorValues>;
  /** A metric's value before the arms, by visitor, over its burn-in visits; absent where one failed or was empty. */
  before(metric: Metric): ReadonlyMap<string, number>;
}

/** Names under which sessions were recorded: the arms, or the one list of interleaving. */
export function recordedArms(scenario: Scenario): readonly string[] {
  return scenario.design === 'interleaving' ? [interleavedArm] : scenario.arms.map((arm) => arm.name);
}

/** Adds up `metrics`; only of `among`, where it is given. */
export function measured(
  database: Database,
  scenario: Scenario,
  metrics: readonly Metric[],
  among?: ReadonlySet<string>,
): Measured {
  return measuredAmong(sessionTotals(database, metrics), scenario, among);
}

/** What these totals say of the visitors in `among`, or of all. */
export function measuredAmong(
  totals: SessionTotals,
  scenario: Scenario,
  among?: ReadonlySet<string>,
): Measured {
  const isAmong = ({ visitor }: TotalledSession): boolean => among === undefined || among.has(visitor);
  const complete = wholeVisitors(
    totals.sessions.filter((session) => isAmong(session) && session.replicate >= 1),
    recordedArms(scenario),
    scenario.population.replicates,
  );
  return {
    complete,
    values: (metric, replicate) => {
      const all = visitorTotals(
        totals,
        metric,
        (session) =>
          isAmong(session) &&
          (replicate === undefined ? session.replicate >= 1 : session.replicate === replicate),
      );
      return new Map(
        [...complete].map(([arm, visitors]) => [
          arm,
          visitorValues((all.get(arm) ?? []).filter((row) => visitors.has(row.visitor))),
        ]),
      );
    },
    before: (metric) => {
      const control = scenario.arms[0]!.name;
      const early = totals.sessions.filter((session) => isAmong(session) && session.replicate < 1);
      const whole = wholeVisitors(early, [control], scenario.population.burnIn).get(control)!;
      const rows: readonly VisitorValue[] =
        visitorTotals(totals, metric, ({ replicate }) => replicate < 1).get(control) ?? [];
      return new Map(
        rows
          .filter((row) => whole.has(row.visitor) && row.denominator > 0)
          .map((row) => [row.visitor, row.numerator / row.denominator]),
      );
    },
  };
}

function wholeVisitors(
  sessions: readonly TotalledSession[],
  arms: readonly string[],
  visits: number,
): ReadonlyMap<string, ReadonlySet<string>> {
  const counts = new Map(arms.map((arm) => [arm, new Map<string, number>()]));
  for (const { arm, visitor } of sessions) {
    const own = counts.get(arm);
    own?.set(visitor, (own.get(visitor) ?? 0) + 1);
  }
  return new Map(
    [...counts].map(([arm, own]) => [
      arm,
      new Set([...own].filter(([, count]) => count === visits).map(([visitor]) => visitor)),
    ]),
  );
}
