import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escape, html } from '../../sandbox/pages/escape.ts';
import { homePage } from '../../sandbox/pages/home.ts';
import { itemPage } from '../../sandbox/pages/item.ts';
import { resultsPage } from '../../sandbox/pages/results.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import type { Presentation } from '../../sandbox/storefronts/storefront.ts';
import { coverOf, everything, items } from './world.ts';

const turns = { number: 1, pages: 3, hasPrevious: false, hasNext: true };
const nothing: Presentation = { cover: false, rating: false, year: false, genres: false };
const allPages = (presentation: Presentation): string[] => {
  const cards = items.map((item) => movies.card(item, presentation, () => coverOf(item)));
  return [
    homePage(movies, { ...turns, cards: cards.slice(0, 10) }),
    homePage(movies, { ...turns, cards: cards.slice(10, 20) }),
    resultsPage(movies, { ...turns, query: '"><script>', found: 26, cards: cards.slice(16, 26) }),
    ...items.map((item) => {
      const view = movies.item(item, presentation, () => coverOf(item));
      return itemPage(movies, { item: view, watched: false, stars: 3, listed: true });
    }),
  ];
};

describe('pages', () => {
  it('escape every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escape(text)).not.toMatch(/[<>"'`\u0000]/);
        expect(String(html`<b title="${text}">${text}</b>`).match(/[<>]/g)).toHaveLength(4);
      }),
    );
  });

  it('hold no script, no handler, no id of an item and no address outside', () => {
    for (const page of allPages(everything)) {
      expect(page).not.toMatch(/<script|<[^>]*\son\w+=|secretid|<b>bold|<i>Nobody|https?:/i);
    }
  });

  it('do not hold what the presentation hides', () => {
    for (const page of allPages(nothing)) {
      expect(page).not.toMatch(
        /<img|data:image|★ |\(1,2\d\d\)|class="rating"|\b19[5-7]\d\b|Drama|Film-Noir|Comedy/,
      );
    }
    const shown = allPages(everything).join('');
    for (const value of ['<img', '(1,204)', '1950', 'Drama', 'class="rating"'])
      expect(shown).toContain(value);
  });

  it('show what an item is like, but not what a model calls it', () => {
    const attributes = { director: 'Anna', terms: 'a, b, c, d, e', codes: '<a_1>,<b_2>' };
    const view = movies.item({ ...items[0]!, attributes }, everything, () => coverOf(items[0]!));
    expect(view.details).toEqual([{ label: 'Director', value: 'Anna' }]);
  });

  it('hide one field at a time and keep the rest', () => {
    const item = items[1]!;
    const page = (presentation: Presentation): string =>
      homePage(movies, { ...turns, cards: [movies.card(item, presentation, () => coverOf(item))] });
    for (const [field, sign] of Object.entries({
      cover: '<img',
      rating: '2.3',
      year: '1951',
      genres: 'Drama',
    })) {
      for (const hidden of Object.keys(everything)) {
        expect(page({ ...everything, [hidden]: false }).includes(sign)).toBe(hidden !== field);
      }
    }
  });

  it('leave out what an item does not have', () => {
    const bare = { id: 'x', title: 'Bare', text: '', genres: [], attributes: {} };
    const view = movies.item(bare, everything, () => coverOf(items[0]!));
    expect(view).toMatchObject({ facts: '', rating: null, details: [] });
    expect(movies.item({ ...bare, duration: 125 }, everything, () => '').facts).toBe('2 h 5 min');
  });
});
