// Click-through rate: what share of the recommended cards a visitor could see did it open?

import type { Database } from '../store/database.ts';
import type { Metric } from './metric.ts';
import { slateItems } from './slate-items.ts';

/** Clicks per impression on the home page; the recommender's own lists only, not search results. */
export const ctr: Metric = {
  name: 'ctr',
  title: 'CTR',
  unit: 'clicks per impression',
  description:
    'Places of home slates whose item was opened, over places that were in view (an opened one was). A place opened twice counts once.',
  kind: 'ratio',
  higherIsBetter: true,
  numerator: { over: 'slates', sql: 'total(opened)' },
  denominator: { over: 'slates', sql: 'total(places_seen(items, opened_slots))' },
  prepare: definePlacesSeen,
};

/** Defines `places_seen(items, opened_slots)`: the places of a slate that were in view or opened. */
function definePlacesSeen(database: Database): void {
  database.function('places_seen', { deterministic: true }, (items: unknown, openedSlots: unknown) => {
    const opened = openedSlots === null ? [] : String(openedSlots).split(',').map(Number);
    let seen = 0;
    for (const { inView, slot } of slateItems(items)) if (inView || opened.includes(slot)) seen += 1;
    return seen;
  });
}
