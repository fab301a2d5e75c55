// The item page: everything the store says about one item, and what can be done with it. What was done stands
// there as a confirmation and can no longer be acted on. (view) → HTML, pure.

import type { ItemView, Storefront } from '../storefronts/storefront.ts';
import { html } from './escape.ts';
import type { Markup } from './escape.ts';
import { brand, button, icons, picture, ratingMarkup, star } from './layout.ts';

export interface ItemPageView {
  readonly item: ItemView;
  readonly watched: boolean;
  /** Stars the visitor gave, 1-5, or null. */
  readonly stars: number | null;
  readonly listed: boolean;
}

/** The item page as a fragment for the body. */
export function itemPage(storefront: Storefront, view: ItemPageView): string {
  const { item } = view;
  const { words } = storefront;
  return html`<main class="item-page ${item.cover === null ? 'bare' : 'covered'}">
    <header>${brand(storefront)}${button('back', words.back, icons.back)}</header>
    <section class="about" data-role="text">
      ${picture(item.cover)}
      <div class="words">
        <h1 data-fit="3" dir="auto">${item.title}</h1>
        ${item.facts === '' ? null : html`<p class="facts" data-fit="2">${item.facts}</p>`}
        ${ratingMarkup(item.rating)}
        ${item.text === '' ? null : html`<p class="text" data-fit="6" dir="auto">${item.text}</p>`}
        ${item.details.map(detail)}
      </div>
    </section>
    <footer>
      ${view.watched ? done(words.watched) : button('watch', words.watch, icons.play)}
      ${view.stars === null ? rate(words.rate) : rated(words.rated, view.stars)}
      ${view.listed ? done(words.listed) : button('add-to-list', words.list, icons.add)}
    </footer>
  </main>`.toString();
}

function detail({ label, value }: { readonly label: string; readonly value: string }): Markup {
  return html`<p class="detail"><b>${label}</b><span data-fit="1" dir="auto">${value}</span></p>`;
}

function done(label: string): Markup {
  return html`<div class="done">${icons.done}<span>${label}</span></div>`;
}

function rate(label: string): Markup {
  return html`<div class="button rate" data-role="rate">
    <span>${label}</span>
    <div class="stars">${[1, 2, 3, 4, 5].map(() => star('☆'))}</div>
  </div>`;
}

function rated(label: string, stars: number): Markup {
  return html`<div class="done">
    ${icons.done}<span>${label}</span>
    <div class="stars">${[1, 2, 3, 4, 5].map((value) => star(value <= stars ? '★' : '☆'))}</div>
  </div>`;
}
