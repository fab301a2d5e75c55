// The movies storefront: a small film house called Marquee. Cards show cover, title, year, genres and rating;
// the terminal action is to watch.

import { describedAttributes } from '../../src/catalogue/described.ts';
import type { Item } from '../../src/catalogue/item.ts';
import { ratingView } from './storefront.ts';
import type { CardView, Presentation, Storefront } from './storefront.ts';

function card(item: Item, presentation: Presentation, cover: () => string): CardView {
  return {
    title: item.title,
    facts: facts(item, presentation).join(' · '),
    rating: presentation.rating ? ratingView(item) : null,
    cover: presentation.cover ? cover() : null,
  };
}

/** Movies: "Marquee". */
export const movies: Storefront = {
  name: 'movies',
  store: 'Marquee',
  motto: 'Films worth an evening',
  words: {
    search: 'Search films',
    homeTitle: 'Picked for you',
    nothingFound: 'No film has these words in its title. Try fewer or other words.',
    watch: 'Watch',
    watched: 'Watched',
    rate: 'Rate',
    rated: 'You rated it',
    list: 'Add to list',
    listed: 'On your list',
    back: 'Back',
  },
  card,
  item: (item, presentation, cover) => ({
    ...card(item, presentation, cover),
    facts: [...facts(item, presentation), ...duration(item)].join(' · '),
    details: Object.entries(describedAttributes(item))
      .map(([label, value]) => ({ label: label.charAt(0).toUpperCase() + label.slice(1), value }))
      .sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
      .slice(0, 4),
    text: item.text,
  }),
};

function facts(item: Item, presentation: Presentation): readonly string[] {
  return [
    ...(presentation.year && item.year !== undefined ? [String(item.year)] : []),
    ...(presentation.genres && item.genres.length > 0 ? [item.genres.join(', ')] : []),
  ];
}

/** "2 h 5 min" from minutes. */
function duration(item: Item): readonly string[] {
  if (item.duration === undefined || item.duration < 1) return [];
  const minutes = Math.round(item.duration);
  const parts = [
    minutes >= 60 ? `${Math.floor(minutes / 60)} h` : '',
    minutes % 60 > 0 ? `${minutes % 60} min` : '',
  ];
  return [parts.filter((part) => part !== '').join(' ')];
}
