// One pass over slates, one over clicks: what was shown, seen and opened, by arm and slot and by item, and how far
// sessions of each arm got. Everything the views of behaviour and items count comes from here. Finished visits only.

import type { Database } from '../store/database.ts';
import { itemsOf } from '../store/read.ts';
import { isDataRow, type ItemRow, type SessionRow } from './rows.ts';

export interface Counts {
  shown: number;
  seen: number;
  clicks: number;
  watches: number;
  /** Sum of slots over the times in view. */
  slots: number;
}

export interface Tally {
  /** By item, over all arms. */
  readonly items: ReadonlyMap<string, Readonly<Counts>>;
  /** By arm, then item. */
  readonly arms: ReadonlyMap<string, ReadonlyMap<string, Readonly<Counts>>>;
  /** By arm, then slot from 1, on the lists of the arm (home), not on results of the search. */
  readonly slots: ReadonlyMap<string, ReadonlyMap<number, Readonly<Counts>>>;
}

/** Adds up the record. A slate that was returned to counts once, and as in view if it ever was. */
export function tally(database: Database, sessions: readonly SessionRow[]): Tally {
  const armOf = new Map(sessions.filter(isDataRow).map(({ id, arm }) => [id, arm]));
  const arms = new Map<string, Map<string, Counts>>();
  const slots = new Map<string, Map<number, Counts>>();

  const slates = database
    .prepare(
      `SELECT session, slate, data ->> '$.list' AS list, data ->> '$.items' AS items
      FROM events WHERE type = 'slate-shown' ORDER BY session, slate, seq`,
    )
    .raw();
  /** Slots of the slate under way, and whether they were in view so far. */
  let places = new Map<number, boolean>();
  let underSession = 0;
  let underSlate = 0;
  const homes = new Set<string>();
  for (const row of slates.iterate() as IterableIterator<readonly [number, number, string, string]>) {
    const [session, slate, list, json] = row;
    const arm = armOf.get(session);
    if (arm === undefined) continue;
    if (session !== underSession || slate !== underSlate) places = new Map();
    underSession = session;
    underSlate = slate;
    const isHome = list === 'home';
    if (isHome) homes.add(`${session} ${slate}`);
    const byItem = within(arms, arm);
    const bySlot = within(slots, arm);
    for (const { item, slot, inView } of placesIn(json)) {
      const before = places.get(slot);
      if (before === true || before === inView) continue;
      places.set(slot, inView);
      showIn(counted(byItem, item), slot, inView, before === undefined);
      if (isHome) showIn(counted(bySlot, slot), slot, inView, before === undefined);
    }
  }

  const acts = database
    .prepare(
      `SELECT session, type, item, slate, slot FROM events WHERE type IN ('item-opened', 'item-watched')`,
    )
    .raw();
  for (const row of acts.iterate() as IterableIterator<readonly [number, string, string, number, number]>) {
    const [session, type, item, slate, slot] = row;
    const arm = armOf.get(session);
    if (arm === undefined) continue;
    const what = type === 'item-opened' ? 'clicks' : 'watches';
    counted(within(arms, arm), item)[what] += 1;
    if (homes.has(`${session} ${slate}`)) counted(within(slots, arm), slot)[what] += 1;
  }
  return { items: overArms(arms), arms, slots };
}

function showIn(counts: Counts, slot: number, inView: boolean, isFirst: boolean): void {
  if (isFirst) counts.shown += 1;
  if (!inView) return;
  counts.seen += 1;
  counts.slots += slot;
}

function overArms(arms: ReadonlyMap<string, ReadonlyMap<string, Counts>>): Map<string, Counts> {
  const items = new Map<string, Counts>();
  for (const own of arms.values())
    for (const [item, counts] of own) {
      const sum = counted(items, item);
      for (const what of Object.keys(counts) as (keyof Counts)[]) sum[what] += counts[what];
    }
  return items;
}

interface Place {
  readonly item: string;
  readonly slot: number;
  readonly inView: boolean;
}

/** The record wrote these rows by its own schema: they are parsed, not checked again. */
function placesIn(json: string): readonly Place[] {
  return JSON.parse(json) as readonly Place[];
}

function within<K>(map: Map<string, Map<K, Counts>>, arm: string): Map<K, Counts> {
  const found = map.get(arm);
  if (found !== undefined) return found;
  const fresh = new Map<K, Counts>();
  map.set(arm, fresh);
  return fresh;
}

function counted<K>(map: Map<K, Counts>, key: K): Counts {
  const found = map.get(key);
  if (found !== undefined) return found;
  const fresh = { shown: 0, seen: 0, clicks: 0, watches: 0, slots: 0 };
  map.set(key, fresh);
  return fresh;
}

/** The items of the record that were ever in a list, most seen first. */
export function itemRows(database: Database, { items }: Tally): ItemRow[] {
  return itemsOf(database)
    .flatMap(({ id, title, genres }) => {
      const counts = items.get(id);
      if (counts === undefined) return [];
      const { shown, seen, clicks, watches, slots } = counts;
      return [
        {
          item: id,
          title,
          genres: genres.join(', '),
          shown,
          seen,
          clicks,
          ctr: seen === 0 ? null : clicks / seen,
          watches,
          slot: seen === 0 ? null : slots / seen,
        },
      ];
    })
    .sort((a, b) => b.seen - a.seen || (a.item < b.item ? -1 : 1));
}

/** How far the finished sessions of an arm got: counts that can only fall. */
export interface Funnel {
  readonly arm: string;
  readonly sessions: number;
  readonly opened: number;
  readonly watched: number;
  readonly rated: number;
}

/** One funnel an arm: sessions, those that opened something, of these who watched, of these who rated. */
export function funnels(sessions: readonly SessionRow[], arms: readonly string[]): Funnel[] {
  return arms.map((arm) => {
    const own = sessions.filter(
      (session) => session.arm === arm && isDataRow(session) && session.replicate >= 1,
    );
    const opened = own.filter(({ clicks }) => clicks > 0);
    const watched = opened.filter(({ watches }) => watches > 0);
    const rated = watched.filter(({ ratings }) => ratings > 0);
    return { arm, sessions: own.length, opened: opened.length, watched: watched.length, rated: rated.length };
  });
}
