// From what a visitor does to what happens on the site: an action, legal on the screen, becomes an event of the
// statechart. Pure.

import type { Action } from './actions.ts';
import type { Place, SiteMove } from './site.ts';

/** The site's event for an action that is legal on the screen. */
export function moveOf(action: Action, resultPages: number, place: () => Place | undefined): SiteMove {
  switch (action.type) {
    case 'open':
      return { type: 'OPEN', ...(place() ?? defect('a card without an item')) };
    case 'next-page':
      return { type: 'NEXT' };
    case 'previous-page':
      return { type: 'PREVIOUS' };
    case 'back':
      return { type: 'BACK' };
    case 'search':
      return { type: 'SEARCH', query: action.query, pages: resultPages };
    case 'watch':
      return { type: 'WATCH' };
    case 'rate':
      return { type: 'RATE', stars: action.stars };
    case 'add-to-list':
      return { type: 'LIST' };
    case 'leave':
      return { type: 'LEAVE', reason: action.reason };
    default:
      return action satisfies never;
  }
}

/** Throws for what cannot be unless this code is wrong. */
export function defect(what: string): never {
  throw new Error(`defect of the visit: ${what}`);
}
