// The catalogue that comes with Rehearsal: the films of the npm package vega-datasets (real titles, genres,
// dates, ratings and votes up to 2010) under a planted population, so that a first run needs no download.
// The people are invented (planted.ts); nothing here is evidence about real taste.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { itemSchema } from './item.ts';
import type { Item } from './item.ts';
import { plant } from './planted.ts';
import type { Planted, PlantedSettings } from './planted.ts';
import { readTitle } from './import/title.ts';

export const builtInName = 'built-in';

/** The last release year that occurs in the source; two-digit years beyond it belong to the 1900s. */
const lastYear = 2011;

const filmSchema = z.object({
  Title: z.union([z.string(), z.number()]).nullable(),
  'Release Date': z.string().nullable(),
  'MPAA Rating': z.string().nullable(),
  'Running Time min': z.number().nullable(),
  Distributor: z.string().nullable(),
  Source: z.string().nullable(),
  'Major Genre': z.string().nullable(),
  'Creative Type': z.string().nullable(),
  Director: z.string().nullable(),
  'IMDB Rating': z.number().nullable(),
  'IMDB Votes': z.number().nullable(),
});
type Film = z.infer<typeof filmSchema>;

/** With the standard settings; nobody changes a catalogue, so a process makes it once. */
let ordinary: Planted | undefined;

/** Films and planted population; the same settings give the same bytes. 1,000 people and seed 1 by default. */
export function builtIn(settings?: Partial<PlantedSettings>): Planted {
  if (settings !== undefined) return plant(builtInName, builtInItems(), settings);
  return (ordinary ??= plant(builtInName, builtInItems()));
}

/** The films as items `film-<row>`, in the order of the source; untitled and repeated ones are left out. */
export function builtInItems(): Item[] {
  const seen = new Set<string>();
  const items: Item[] = [];
  for (const [row, film] of readFilms().entries()) {
    if (film.Title === null) continue;
    const item = itemOf(film, `film-${row + 1}`);
    const key = `${item.title.toLowerCase()} ${item.year}`;
    if (seen.has(key)) continue;
    seen.add(key);
    items.push(item);
  }
  return items;
}

function readFilms(): Film[] {
  // The package exports its program only; the data lie in its folder.
  const path = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data/movies.json');
  const parsed = z.array(filmSchema).safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new RehearsalError(
    `${path} is not the list of films that was expected: ${z.prettifyError(parsed.error)}`,
    {
      hint: 'Run npm ci: package.json pins the version this code was written for.',
    },
  );
}

function itemOf(film: Film, id: string): Item {
  const { title } = readTitle(mended(String(film.Title)));
  const written = Number(/\d{4}$/.exec(film['Release Date'] ?? '')?.[0]);
  const year = Number.isNaN(written) ? undefined : written > lastYear ? written - 100 : written;
  const attributes = [
    ['director', film.Director],
    ['kind', film['Creative Type']],
    ['certificate', film['MPAA Rating']],
    ['studio', film.Distributor],
  ].filter((entry): entry is [string, string] => entry[1] !== null);
  const genres = genresOf(film['Major Genre']);
  return itemSchema.parse({
    id,
    title,
    text: factsOf(film, genres, year),
    year,
    genres,
    rating: film['IMDB Rating'] === null ? undefined : film['IMDB Rating'] / 2,
    votes: film['IMDB Votes'] ?? undefined,
    duration: film['Running Time min'] ?? undefined,
    attributes: Object.fromEntries(attributes),
  });
}

function genresOf(major: string | null): string[] {
  if (major === null) return [];
  const split: Readonly<Record<string, string[]>> = {
    'Romantic Comedy': ['Romance', 'Comedy'],
    'Thriller/Suspense': ['Thriller'],
    'Concert/Performance': ['Concert'],
  };
  return split[major] ?? [major];
}

/** The source has no plots: one sentence of its facts stands on the item page. */
function factsOf(film: Film, genres: readonly string[], year: number | undefined): string {
  const what = [film['Creative Type'], genres.join(' and ')].filter((part) => part !== null && part !== '');
  const parts = [
    `A film${year === undefined ? '' : ` of ${year}`}${what.length === 0 ? '' : `: ${what.join(', ').toLowerCase()}`}`,
    film.Director === null ? '' : `directed by ${film.Director}`,
    film.Source === null || film.Source === 'Original Screenplay'
      ? ''
      : film.Source.replace(/^Based on (.)/, (_, first: string) => `based on a ${first.toLowerCase()}`),
    film['Running Time min'] === null ? '' : `${film['Running Time min']} minutes`,
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

/** Accents of the source are Latin-1 bytes that were once read as Mac Roman ('LÈon'); read them the other way round. */
function mended(title: string): string {
  const bytes = [...title].map((letter) =>
    letter.charCodeAt(0) < 128 ? letter.charCodeAt(0) : macRoman.indexOf(letter) + 128,
  );
  return bytes.some((byte, index) => byte === 127 && title[index] !== '\u007f')
    ? title
    : new TextDecoder('windows-1252').decode(Uint8Array.from(bytes));
}

const macRoman = [
  ...new TextDecoder('macintosh').decode(Uint8Array.from({ length: 128 }, (_, index) => 128 + index)),
];
