// What differs between domains: the store's name, its words, and which facts of an item a card and an item
// page show. A view holds only what may be seen: hidden fields are absent, ids never get in.

import type { Item } from '../../src/catalogue/item.ts';

/** Which fields are shown. Hidden fields are absent from the HTML. */
export interface Presentation {
  readonly cover: boolean;
  readonly rating: boolean;
  readonly year: boolean;
  readonly genres: boolean;
}

/** The mean rating as shown ("3.9") and the number of votes ("1,204"; empty if unknown). */
export interface RatingView {
  readonly stars: string;
  readonly votes: string;
}

/** A card: title, one line of facts ("1994 · Drama, Crime"), rating, cover as a data URI. */
export interface CardView {
  readonly title: string;
  readonly facts: string;
  readonly rating: RatingView | null;
  readonly cover: string | null;
}

/** An item page: as a card, with labelled details and the description. */
export interface ItemView extends CardView {
  readonly details: readonly { readonly label: string; readonly value: string }[];
  readonly text: string;
}

export interface Storefront {
  readonly name: string;
  /** The name of the store, in the corner of every page. */
  readonly store: string;
  /** One line under the store's name. */
  readonly motto: string;
  readonly words: {
    readonly search: string;
    readonly homeTitle: string;
    readonly nothingFound: string;
    /** The terminal action and what stands there once it was done. */
    readonly watch: string;
    readonly watched: string;
    readonly rate: string;
    readonly rated: string;
    readonly list: string;
    readonly listed: string;
    readonly back: string;
  };
  /** What a card says about an item; `cover` is the data URI of its picture. */
  card(item: Item, presentation: Presentation, cover: () => string): CardView;
  /** What the item page says about it. */
  item(item: Item, presentation: Presentation, cover: () => string): ItemView;
}

const grouped = new Intl.NumberFormat('en-US');

/** The rating of an item as text, or null where there is none. */
export function ratingView(item: Item): RatingView | null {
  if (item.rating === undefined) return null;
  return {
    stars: item.rating.toFixed(1),
    votes: item.votes === undefined ? '' : grouped.format(item.votes),
  };
}
