// Items whose texts look as if they spoke to whoever reads the page (src/catalogue/suspicion.ts): what a run does about
// them. They may be quarantined, so that no arm learns or shows them; and in every run that showed some, the effect is
// also measured as if nobody had seen them. The scan errs, and what it flags is never deleted from a record.

import type { Catalogue } from '../catalogue/item.ts';
import { isSuspect } from '../catalogue/suspicion.ts';
import { openDatabase, type Database } from '../store/database.ts';
import type { Event } from '../store/events.ts';
import { eventsOf, itemsOf, sessionsOf, visitorsOf } from '../store/read.ts';
import { writer } from '../store/write.ts';
import type { Check, Comparison, Suspects } from './result.ts';

/** The catalogue without its suspect items and what was done with them. */
export function quarantined(catalogue: Catalogue): Catalogue {
  const apart = new Set(catalogue.items.filter(isSuspect).map(({ id }) => id));
  return {
    ...catalogue,
    items: catalogue.items.filter(({ id }) => !apart.has(id)),
    interactions: catalogue.interactions.filter(({ item }) => !apart.has(item)),
  };
}

/**
 * The record as if these items had not been seen: without their places in slates and without what was done with them, in a
 * database that is not kept. Null where none was shown or acted on. Steps and times stay as they were.
 */
export function recordWithout(
  database: Database,
  items: ReadonlySet<string>,
): { readonly record: Database; readonly places: number } | null {
  if (items.size === 0) return null;
  const record = openDatabase(':memory:');
  const write = writer(record);
  let places = 0;
  write.saveItems(itemsOf(database));
  for (const visitor of visitorsOf(database)) write.saveVisitor(visitor);
  for (const { id, ...session } of sessionsOf(database)) {
    const events = eventsOf(database, id);
    const kept = events.flatMap((event) => eventWithout(event, items));
    places += placesIn(events) - placesIn(kept);
    write.saveSession(session, kept, []);
  }
  if (places > 0) return { record, places };
  record.close();
  return null;
}

/** What the scan says of a run: nothing without suspects, a warning where a decision hangs on them. */
export function suspectsCheck(suspects: Suspects, comparisons: readonly Comparison[]): Check[] {
  const { items, quarantined: apart, places, without } = suspects;
  if (items === 0) return [];
  const count = `${items} ${items === 1 ? 'item looks' : 'items look'} as if made to speak to readers`;
  const check = (status: Check['status'], detail: string): Check[] => [
    { name: 'suspect-items', status, detail: `${count}${detail}` },
  ];
  if (apart) return check('ok', ', and every arm goes without');
  if (places === 0) return check('ok', ', and none was shown');
  if (without.length === 0) return check('warn', '; an effect without them is not computed for this design');
  const told = without.map((clean) => {
    const whole = comparisons.find(({ arm, metric }) => arm === clean.arm && metric === clean.metric);
    const isTurned = whole?.decision !== clean.decision;
    const verdict = isTurned
      ? `${whole?.decision ?? 'nothing'} turns to ${clean.decision}`
      : `${clean.decision} both times`;
    const text = `${clean.arm}, ${clean.metric}: ${effectText(whole)} with them, ${effectText(clean)} without, ${verdict}`;
    return { text, isTurned };
  });
  return check(
    told.some(({ isTurned }) => isTurned) ? 'warn' : 'ok',
    `, in ${places} places; ${told.map(({ text }) => text).join('; ')}`,
  );
}

function eventWithout(event: Event, items: ReadonlySet<string>): Event[] {
  if (event.type === 'slate-shown')
    return [{ ...event, items: event.items.filter(({ item }) => !items.has(item)) }];
  return 'item' in event && items.has(event.item) ? [] : [event];
}

function placesIn(events: readonly Event[]): number {
  return events.reduce((sum, event) => sum + (event.type === 'slate-shown' ? event.items.length : 0), 0);
}

function effectText(comparison: Comparison | undefined): string {
  const { effect, ci } = comparison ?? { effect: null, ci: null };
  if (effect === null) return 'not estimable';
  return ci === null ? effect.toFixed(4) : `${effect.toFixed(4)} [${ci[0].toFixed(4)}, ${ci[1].toFixed(4)}]`;
}
