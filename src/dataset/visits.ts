// Visits of a record, one at a time, in order of arm, visitor and replicate, so that a user's rows stand together and a
// million impressions never lie in memory. A visit holds what was shown and what was done; steps are read elsewhere.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import type { Database } from '../store/database.ts';
import { slateShownSchema } from '../store/events.ts';
import { sessionsOf, type StoredSession } from '../store/read.ts';
import { isData } from '../store/session.ts';

/** One place of a slate, with everything that became of it. */
export interface Shown {
  readonly slate: number;
  readonly list: 'home' | 'results';
  readonly page: number;
  readonly method: string;
  readonly version: string;
  readonly item: string;
  readonly slot: number;
  readonly score: number;
  readonly propensity: number;
  readonly drafter: string | null;
  /** Seconds into the visit. */
  readonly time: number;
  screen: string | null;
  inView: boolean;
  opened: boolean;
  watched: boolean;
  listed: boolean;
  stars: number | null;
}

export interface Act {
  readonly kind: 'opened' | 'watched' | 'listed' | 'rated';
  readonly item: string;
  readonly slate: number;
  readonly slot: number;
  readonly time: number;
  readonly stars: number | null;
}

export interface Visit {
  readonly session: StoredSession;
  readonly shown: readonly Shown[];
  readonly acts: readonly Act[];
}

/** A row has type and time in columns of their own. */
const slateSchema = slateShownSchema.omit({ type: true, time: true });

interface EventRow {
  readonly type: string;
  readonly time: number;
  readonly item: string;
  readonly slate: number;
  readonly slot: number;
  readonly value: number | null;
  readonly screen: string | null;
  readonly data: string | null;
}

const acts: Readonly<Record<string, Act['kind']>> = {
  'item-opened': 'opened',
  'item-watched': 'watched',
  'item-listed': 'listed',
  'item-rated': 'rated',
};

/** Sessions that are data; `arms` limits them. */
export function dataSessions(database: Database, arms: readonly string[] | null): StoredSession[] {
  return sessionsOf(database).filter(
    (session) => isData(session) && (arms === null || arms.includes(session.arm)),
  );
}

/** Reads visits by their session. A slate that was shown again is one slate: in view if it ever was. */
export function visitReader(database: Database): (session: StoredSession) => Visit {
  const events = database.prepare<[number], EventRow>(
    `SELECT type, time, item, slate, slot, value, screen, CASE type WHEN 'slate-shown' THEN data END AS data
    FROM events WHERE session = ? AND type IN ('slate-shown', 'step-taken', ${Object.keys(acts)
      .map((type) => `'${type}'`)
      .join(', ')}) ORDER BY seq`,
  );
  return (session) => {
    const shown = new Map<string, Shown>();
    const done: Act[] = [];
    let unseen: Shown[] = [];
    for (const event of events.all(session.id)) {
      if (event.type === 'slate-shown') unseen.push(...placesOf(event, session, shown));
      else if (event.type === 'step-taken') {
        for (const place of unseen) place.screen ??= event.screen;
        unseen = [];
      } else {
        const kind = acts[event.type]!;
        const { item, slate, slot, time } = event;
        done.push({ kind, item, slate, slot, time, stars: kind === 'rated' ? event.value : null });
        const place = shown.get(placeKey(slate, slot, item));
        if (place === undefined) continue;
        if (kind === 'rated') place.stars = event.value;
        else place[kind] = true;
      }
    }
    return { session, shown: [...shown.values()], acts: done };
  };
}

/** Adds a slate's places to `shown`; returns them. */
function placesOf(event: EventRow, session: StoredSession, shown: Map<string, Shown>): Shown[] {
  const parsed = slateSchema.safeParse(JSON.parse(event.data ?? 'null'));
  if (!parsed.success) {
    throw new RehearsalError(
      `A slate of visitor ${session.visitor} under arm ${session.arm} is not one:\n${z.prettifyError(parsed.error)}`,
      { hint: 'The record was changed by another program; run the scenario again.' },
    );
  }
  const { items, ...slate } = parsed.data;
  return items.map(({ inView, drafter, ...place }) => {
    const key = placeKey(slate.slate, place.slot, place.item);
    const before = shown.get(key);
    if (before !== undefined) {
      before.inView ||= inView;
      return before;
    }
    const fresh: Shown = {
      ...slate,
      ...place,
      drafter: drafter ?? null,
      time: event.time,
      screen: null,
      inView,
      opened: false,
      watched: false,
      listed: false,
      stars: null,
    };
    shown.set(key, fresh);
    return fresh;
  });
}

function placeKey(slate: number, slot: number, item: string): string {
  return `${slate} ${slot} ${item}`;
}
