// The results page: what the site's own search found for a query, or that it found nothing. (view) → HTML, pure.

import type { CardView, Storefront } from '../storefronts/storefront.ts';
import { html } from './escape.ts';
import { button, icons, listGrid, railPage, searchField } from './layout.ts';
import type { PageTurns } from './layout.ts';

export interface ResultsView extends PageTurns {
  readonly query: string;
  /** Number of items found, over all pages. */
  readonly found: number;
  readonly cards: readonly CardView[];
}

/** The results page as a fragment for the body. */
export function resultsPage(storefront: Storefront, view: ResultsView): string {
  const count = view.found === 0 ? 'Nothing found' : view.found === 1 ? '1 result' : `${view.found} results`;
  const heading = html`<div class="heading" data-role="text">
    <h1>${count}</h1>
    <p data-fit="3" dir="auto">for “${view.query}”</p>
  </div>`;
  const rail = {
    search: searchField(storefront, view.query),
    heading,
    back: button('back', storefront.words.back, icons.back),
  };
  const nothing = html`<section class="nothing">
    <p data-role="text">${storefront.words.nothingFound}</p>
  </section>`;
  return railPage(storefront, rail, view.cards.length === 0 ? nothing : listGrid(view.cards), view);
}
