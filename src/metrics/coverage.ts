// Catalogue coverage: a fact about an arm as a whole, not about a visitor. It has no test and no interval.

import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { slateItems } from './slate-items.ts';
import { sources } from './sources.ts';

/**
 * Share of the catalogue's items that an arm's home slates showed in complete sessions, by arm; null where the
 * record knows no items. Burn-in visits, from before the arms, do not count; nor, where `among` is given, do other visitors.
 */
export function coverage(
  database: Database,
  among?: ReadonlySet<string>,
): ReadonlyMap<string, number | null> {
  const items = z.int().parse(database.prepare('SELECT count(*) FROM items').pluck().get());
  const rows = database
    .prepare(
      "SELECT id, arm, visitor FROM sessions WHERE status = 'complete' AND replicate >= 1 ORDER BY arm, id",
    )
    .all() as { id: number; arm: string; visitor: string }[];
  const shown = new Map(rows.map(({ arm }) => [arm, new Set<string>()]));
  const setOf = new Map(
    rows
      .filter(({ visitor }) => among === undefined || among.has(visitor))
      .map(({ id, arm }) => [id, shown.get(arm)!]),
  );
  const slates = database.prepare(`SELECT session, items FROM (${sources.slates})`).raw();
  for (const [session, json] of slates.iterate() as IterableIterator<[number, string]>) {
    const own = setOf.get(session);
    if (own === undefined) continue;
    for (const { item } of slateItems(json)) own.add(item);
  }
  return new Map([...shown].map(([arm, own]) => [arm, items === 0 ? null : own.size / items]));
}
