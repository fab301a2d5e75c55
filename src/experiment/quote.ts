// What a run with a model will take, said before it is taken: three of its own sessions are played first, of visitors
// with little, middling and much patience, and kept. On a resume the recorded sessions say it. A quote is a projection
// with its interval; what keeps a run within bounds is the budget.

import { nothingSpent, sumOfSpent, type Spent } from '../llm/budget.ts';
import { quoteFrom, quoteWith, sumOfQuotes, type Quote } from '../llm/quote.ts';
import { callTotals } from '../store/calls.ts';
import type { Database } from '../store/database.ts';
import { completedKeys, runValue, sessionsOf } from '../store/read.ts';
import { sessionKey } from '../store/session.ts';
import type { Writer } from '../store/write.ts';
import { journeysOf, type PlannedSession } from './assign.ts';
import type { Experiment } from './build.ts';
import type { Driven } from './drive.ts';

/** Sessions that are played before a quote. */
const PILOT = 3;

export interface RunQuote extends Quote {
  /** Sessions that it rests on, and whether all their answers were recorded before, so that nothing was paid for them. */
  readonly played: number;
  readonly recorded: boolean;
}

export interface QuotedRun {
  readonly experiment: Experiment;
  readonly plan: readonly PlannedSession[];
  readonly database: Database;
  readonly record: Pick<Writer, 'setRun'>;
  /** Sessions under way at once. */
  readonly workers: number;
  /** What was asked about items before: part of what the run takes. */
  readonly spentOnItems: Spent;
  /** Shown the quote; false to begin no more. Without it nothing is quoted. */
  readonly agree: ((quote: RunQuote) => Promise<boolean>) | undefined;
  log(line: string): void;
  /** Runs what is missing of a part of the plan. */
  drive(part: readonly PlannedSession[]): Promise<Driven>;
}

/** Drives the plan; where a model is to be paid for, after a pilot, a quote and consent. */
export async function drivenWithQuote(run: QuotedRun): Promise<Driven> {
  const { experiment, plan, database, record, agree } = run;
  const { llm } = experiment.scenario;
  if (agree === undefined || llm === null || llm.cassette?.mode === 'replay') return await run.drive(plan);
  const pilot = pilotSessions(experiment, plan, completedKeys(database));
  if (pilot.length > 0) {
    run.log(`playing ${pilot.length} sessions first, to say what the run will take`);
    const driven = await run.drive(pilot);
    if (driven.status !== 'complete') return driven;
    const reason = allFailed(database, pilot);
    if (reason !== null) return { ...driven, status: 'stopped', reason };
  }
  const quote = quoteOf(run);
  if (quote === null) return await run.drive(plan);
  // The first quote is the one that the run is held against.
  if (runValue(database, 'quote') === undefined) record.setRun('quote', quote);
  if (await agree(quote)) return await run.drive(plan);
  const visitors = [...new Set(pilot.map(({ visitor }) => visitor))];
  return { status: 'interrupted', reason: '', looks: [], visitors, late: 0 };
}

/** Why nothing else is begun, where every session played first has failed: the others would be paid for in vain. */
function allFailed(database: Database, pilot: readonly PlannedSession[]): string | null {
  const keys = new Set(pilot.map(sessionKey));
  const failed = sessionsOf(database).filter(
    (session) => session.status === 'failed' && keys.has(sessionKey(session)),
  );
  if (failed.length < pilot.length) return null;
  const { failureKind, failureMessage } = failed[0]!;
  return `all ${failed.length} sessions that were played first failed, the first by ${failureKind}: ${failureMessage}`;
}

/** Planned sessions that ask a model. */
function asking({ visitors }: Experiment, plan: readonly PlannedSession[]): PlannedSession[] {
  const own = new Set(visitors.flatMap(({ id, mind }) => (mind === 'llm' ? [id] : [])));
  return plan.filter(({ visitor }) => own.has(visitor));
}

/**
 * First visits of untouched visitors at a sixth, a half and five sixths of the patience that there is, the arms in turn.
 * None where three sessions are recorded already, or no more than three are missing.
 */
export function pilotSessions(
  experiment: Experiment,
  plan: readonly PlannedSession[],
  recorded: ReadonlySet<string>,
): PlannedSession[] {
  const own = asking(experiment, plan);
  const known = own.filter((planned) => recorded.has(sessionKey(planned)));
  if (known.length >= PILOT || own.length - known.length <= PILOT) return [];
  const touched = new Set(known.map(({ visitor }) => visitor));
  const rank = new Map(experiment.visitors.map(({ id, profile }) => [id, profile.activityRank]));
  const journeys = journeysOf(own.filter(({ visitor }) => !touched.has(visitor))).sort(
    (a, b) => rank.get(a.visitor)! - rank.get(b.visitor)!,
  );
  const picked = Array.from({ length: PILOT }, (_, index) => {
    const journey = journeys[Math.floor(((index + 0.5) / PILOT) * journeys.length)];
    return journey?.burnIn[0] ?? journey?.chains[index % journey.chains.length]?.[0];
  }).filter((planned) => planned !== undefined);
  return [...new Map(picked.map((planned) => [sessionKey(planned), planned])).values()];
}

/** The quote from the recorded sessions; null where nothing is missing, or nothing can be said. */
function quoteOf({ experiment, plan, database, workers, spentOnItems }: QuotedRun): RunQuote | null {
  const own = asking(experiment, plan);
  const recorded = completedKeys(database);
  if (own.every((planned) => recorded.has(sessionKey(planned)))) return null;
  const keys = new Set(own.map(sessionKey));
  const played = sessionsOf(database).filter((session) => keys.has(sessionKey(session)));
  const totals = callTotals(database);
  const isPaid = totals.some(({ source }) => source === 'endpoint');
  const spentIn = (session: number, once: boolean): Spent =>
    totals
      .filter((total) => total.session === session && total.once === once)
      .reduce((sum, total) => sumOfSpent(sum, { ...total, minutes: 0 }), nothingSpent);
  const each = played.map((session) => ({
    ...spentIn(session.id, false),
    minutes: session.wallMs / 60_000,
  }));
  // What is asked once a visitor (its profile) is no part of every session.
  const first = [...new Map(played.map((session) => [session.visitor, session])).values()];
  const once = first.map((session) => spentIn(session.id, true));
  const sessions = quoteFrom(
    each,
    own.length,
    Math.min(workers, experiment.scenario.llm?.concurrency ?? workers),
  );
  const visitors = new Set(own.map(({ visitor }) => visitor)).size;
  if (sessions.calls === null) return null;
  const quote = once.some(({ calls }) => calls > 0)
    ? sumOfQuotes(sessions, quoteFrom(once, visitors, workers))
    : sessions;
  return {
    ...quoteWith(quote, spentOnItems),
    // Recorded answers come at once: they say nothing of time.
    minutes: isPaid ? quote.minutes : null,
    played: played.length,
    recorded: !isPaid,
  };
}
