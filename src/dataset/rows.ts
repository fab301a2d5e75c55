// From a visit to rows of the tables interactions, impressions, sessions and thoughts. Pure, apart from thoughts, which
// asks for the steps of the visit. Ids, the simulated calendar and provenance are made here and nowhere else.

import { RehearsalError } from '../base/error.ts';
import type { Event } from '../store/events.ts';
import type { StoredSession } from '../store/read.ts';
import type { RunFacts } from './facts.ts';
import type { Row } from './tables.ts';
import type { Act, Visit } from './visits.ts';

/** What every row needs to know. `since` is the first second of the simulated calendar, unix time. */
export interface RowContext {
  readonly facts: RunFacts;
  readonly since: number;
}

const day = 86_400;

/** One life: twins are different users. */
export function userOf({ visitor, arm }: Pick<StoredSession, 'visitor' | 'arm'>): string {
  return `${visitor}@${arm}`;
}

export function sessionOf(session: Pick<StoredSession, 'visitor' | 'arm' | 'replicate'>): string {
  return `${userOf(session)}#${session.replicate}`;
}

/** Unix seconds in the simulated calendar, to the millisecond: replicates are a day apart. */
export function calendar(since: number, replicate: number, time: number): number {
  return Math.round((since + (replicate - 1) * day + time) * 1000) / 1000;
}

/** Provenance of a row about the run as a whole. */
export function runProvenance({ facts }: RowContext): Row {
  return {
    run: facts.run,
    mind: facts.scenario.mind,
    model: facts.model,
    prompts: facts.promptsDigest,
    seed: facts.scenario.seed,
    synthetic: true,
  };
}

function provenance({ facts }: RowContext, session: StoredSession): Row {
  return {
    run: facts.run,
    arm: session.arm,
    visitor: session.visitor,
    replicate: session.replicate,
    mind: session.mind,
    mind_version: session.mindVersion,
    // Of several minds, only one has the model behind it.
    model: session.mind === 'llm' ? facts.model : null,
    prompts: session.mind === 'llm' ? facts.promptsDigest : null,
    seed: session.seed,
    synthetic: true,
  };
}

/** Where an act happened. Every act names a place of a slate that was shown. */
function placeOf(act: Act, shown: Visit['shown']): Visit['shown'][number] {
  const place = shown.find(
    (one) => one.slate === act.slate && one.slot === act.slot && one.item === act.item,
  );
  if (place !== undefined) return place;
  throw new RehearsalError(
    `The record says that ${act.item} was ${act.kind} from slate ${act.slate}, slot ${act.slot}, where it was not shown.`,
    { hint: 'The record was changed by another program; run the scenario again.' },
  );
}

/** One row an item the visitor did something with, in the order of the first act. */
export function interactionRows(context: RowContext, { session, shown, acts }: Visit): Row[] {
  const origin = provenance(context, session);
  return [...Map.groupBy(acts, (act) => act.item)].map(([item, own]) => {
    const [first] = own;
    const place = placeOf(first!, shown);
    const did = (kind: Act['kind']): boolean => own.some((act) => act.kind === kind);
    return {
      user_id: userOf(session),
      item_id: item,
      session: sessionOf(session),
      timestamp: calendar(context.since, session.replicate, first!.time),
      opened: did('opened'),
      watched: did('watched'),
      listed: did('listed'),
      rating: own.findLast((act) => act.kind === 'rated')?.stars ?? null,
      slate: first!.slate,
      slot: first!.slot,
      propensity: place.propensity,
      list: place.list,
      ...origin,
    };
  });
}

export function impressionRows(context: RowContext, { session, shown }: Visit): Row[] {
  const origin = provenance(context, session);
  const user = userOf(session);
  const name = sessionOf(session);
  return shown.map((place) => ({
    user_id: user,
    item_id: place.item,
    session: name,
    timestamp: calendar(context.since, session.replicate, place.time),
    list: place.list,
    page: place.page,
    slate: place.slate,
    slot: place.slot,
    score: place.score,
    propensity: place.propensity,
    method: place.method,
    method_version: place.version,
    drafter: place.drafter,
    in_view: place.inView,
    opened: place.opened,
    watched: place.watched,
    listed: place.listed,
    rating: place.stars,
    screen: place.screen,
    ...origin,
  }));
}

export function sessionRow(context: RowContext, { session, shown, acts }: Visit): Row {
  const items = (kind: Act['kind']): number =>
    new Set(acts.filter((act) => act.kind === kind).map((act) => act.item)).size;
  return {
    session: sessionOf(session),
    user_id: userOf(session),
    timestamp: calendar(context.since, session.replicate, 0),
    status: session.status,
    exit_reason: session.exitReason,
    steps: session.steps,
    seconds: session.simulatedSeconds,
    slates: new Set(shown.map((place) => place.slate)).size,
    places_shown: shown.length,
    places_in_view: shown.filter((place) => place.inView).length,
    items_opened: items('opened'),
    items_watched: items('watched'),
    items_listed: items('listed'),
    items_rated: items('rated'),
    ...provenance(context, session),
  };
}

/** `events` are all events of the session, in order. */
export function thoughtRows(context: RowContext, session: StoredSession, events: readonly Event[]): Row[] {
  const origin = provenance(context, session);
  return events.flatMap((event, seq) =>
    event.type !== 'step-taken'
      ? []
      : [
          {
            session: sessionOf(session),
            user_id: userOf(session),
            seq,
            timestamp: calendar(context.since, session.replicate, event.time),
            page_name: event.page,
            screen: event.screen,
            action: event.action,
            mark: event.mark,
            interest: event.interest,
            fatigue: event.fatigue,
            noticed: event.noticed.map((mark) => mark.text),
            recalled: event.recalled,
            reason: event.reason,
            ...origin,
          },
        ],
  );
}
