// What happens on a visit, in the words of the record, and the two translations around the statechart: from a
// visitor's action to the site's event, and from the site's event to what is recorded. Pure.

import type { Action } from './actions.ts';
import type { Place, SiteMove, SiteState } from './site.ts';

export type ListName = 'home' | 'results';

/** One slot of a slate as it was shown; slots count from 1. */
export interface ShownItem {
  readonly item: string;
  readonly slot: number;
  readonly score: number;
  readonly propensity: number;
  readonly inView: boolean;
}

/** What happened on the site, without the time. A slate is reported once, when it is first shown. */
export type SiteEvent =
  | {
      readonly type: 'slate-shown';
      readonly slate: number;
      readonly list: ListName;
      readonly page: number;
      readonly method: string;
      readonly version: string;
      readonly items: ShownItem[];
    }
  | ({ readonly type: 'item-opened' } & Place)
  | ({ readonly type: 'item-watched' } & Place)
  | ({ readonly type: 'item-rated'; readonly stars: number } & Place)
  | ({ readonly type: 'item-listed' } & Place)
  | { readonly type: 'page-turned'; readonly list: ListName; readonly page: number }
  | { readonly type: 'item-closed'; readonly item: string }
  | { readonly type: 'search-made'; readonly query: string };

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

/** What the record says of a move. */
export function happened(event: SiteMove, before: SiteState, after: SiteState): readonly SiteEvent[] {
  const place = after.context.current ?? before.context.current;
  switch (event.type) {
    case 'OPEN':
      return [{ type: 'item-opened', ...(place ?? defect('nothing was opened')) }];
    case 'WATCH':
      return [{ type: 'item-watched', ...(place ?? defect('nothing to watch')) }];
    case 'RATE':
      return [{ type: 'item-rated', ...(place ?? defect('nothing to rate')), stars: event.stars }];
    case 'LIST':
      return [{ type: 'item-listed', ...(place ?? defect('nothing to list')) }];
    case 'SEARCH':
      return [{ type: 'search-made', query: event.query }];
    case 'BACK':
      if (before.value === 'item')
        return [{ type: 'item-closed', item: before.context.current?.item ?? defect('no item') }];
      return [turned(after)];
    case 'NEXT':
    case 'PREVIOUS':
      return [turned(after)];
    case 'LEAVE':
      return [];
    default:
      return event satisfies never;
  }
}

function turned(state: SiteState): SiteEvent {
  const { homePage: home, resultsPage: results } = state.context;
  return state.value === 'results'
    ? { type: 'page-turned', list: 'results', page: results }
    : { type: 'page-turned', list: 'home', page: home };
}

/** Throws for what cannot be unless this code is wrong. */
export function defect(what: string): never {
  throw new Error(`defect of the visit: ${what}`);
}
