// A small world for tests of the sandbox: hostile items, plain covers, and an arm that ranks by id.

import type { Item } from '../../src/catalogue/item.ts';
import type { Slate } from '../../src/recommend/recommender.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { titleSearch } from '../../sandbox/search.ts';
import type { Presentation } from '../../sandbox/storefronts/storefront.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import type { World } from '../../sandbox/visit.ts';

const titles = [
  '<script>alert(1)</script>',
  '"Quoted" & \'single\' `ticks` <img src=x onerror=alert(2)>',
  'Popcorn 🍿 and a family 👨‍👩‍👧‍👦',
  'A long way '.repeat(27) + 'end',
  'קולנוע שלום (Hebrew)',
  'فيلم‏‮ reversed',
  'Wordwithoutanyplacetobreakit'.repeat(6),
  '\u0000\u0007Control',
  'Amélie',
  '${7 * 7} {{constructor}} </style></title>',
  'The Third Man',
  'The Third Door',
  'Third',
];

/** Twenty-six items; every id holds the word `secretid` so that a leak can be found. */
export const items: readonly Item[] = Array.from({ length: 26 }, (_, index) => ({
  id: `secretid-${String(index).padStart(2, '0')}`,
  title: titles[index] ?? `Film number ${index}`,
  text:
    index % 3 === 0 ? '' : `Story of film ${index}: ${'it goes on and on. '.repeat(index * 6)}<b>bold</b>`,
  year: 1950 + index,
  genres:
    index === 5 ? [] : ['Drama', 'Film-Noir', 'Very Long Genre Name', 'Comedy'].slice(0, 1 + (index % 4)),
  rating: index === 4 ? undefined : 2.2 + index / 10,
  votes: index === 3 ? undefined : 1204 + index,
  duration: 95 + index,
  attributes: { director: index === 1 ? '<i>Nobody</i>' : 'Carol Reed' },
}));

export const everything: Presentation = { cover: true, rating: true, year: true, genres: true };

/** A plain two-colour picture. */
export function coverOf(item: Item): string {
  const hue = (Number(item.id.slice(-2)) * 47) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="450"><rect width="300" height="450" fill="hsl(${hue},50%,40%)"/><circle cx="150" cy="170" r="90" fill="hsl(${hue + 160},60%,60%)"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** An arm that gives the first items that are not excluded. */
export async function firstItems(request: {
  readonly k: number;
  readonly exclude: readonly string[];
}): Promise<Slate> {
  const left = items.filter((item) => !request.exclude.includes(item.id)).slice(0, request.k);
  return {
    method: 'first',
    version: '1',
    items: left.map(({ id }, index) => ({ id, score: -index, propensity: 1 })),
  };
}

/** The world of these items; `capture` is the camera's. */
export function worldOf(capture: (html: string) => Promise<Screen>, changes: Partial<World> = {}): World {
  return {
    storefront: movies,
    presentation: everything,
    items: new Map(items.map((item) => [item.id, item])),
    pages: 3,
    pageSize: 10,
    coverOf,
    recommend: firstItems,
    search: titleSearch(items),
    capture,
    ...changes,
  };
}
