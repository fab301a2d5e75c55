// The one place where the record is added up: each source is read once for all metrics that count in it, into totals
// per complete session; from these come the values per visitor that tests take. Nothing here judges anything.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValue, VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import type { Metric } from './metric.ts';
import { sources } from './sources.ts';
import type { SourceName } from './sources.ts';

/** A complete session; replicates below 1 are burn-in visits, from before the arms. */
export interface TotalledSession {
  readonly id: number;
  readonly arm: string;
  readonly visitor: string;
  readonly replicate: number;
}

/** Totals by session: place i of every column belongs to `sessions[i]`. */
export interface SessionTotals {
  /** Complete sessions in order of arm, visitor, replicate. */
  readonly sessions: readonly TotalledSession[];
  readonly columns: ReadonlyMap<string, Totals>;
}

export interface Totals {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

const sessionRows = z.array(
  z.object({ id: z.int(), arm: z.string(), visitor: z.string(), replicate: z.int() }),
);

/** Totals of these metrics over every complete session. Throws, naming the metric, where its SQL gives no number. */
export function sessionTotals(database: Database, metrics: readonly Metric[]): SessionTotals {
  const sessions = sessionRows.parse(
    database
      .prepare(
        "SELECT id, arm, visitor, replicate FROM sessions WHERE status = 'complete' ORDER BY arm, visitor, replicate",
      )
      .all(),
  );
  const places = new Map(sessions.map(({ id }, place) => [id, place]));
  const columns = new Map(
    metrics.map((metric) => [
      metric.name,
      {
        numerators: new Float64Array(sessions.length),
        denominators: new Float64Array(sessions.length),
      },
    ]),
  );
  for (const metric of metrics) metric.prepare?.(database);
  const measures = metrics.flatMap((metric) => [
    { metric, ...metric.numerator, column: columns.get(metric.name)!.numerators },
    { metric, ...metric.denominator, column: columns.get(metric.name)!.denominators },
  ]);
  for (const [source, own] of Map.groupBy(measures, ({ over }) => over)) {
    fill(database, source, own, places);
  }
  return { sessions, columns };
}

interface Column {
  readonly metric: Metric;
  readonly sql: string;
  readonly column: Float64Array;
}

/** One pass over a source for all its measures. LIMIT −1 keeps SQLite from reading a column anew for every measure. */
function fill(
  database: Database,
  source: SourceName,
  measures: readonly Column[],
  places: ReadonlyMap<number, number>,
): void {
  const statement = database
    .prepare(
      `SELECT session, ${measures.map(({ sql }) => sql).join(', ')} FROM (${sources[source]} LIMIT -1) GROUP BY session`,
    )
    .raw();
  for (const row of statement.iterate() as IterableIterator<readonly unknown[]>) {
    const place = places.get(row[0] as number);
    if (place === undefined) continue;
    for (const [index, { metric, column }] of measures.entries()) {
      column[place] = finite(row[index + 1], metric);
    }
  }
}

function finite(value: unknown, metric: Metric): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RehearsalError(
    `The SQL of the metric ${metric.name} gave ${JSON.stringify(value)} for a session; a finite number was expected.`,
    { hint: 'A measure is an aggregate that is never null: wrap sums in total() or coalesce(…, 0).' },
  );
}

/**
 * The metric's values by arm, one per visitor, added up over the sessions that `counts` picks (by default the visits
 * under test: replicates from 1).
 */
export function visitorTotals(
  totals: SessionTotals,
  metric: Metric,
  counts: (session: TotalledSession) => boolean = ({ replicate }) => replicate >= 1,
): ReadonlyMap<string, VisitorValues> {
  const column = totals.columns.get(metric.name);
  if (column === undefined) throw new Error(`the metric ${metric.name} was not added up`);
  const rows = new Map<string, VisitorValue[]>();
  for (const [place, session] of totals.sessions.entries()) {
    if (!counts(session)) continue;
    const own = rows.get(session.arm) ?? [];
    rows.set(session.arm, own);
    const numerator = column.numerators[place]!;
    const denominator = column.denominators[place]!;
    const last = own.at(-1);
    if (last?.visitor === session.visitor) {
      own[own.length - 1] = {
        visitor: session.visitor,
        numerator: last.numerator + numerator,
        denominator: last.denominator + denominator,
      };
    } else {
      own.push({ visitor: session.visitor, numerator, denominator });
    }
  }
  return new Map([...rows].map(([arm, own]) => [arm, visitorValues(own)]));
}

/** A single metric's values by arm, straight from the record. */
export function metricValues(database: Database, metric: Metric): ReadonlyMap<string, VisitorValues> {
  return visitorTotals(sessionTotals(database, [metric]), metric);
}
