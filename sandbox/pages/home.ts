// The home page: one slate of the arm as a grid, search, previous and next page. (view) → HTML, pure.

import type { CardView, Storefront } from '../storefronts/storefront.ts';
import { html } from './escape.ts';
import { railPage, searchField, slateGrid } from './layout.ts';
import type { PageTurns } from './layout.ts';

export interface HomeView extends PageTurns {
  readonly cards: readonly CardView[];
}

/** The home page as a fragment for the body. */
export function homePage(storefront: Storefront, view: HomeView): string {
  const heading = html`<h1 class="heading">${storefront.words.homeTitle}</h1>`;
  const rail = { search: searchField(storefront, ''), heading, back: null };
  return railPage(storefront, rail, slateGrid(view.cards), view);
}
