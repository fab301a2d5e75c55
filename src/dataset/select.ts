// A run opened as a data set: its facts, its split, and its tables as rows that are read anew each time they are asked
// for. Rows stream; whoever writes them decides what to keep.

import { UsageError } from '../base/error.ts';
import type { Database } from '../store/database.ts';
import { eventsOf, itemsOf, visitorsOf } from '../store/read.ts';
import { factsOf, type RunFacts } from './facts.ts';
import { pairRows } from './pairs.ts';
import {
  impressionRows,
  interactionRows,
  runProvenance,
  sessionRow,
  thoughtRows,
  type RowContext,
} from './rows.ts';
import { screenRows } from './screens.ts';
import { runsOf, splitOf, withParts, type Part, type Split } from './split.ts';
import { tableNamed, type Row, type SplitKind, type TableName } from './tables.ts';
import { dataSessions, visitReader, type Visit } from './visits.ts';

export interface Selection {
  readonly tables: readonly TableName[];
  readonly split: SplitKind;
  readonly seed: number;
  /** Arms to take; null for all. */
  readonly arms: readonly string[] | null;
  /** First second of the simulated calendar, unix time. */
  readonly since: number;
}

export interface Dataset {
  readonly facts: RunFacts;
  readonly selection: Selection;
  readonly split: Split;
  readonly hasTable: (table: TableName) => boolean;
  /** Rows of a table in its order; of the ones by user, a user's rows stand together, oldest first. */
  rows(table: TableName): Iterable<Row>;
  /** The same with the part each row belongs to. */
  parted(table: TableName): Iterable<{ readonly part: Part; readonly row: Row }>;
  /** Rated interactions, the last rating where a user rated an item in more than one visit. */
  ratings(): Iterable<{ readonly part: Part; readonly row: Row }>;
}

/** 2033-05-18, 03:33:20 UTC: after any history of today, and easy to recognise. */
export const standardSince = 2_000_000_000;

/** Opens the run in `folder`. Throws a UsageError where an arm is unknown, or the run holds no session that is data. */
export function selectDataset(database: Database, folder: string, selection: Selection): Dataset {
  const facts = factsOf(database, folder);
  const known = [...new Set(dataSessions(database, null).map((session) => session.arm))];
  const unknown = selection.arms?.find((arm) => !known.includes(arm));
  if (unknown !== undefined)
    throw new UsageError(
      `The run ${facts.run} has no sessions of an arm ${unknown}.`,
      `Arms: ${known.join(', ')}.`,
    );
  const sessions = dataSessions(database, selection.arms);
  if (sessions.length === 0)
    throw new UsageError(
      `The run ${facts.run} holds no complete session, so there is nothing to export.`,
      'Go on with it: rehearsal resume.',
    );
  const context: RowContext = { facts, since: selection.since };
  const read = visitReader(database);
  const visits = function* (rowsOf: (visit: Visit) => Iterable<Row>): Iterable<Row> {
    for (const session of sessions) yield* rowsOf(read(session));
  };
  const rows = (table: TableName): Iterable<Row> => {
    switch (table) {
      case 'interactions':
        return visits((visit) => interactionRows(context, visit));
      case 'impressions':
        return visits((visit) => impressionRows(context, visit));
      case 'sessions':
        return visits((visit) => [sessionRow(context, visit)]);
      case 'thoughts':
        return visits(({ session }) => thoughtRows(context, session, eventsOf(database, session.id)));
      case 'pairs':
        return pairRows(database, context, sessions);
      case 'screens':
        return screenRows(database, folder, context, sessions);
      case 'visitors':
        return visitorRows(database, context, new Set(sessions.map((session) => session.visitor)));
      case 'items':
        return itemsOf(database).map(({ id, title, genres }) => ({
          item_id: id,
          title,
          genres,
          ...runProvenance(context),
        }));
      default:
        return table satisfies never;
    }
  };
  const split = splitOf(selection.split, selection.seed, function* () {
    for (const row of rows('interactions')) yield Number(row['timestamp']);
  });
  return {
    facts,
    selection,
    split,
    hasTable: (table) => selection.tables.includes(table),
    rows,
    parted: (table) => withParts(split, tableNamed(table), rows(table)),
    ratings: () => withParts(split, tableNamed('interactions'), lastRatings(rows('interactions'))),
  };
}

function visitorRows(database: Database, context: RowContext, who: ReadonlySet<string>): Row[] {
  const origin = runProvenance(context);
  return visitorsOf(database)
    .filter(({ id }) => who.has(id))
    .map(({ id, activity, diversity, conformity }) => ({
      visitor: id,
      activity,
      diversity,
      conformity,
      ...origin,
    }));
}

function* lastRatings(rows: Iterable<Row>): Iterable<Row> {
  for (const own of runsOf(rows)) {
    const rated = own.filter((row) => row['rating'] !== null);
    const last = new Map(rated.map((row) => [row['item_id'], row]));
    yield* rated.filter((row) => last.get(row['item_id']) === row);
  }
}
