// MovieLens in its three layouts: `::` (.dat: ml-1m, ml-10m and conversions), .csv (ml-latest, ml-20m, 25m, 32m)
// and the pipes of the original ml-100k. Harper and Konstan 2015, The MovieLens Datasets. Tags and links are not read.

import { RehearsalError } from '../../base/error.ts';
import { csvRows, namedRows, plainRows } from './csv.ts';
import { decimal, gather } from './gather.ts';
import type { Gathering } from './gather.ts';
import type { Importer } from './importer.ts';
import { findFile, lines, openWithCompanions } from './source.ts';
import type { SourceFile } from './source.ts';
import { readTitle } from './title.ts';

export const movielens: Importer = {
  name: 'movielens',
  summary:
    'MovieLens: a folder, zip or tar.gz with ratings and movies as .dat, .csv or u.data and u.item (each also .gz)',
  takes: [],
  read: async (path, { name }) => {
    const files = openWithCompanions(path);
    const gathering = gather('movielens', path);
    const layout = layouts.find(({ needs }) => needs.every((need) => findFile(files, need) !== undefined));
    if (layout === undefined) {
      const known = layouts.map(({ needs }) => needs.join(' and ')).join(', or ');
      throw new RehearsalError(
        `${path} is not a MovieLens data set: expected ${known} (each may end in .gz); found ${
          files
            .map((file) => file.label)
            .slice(0, 12)
            .join(', ') || 'no files'
        }.`,
        { hint: 'Give the folder or archive as it comes from grouplens.org/datasets/movielens.' },
      );
    }
    layout.read(files, gathering);
    return gathering.finish({ name, implicit: false, keepItems: 'all' });
  },
};

const layouts: readonly {
  needs: readonly string[];
  read: (files: readonly SourceFile[], gathering: Gathering) => void;
}[] = [
  { needs: ['ratings.dat', 'movies.dat'], read: readDat },
  { needs: ['ratings.csv', 'movies.csv'], read: readCsv },
  { needs: ['u.data', 'u.item'], read: readOriginal },
];

function readDat(files: readonly SourceFile[], gathering: Gathering): void {
  const movies = file(files, 'movies.dat');
  gathering.rows(
    movies.label,
    plainRows(lines(movies), '::'),
    'id::title (year)::genre|genre',
    ({ line, fields }) => {
      const [id, ...rest] = fields;
      const genres = rest.pop();
      if (id === undefined || genres === undefined || rest.length === 0)
        return `${fields.length} fields instead of 3`;
      // Some conversions wrote '::' for the first comma of a title: 'Postman:: The (1994)'.
      if (rest.length > 1) gathering.changed("'::' inside a title read as a comma", movies.label, line);
      return gathering.item(
        { id: id.trim(), ...readTitle(rest.join(',')), genres: readGenres(genres) },
        movies.label,
        line,
      );
    },
  );
  const users = findFile(files, 'users.dat');
  if (users !== undefined) {
    gathering.rows(
      users.label,
      plainRows(lines(users), '::'),
      'user::gender::age::occupation::zip',
      ({ line, fields }) => {
        const [id, gender, age, occupation, region] = fields;
        if (fields.length !== 5 || id === undefined) return `${fields.length} fields instead of 5`;
        const person = {
          age: ages[age ?? ''],
          gender: genders[gender ?? ''],
          occupation: occupations[Number(occupation)],
        };
        if (person.age === undefined) return `age code ${age} is none of ${Object.keys(ages).join(', ')}`;
        if (person.gender === undefined) return `gender code ${gender} is neither F nor M`;
        if (person.occupation === undefined) return `occupation code ${occupation} is not 0-20`;
        return gathering.person({ id, ...person, region }, users.label, line);
      },
    );
  }
  const ratings = file(files, 'ratings.dat');
  gathering.rows(
    ratings.label,
    plainRows(lines(ratings), '::'),
    'user::movie::rating::seconds',
    ({ line, fields }) =>
      fields.length === 4
        ? rate(gathering, fields, ratings.label, line)
        : `${fields.length} fields instead of 4`,
  );
}

function readCsv(files: readonly SourceFile[], gathering: Gathering): void {
  const movies = file(files, 'movies.csv');
  gathering.rows(movies.label, namedRows(csvRows(lines(movies))), 'columns movieId,title,genres', (row) => {
    if (row.problem !== undefined) return row.problem;
    const [id, title, genres] = [row.cell('movieId'), row.cell('title'), row.cell('genres')];
    if (id === undefined || title === undefined || genres === undefined)
      return 'no columns movieId, title, genres';
    return gathering.item({ id, ...readTitle(title), genres: readGenres(genres) }, movies.label, row.line);
  });
  const ratings = file(files, 'ratings.csv');
  gathering.rows(
    ratings.label,
    namedRows(csvRows(lines(ratings))),
    'columns userId,movieId,rating,timestamp',
    (row) => {
      if (row.problem !== undefined) return row.problem;
      const cells = ['userId', 'movieId', 'rating', 'timestamp'].map((name) => row.cell(name));
      return rate(gathering, cells, ratings.label, row.line);
    },
  );
}

function readOriginal(files: readonly SourceFile[], gathering: Gathering): void {
  const movies = file(files, 'u.item');
  gathering.rows(
    movies.label,
    plainRows(lines(movies), '|'),
    'id|title (year)|date|video date|url|19 genre flags',
    ({ line, fields }) => {
      const [id, title] = fields;
      if (fields.length !== 24 || id === undefined || title === undefined)
        return `${fields.length} fields instead of 24`;
      const genres = originalGenres.filter((genre, index) => genre !== '' && fields[5 + index] === '1');
      return gathering.item({ id, ...readTitle(title), genres }, movies.label, line);
    },
  );
  const users = findFile(files, 'u.user');
  if (users !== undefined) {
    gathering.rows(
      users.label,
      plainRows(lines(users), '|'),
      'user|age|gender|occupation|zip',
      ({ line, fields }) => {
        const [id, age, code, occupation, region] = fields;
        const gender = genders[code ?? ''];
        if (fields.length !== 5 || id === undefined) return `${fields.length} fields instead of 5`;
        if (gender === undefined) return `gender code ${code} is neither F nor M`;
        return gathering.person({ id, age, gender, occupation, region }, users.label, line);
      },
    );
  }
  const ratings = file(files, 'u.data');
  gathering.rows(
    ratings.label,
    plainRows(lines(ratings), '\t'),
    'user, item, rating, seconds between tabs',
    ({ line, fields }) =>
      fields.length === 4
        ? rate(gathering, fields, ratings.label, line)
        : `${fields.length} fields instead of 4`,
  );
}

/** MovieLens has numbers, what `export --to movielens` writes has names; a stray quote or blank is neither. */
const name = /^[^\s"\p{C}]+$/u;

function rate(
  gathering: Gathering,
  cells: readonly (string | undefined)[],
  label: string,
  line: number,
): string | undefined {
  const [user, item, rating, seconds] = cells;
  const value = decimal(rating);
  const time = decimal(seconds);
  const wrong = [user, item].find((id) => id === undefined || !name.test(id));
  if (user === undefined || item === undefined || wrong !== undefined)
    return `${JSON.stringify(wrong)} is not the number or name of a user or movie`;
  if (value === undefined) return `the rating ${JSON.stringify(rating)} is not a number`;
  if (time === undefined) return `the time ${JSON.stringify(seconds)} is not a number`;
  return gathering.interaction({ user, item, time, value }, label, line);
}

function readGenres(text: string): string[] {
  return text.trim() === '' || text.includes('(no genres listed)')
    ? []
    : text.split('|').map((genre) => genre.trim());
}

function file(files: readonly SourceFile[], name: string): SourceFile {
  const found = findFile(files, name);
  if (found === undefined) throw new Error(`${name} was there when the layout was chosen`);
  return found;
}

// prettier-ignore
const originalGenres = [
  '', 'Action', 'Adventure', 'Animation', "Children's", 'Comedy', 'Crime', 'Documentary', 'Drama', 'Fantasy',
  'Film-Noir', 'Horror', 'Musical', 'Mystery', 'Romance', 'Sci-Fi', 'Thriller', 'War', 'Western',
];

const genders: Readonly<Record<string, string>> = { F: 'female', M: 'male' };

// prettier-ignore
const ages: Readonly<Record<string, string>> = {
  '1': 'under 18', '18': '18-24', '25': '25-34', '35': '35-44', '45': '45-49', '50': '50-55',
  '56': '56 or older',
};

// prettier-ignore
const occupations = [
  'other', 'academic or educator', 'artist', 'clerical or administrative', 'college or graduate student', 'customer service',
  'doctor or health care', 'executive or managerial', 'farmer', 'homemaker', 'school student', 'lawyer', 'programmer', 'retired',
  'sales or marketing', 'scientist', 'self-employed', 'technician or engineer', 'tradesman or craftsman', 'unemployed', 'writer',
];
