// From where a visit stands to the HTML of its page: the state, the slate that is shown and the world's items go
// in, a page fragment comes out. Pure; what a page looks like is the business of pages/ and storefronts/.

import type { Item } from '../src/catalogue/item.ts';
import { homePage } from './pages/home.ts';
import { itemPage } from './pages/item.ts';
import { resultsPage } from './pages/results.ts';
import type { SiteState } from './site.ts';
import type { Presentation, Storefront } from './storefronts/storefront.ts';
import { defect } from './visit-moves.ts';

/** What pages are made of. */
export interface Shop {
  readonly storefront: Storefront;
  readonly presentation: Presentation;
  readonly items: ReadonlyMap<string, Item>;
  /** The picture of an item as a data URI; it must not spell out what the presentation hides. */
  coverOf(item: Item, presentation: Presentation): string;
}

/** A slate of this visit; `number` counts its slates from 1. */
export interface ShownSlate {
  readonly number: number;
  readonly method: string;
  readonly version: string;
  readonly items: readonly { readonly id: string; readonly score: number; readonly propensity: number }[];
}

/** The HTML of the current page: pure in the state and its slate. */
export function renderPage(
  shop: Shop,
  state: SiteState,
  slate: ShownSlate | null | undefined,
  found: number,
): string {
  const { storefront, presentation } = shop;
  const { context } = state;
  const view = <T>(
    id: string,
    make: (item: Item, presentation: Presentation, cover: () => string) => T,
  ): T => {
    const item = shop.items.get(id) ?? defect(`item ${id} is not in the catalogue`);
    return make(item, presentation, () => shop.coverOf(item, presentation));
  };
  const cards = (slate?.items ?? []).map(({ id }) => view(id, storefront.card));
  const turns = { hasPrevious: state.can({ type: 'PREVIOUS' }), hasNext: state.can({ type: 'NEXT' }) };
  switch (state.value) {
    case 'home':
      return homePage(storefront, { ...turns, cards, number: context.homePage, pages: context.maximumPages });
    case 'results': {
      const { query, resultsPage: number, resultsPages: pages } = context;
      return resultsPage(storefront, { ...turns, cards, query, found, number, pages });
    }
    case 'item': {
      const id = context.current?.item ?? defect('an item page without an item');
      return itemPage(storefront, {
        item: view(id, storefront.item),
        watched: context.watched.includes(id),
        stars: context.rated.find((rating) => rating.item === id)?.stars ?? null,
        listed: context.listed.includes(id),
      });
    }
    case 'ended':
      return defect('the visit has ended');
  }
}
