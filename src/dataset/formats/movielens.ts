// MovieLens as its readers expect it: ratings.csv (userId,movieId,rating,timestamp) and movies.csv, exact and without
// further columns. Where each rating comes from stands line by line in provenance.csv beside it.
// Harper and Konstan 2015, The MovieLens Datasets; the layout is that of ml-latest.

import { csvRow } from '../cells.ts';
import { oneLine, type Exporter } from '../exporter.ts';
import type { Place } from '../place.ts';
import type { Dataset } from '../select.ts';

const origin = [
  'session',
  'run',
  'arm',
  'visitor',
  'replicate',
  'mind',
  'mind_version',
  'model',
  'prompts',
  'seed',
  'synthetic',
];

export const movielens: Exporter = {
  name: 'movielens',
  summary: 'ratings.csv and movies.csv as in MovieLens, the origin of each rating beside them',
  tables: { all: ['interactions', 'items'], standard: ['interactions', 'items'] },
  splits: ['none', 'time', 'user', 'leave-one-out'],
  usage: () => ['rehearsal import movielens . --as NAME', "pandas.read_csv('ratings.csv')"],
  write: async (dataset, place) => {
    if (dataset.hasTable('interactions')) writeRatings(dataset, place);
    if (dataset.hasTable('items')) writeMovies(dataset, place);
  },
};

function writeRatings(dataset: Dataset, place: Place): void {
  const seen = new Set<string>();
  for (const { part, row } of dataset.ratings()) {
    const ending = dataset.split.kind === 'none' ? '.csv' : `.${part}.csv`;
    const ratings = place.file(`ratings${ending}`);
    const provenance = place.file(`provenance${ending}`);
    if (!seen.has(part)) {
      ratings.head('userId,movieId,rating,timestamp');
      provenance.head(origin.join(','));
      seen.add(part);
    }
    ratings.line(
      csvRow(
        ['user_id', 'item_id', 'rating', 'timestamp'].map((name) => row[name]!),
        false,
      ),
    );
    provenance.line(
      csvRow(
        origin.map((name) => row[name]!),
        false,
      ),
    );
  }
}

function writeMovies(dataset: Dataset, place: Place): void {
  const movies = place.file('movies.csv');
  movies.head('movieId,title,genres');
  for (const { item_id: id, title, genres } of dataset.rows('items')) {
    const names = (genres as readonly string[]).map((genre) => withoutBars(oneLine(genre, place), place));
    const listed = names.length === 0 ? '(no genres listed)' : names.join('|');
    movies.line(csvRow([id!, oneLine(String(title), place), listed], false));
  }
}

function withoutBars(genre: string, place: Place): string {
  if (!genre.includes('|')) return genre;
  place.changed('bars in genres written as strokes');
  return genre.replaceAll('|', '/');
}
