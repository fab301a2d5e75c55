// What the pages share: the rail at the left (name, search, page number and buttons), the grid of cards, the
// small drawings. Elements with `data-role` are what a visitor can act on; the camera numbers them in order.
// `data-fit` is the number of lines a text may take before it is shortened; `data-glyph` is what a drawing reads as.

import type { CardView, RatingView, Storefront } from '../storefronts/storefront.ts';
import { html } from './escape.ts';
import type { Markup } from './escape.ts';

export interface PageTurns {
  readonly number: number;
  readonly pages: number;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
}

/** A page with the rail: search field with `searchText` in it, `heading` below, buttons at the foot. */
export function railPage(
  storefront: Storefront,
  rail: { readonly search: Markup; readonly heading: Markup; readonly back: Markup | null },
  content: Markup,
  turns: PageTurns,
): string {
  return html`<main class="rail-page">
    <header>${brand(storefront)}${rail.search}${rail.back}${rail.heading}</header>
    ${content}
    <footer>
      <p class="page-number">${turns.pages > 0 ? `Page ${turns.number} of ${turns.pages}` : ''}</p>
      ${turns.hasNext ? button('next-page', 'Next page', icons.next) : null}
      ${turns.hasPrevious ? button('previous-page', 'Previous page', icons.previous) : null}
    </footer>
  </main>`.toString();
}

/** The store's name. */
export function brand(storefront: Storefront): Markup {
  return html`<div class="brand"><b>${storefront.store}</b><i>${storefront.motto}</i></div>`;
}

/** The search field; `query` is what was typed into it, if anything. */
export function searchField(storefront: Storefront, query: string): Markup {
  return html`<div class="search ${query === '' ? 'empty' : 'typed'}" data-role="search">
    ${icons.search}<span data-fit="1" dir="auto">${query === '' ? storefront.words.search : query}</span>
  </div>`;
}

/** A button with a drawing: the role is what the camera marks. */
export function button(role: string, label: string, icon: Markup, className = ''): Markup {
  return html`<div class="button ${role} ${className}" data-role="${role}">
    ${icon}<span>${label}</span>
  </div>`;
}

/** A slate, all of it in view: one row of large cards up to five, else two rows; at least one card. */
export function slateGrid(cards: readonly CardView[]): Markup {
  const rows = cards.length <= 5 ? 1 : 2;
  return grid(cards, `rows-${rows} columns-${Math.ceil(cards.length / rows)}`);
}

/** A list that fills up from the top left, five cards to a row. */
export function listGrid(cards: readonly CardView[]): Markup {
  return grid(cards, 'rows-2 columns-5 from-top');
}

function grid(cards: readonly CardView[], shape: string): Markup {
  const bare = cards.every((card) => card.cover === null) ? 'bare' : 'covered';
  return html`<section class="grid ${bare} ${shape}">${cards.map(cardMarkup)}</section>`;
}

/** A picture in its frame, or nothing where covers are hidden. */
export function picture(cover: string | null): Markup | null {
  return cover === null ? null : html`<div class="cover"><img src="${cover}" alt="" /></div>`;
}

/** "★ 3.9 (1,204)". */
export function ratingMarkup(rating: RatingView | null): Markup | null {
  if (rating === null) return null;
  return html`<p class="rating">
    ${star('★')}<b>${rating.stars}</b>${rating.votes === '' ? null : html`<span>(${rating.votes})</span>`}
  </p>`;
}

/** One star drawn as a path, so that it looks the same with any fonts; it reads as the glyph. */
export function star(glyph: '★' | '☆'): Markup {
  return html`<svg class="star ${glyph === '★' ? 'full' : 'empty'}" data-glyph="${glyph}" viewBox="0 0 20 20">
    <path d="M10 1.6l2.6 5.3 5.8.85-4.2 4.1 1 5.8L10 14.9l-5.2 2.75 1-5.8-4.2-4.1 5.8-.85z" />
  </svg>`;
}

function cardMarkup(card: CardView): Markup {
  return html`<article class="card" data-role="card">
    ${picture(card.cover)}
    <h2 data-fit="${card.cover === null ? 4 : 2}" dir="auto">${card.title}</h2>
    ${card.facts === '' ? null : html`<p class="facts" data-fit="${card.cover === null ? 2 : 1}">${card.facts}</p>`}
    ${ratingMarkup(card.rating)}
  </article>`;
}

const drawing = (path: string): Markup =>
  html`<svg class="icon" viewBox="0 0 20 20"><path d="${path}" /></svg>`;

export const icons = {
  search: drawing('M13.2 13.2L17.5 17.5M15 8.75a6.25 6.25 0 1 1-12.5 0a6.25 6.25 0 0 1 12.5 0z'),
  next: drawing('M4 10h11.5M11 5l5 5l-5 5'),
  previous: drawing('M16 10H4.5M9 5l-5 5l5 5'),
  back: drawing('M12.5 4.5L7 10l5.5 5.5'),
  play: drawing('M6.5 4.2v11.6L16 10z'),
  add: drawing('M10 4v12M4 10h12'),
  done: drawing('M4 10.5l4 4l8-9'),
} as const;
