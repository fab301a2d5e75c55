// A toy world for tests of the mind: twenty-four films of two kinds, people who like one kind, a culture that
// watched them, and a site of three painted pages with item pages and a search. No browser, no recommender.

import { randomFrom } from '../../src/base/random.ts';
import type { Action } from '../../sandbox/actions.ts';
import { markOf } from '../../sandbox/actions.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { learnKnowledge, type CultureRow, type Knowledge } from '../../agents/knowledge.ts';
import { induceProfiles, type Past, type Profile } from '../../agents/profile.ts';
import { normaliseTitle } from '../../agents/text.ts';
import { homeScreen, itemRoles, itemScreen, resultsScreen, type PaintedFilm } from './painted.ts';

export interface Film {
  readonly title: string;
  readonly genre: 'Drama' | 'Western';
  readonly rating: number;
  readonly votes: number;
}

const names = [
  'River',
  'Harbour',
  'Winter',
  'Garden',
  'Letter',
  'Window',
  'Bridge',
  'Island',
  'Shadow',
  'Train',
  'Piano',
  'Summer',
];

/** Film `n` is a drama for even n, a western for odd n. */
export const films: readonly Film[] = Array.from({ length: 24 }, (_, index) => ({
  title: `The ${names[Math.floor(index / 2)]!} of ${index % 2 === 0 ? 'Sorrow' : 'Dust'}`,
  genre: index % 2 === 0 ? 'Drama' : 'Western',
  rating: 2.5 + (index % 5) * 0.5,
  votes: 10 + index * 40,
}));

export const painted = (film: Film): PaintedFilm => ({
  title: film.title,
  facts: `1995 · ${film.genre}, Classic`,
  rating: `★ ${film.rating.toFixed(1)} (${film.votes.toLocaleString('en-US')})`,
});

/** Sixty people, each of whom watched eight films of one kind and one of the other. */
export function culture(): CultureRow[] {
  const random = randomFrom('toy-culture');
  return Array.from({ length: 60 }, (_, person) => {
    const own = random.shuffle(films.filter((_film, index) => index % 2 === person % 2)).slice(0, 8);
    const other = random.shuffle(films.filter((_film, index) => index % 2 !== person % 2)).slice(0, 1);
    return [...own, ...other].map(({ title, genre }) => ({
      person: `p${person}`,
      title,
      genres: [genre],
    }));
  }).flat();
}

export const knowledge: Knowledge = learnKnowledge(culture());

/** Ten people's pasts: even ones loved six dramas and disliked a western, odd ones the other way round. */
export const pasts: readonly Past[] = Array.from({ length: 10 }, (_, person) => ({
  id: `visitor-${person}`,
  demographics: {},
  ratings: films
    .filter((_film, index) => index < 12 + person && (index % 2 === person % 2 || index % 6 === 1))
    .map(({ title, genre, votes }) => ({
      title,
      genres: [genre],
      value: (genre === 'Drama') === (person % 2 === 0) ? 4 + (title.length % 2) : 2,
      others: 3.5,
      votes,
    })),
}));

export const profiles: readonly Profile[] = induceProfiles(pasts);

/** What the oracle is told: every unseen film of the visitor's kind. */
export const likes: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  profiles.map((profile, person) => [
    profile.id,
    new Set(
      films
        .filter((film, index) => index % 2 === person % 2 && !profile.seen.includes(film.title))
        .map((film) => normaliseTitle(film.title)),
    ),
  ]),
);

export interface ToySite {
  readonly place: 'home' | 'item' | 'results' | 'ended';
  readonly from: 'home' | 'results';
  readonly page: number;
  readonly item: number;
  readonly found: readonly number[];
  readonly done: readonly string[];
}

const pages = 3;
const pageSize = 8;
export const entrance: ToySite = { place: 'home', from: 'home', page: 1, item: 0, found: [], done: [] };

const onPage = (page: number): readonly number[] =>
  films.map((_, index) => index).slice((page - 1) * pageSize, page * pageSize);

const taken = new Map<string, Screen>();

/** What the toy site shows; equal places are painted once. */
export function toyScreen(site: ToySite): Screen {
  const { place, page, item, found, done } = site;
  const key = JSON.stringify(
    place === 'home'
      ? page
      : place === 'results'
        ? found
        : [item, done.filter((act) => act.endsWith(` ${item}`))],
  );
  const screen = taken.get(`${place} ${key}`) ?? painting(site);
  taken.set(`${place} ${key}`, screen);
  return screen;
}

function painting(site: ToySite): Screen {
  const film = films[site.item]!;
  if (site.place === 'item') {
    const can = itemRoles.filter((role) => !site.done.includes(`${role} ${site.item}`));
    return itemScreen(painted(film), can);
  }
  if (site.place === 'results') return resultsScreen(site.found.map((index) => painted(films[index]!)));
  return homeScreen(
    onPage(site.page).map((index) => painted(films[index]!)),
    { next: site.page < pages, previous: site.page > 1 },
  );
}

/** The site after a legal action. */
export function toyMove(site: ToySite, action: Action, screen: Screen): ToySite {
  switch (action.type) {
    case 'leave':
      return { ...site, place: 'ended' };
    case 'next-page':
      return { ...site, page: site.page + 1 };
    case 'previous-page':
      return { ...site, page: site.page - 1 };
    case 'back':
      return { ...site, place: site.place === 'item' ? site.from : 'home', from: 'home' };
    case 'search': {
      const wanted = normaliseTitle(action.query).split(' ');
      const found = films.flatMap(({ title }, index) =>
        wanted.every((word) => normaliseTitle(title).includes(word)) ? [index] : [],
      );
      return { ...site, place: 'results', from: 'home', found: found.slice(0, 10) };
    }
    case 'open': {
      const title = markOf(action, screen.marks)!.lines[0]!.text;
      return {
        ...site,
        place: 'item',
        from: site.place === 'results' ? 'results' : 'home',
        item: films.findIndex((film) => film.title === title),
      };
    }
    case 'watch':
    case 'rate':
    case 'add-to-list':
      return { ...site, done: [...site.done, `${action.type} ${site.item}`] };
    default:
      return action satisfies never;
  }
}
