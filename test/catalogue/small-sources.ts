// The small world in every layout that an importer reads, for the contract and for whoever needs a sound source.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agent4rec } from '../../src/catalogue/import/agent4rec.ts';
import { amazon } from '../../src/catalogue/import/amazon.ts';
import { csvLine } from '../../src/catalogue/import/csv.ts';
import { movielens } from '../../src/catalogue/import/movielens.ts';
import { recbole } from '../../src/catalogue/import/recbole.ts';
import { s3rec } from '../../src/catalogue/import/s3rec.ts';
import { sequences } from '../../src/catalogue/import/sequences.ts';
import { table } from '../../src/catalogue/import/table.ts';
import type { SmallSource, SmallWorld } from '../contracts/importer.ts';

const text = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');
const repeated = (row: string, times: number): string[] => Array.from({ length: times }, () => row);
const titled = ({ title, year }: SmallWorld['items'][number]): string => `${title} (${year})`;

function write(folder: string, files: Record<string, readonly string[] | Buffer>): void {
  for (const [name, rows] of Object.entries(files))
    writeFileSync(join(folder, name), Buffer.isBuffer(rows) ? rows : text(rows));
}

/** One layout a source; the importers come in the order of their table. */
export const smallSources: readonly SmallSource[] = [
  {
    name: '.dat',
    importer: movielens,
    implicit: false,
    write: (folder, { items, rows }, broken) => {
      write(folder, {
        'movies.dat': items.map((item) => `${item.id}::${titled(item)}::${item.genres.join('|')}`),
        'ratings.dat': [
          ...rows.map((row) => `${row.user}::${row.item}::${row.value}::${row.time}`),
          ...repeated('1::2::five::0', broken),
        ],
        'users.dat': ['0::F::1::10::48067', '1::M::56::16::70072'],
      });
      return { path: folder, interactions: 'ratings.dat' };
    },
  },
  {
    name: '.csv',
    importer: movielens,
    implicit: false,
    write: (folder, { items, rows }, broken) => {
      write(folder, {
        'movies.csv': [
          'movieId,title,genres',
          ...items.map((item) => csvLine([item.id, titled(item), item.genres.join('|')])),
        ],
        'ratings.csv': [
          'userId,movieId,rating,timestamp',
          ...rows.map((row) => `${row.user},${row.item},${row.value},${row.time}`),
          ...repeated('1,2', broken),
        ],
      });
      return { path: folder, interactions: 'ratings.csv' };
    },
  },
  {
    name: 'ml-100k',
    importer: movielens,
    implicit: false,
    write: (folder, { items, rows }, broken) => {
      const flags = '0|'.repeat(18) + '1';
      write(folder, {
        'u.item': Buffer.from(
          text(items.map((item) => `${item.id}|${titled(item)}|01-Jan-1995||http://x|${flags}`)),
          'latin1',
        ),
        'u.user': ['0|24|M|technician|85711'],
        'u.data': [
          ...rows.map((row) => `${row.user}\t${row.item}\t${row.value}\t${row.time}`),
          ...repeated('1\t2\t9\t0', broken),
        ],
      });
      return { path: folder, interactions: 'u.data' };
    },
  },
  {
    name: 'json lines with metadata',
    importer: amazon,
    implicit: false,
    write: (folder, { items, rows }, broken) => {
      write(folder, {
        'meta_Films.json': items.map(({ id, title, genres }) =>
          `{'asin': '${id}', 'title': u'${title}', 'categories': [['${genres.join("', '")}']], 'price': 9.5}`.replace(
            "u'",
            "'",
          ),
        ),
        'Films_5.json': [
          ...rows.map((row) =>
            JSON.stringify({
              reviewerID: row.user,
              asin: row.item,
              overall: row.value,
              unixReviewTime: row.time,
            }),
          ),
          ...repeated('{"reviewerID": "1", ', broken),
        ],
      });
      return { path: folder, interactions: 'Films_5.json' };
    },
  },
  {
    name: 'atomic files',
    importer: recbole,
    implicit: false,
    write: (folder, { items, rows }, broken) => {
      write(folder, {
        'small.item': [
          'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq',
          ...items.map((item) => [item.id, item.title, item.year, item.genres.join(' ')].join('\t')),
        ],
        'small.inter': [
          'user_id:token\titem_id:token\trating:float\ttimestamp:float',
          ...rows.map((row) => [row.user, row.item, row.value, row.time].join('\t')),
          ...repeated('1\t2\t\t0', broken),
        ],
      });
      return { path: folder, interactions: 'small.inter' };
    },
  },
  {
    name: 'likes in three parts',
    importer: agent4rec,
    implicit: true,
    write: (folder, { items, rows }, broken) => {
      const people = [...new Set(rows.map((row) => row.user))];
      const part = (time: number): string[] =>
        people.map((user) =>
          [user, ...rows.filter((row) => row.user === user && row.time === time).map((row) => row.item)].join(
            ' ',
          ),
        );
      write(folder, {
        'movie_detail.csv': [
          'movie_id,title,genres,rating,summary',
          ...items.map((item) =>
            csvLine([item.id, titled(item), item.genres.join('|'), '3.5', 'A film, with "words".']),
          ),
        ],
        'train.txt': [...part(0), ...repeated('1 two', broken)],
        'valid.txt': part(1),
        'test.txt': part(2),
      });
      return { path: folder, interactions: 'train.txt' };
    },
  },
  {
    name: 'sequences in file order',
    importer: s3rec,
    implicit: true,
    titles: ['Item 1', 'Item 2', 'Item 3'],
    write: (folder, { items, rows }, broken) => {
      const people = [...new Set(rows.map((row) => row.user))];
      write(folder, {
        'Films_item2attributes.json': [
          JSON.stringify(Object.fromEntries(items.map(({ id }, place) => [id, [place, place + 1]]))),
        ],
        'Films.txt': [
          ...people.map((user) =>
            [user, ...rows.filter((row) => row.user === user).map((row) => row.item)].join(' '),
          ),
          ...repeated('1 two', broken),
        ],
      });
      return { path: folder, interactions: 'Films.txt' };
    },
  },
  ...(['GRLM', 'LETTER'] as const).map((from): SmallSource => ({
    name: from,
    importer: sequences,
    implicit: true,
    isComplete: true,
    titles: [1, 2, 3].map((id) => (from === 'GRLM' ? `film good long old n${id}` : `Item ${id}`)),
    write: (folder, { items, rows }, broken) => {
      const people = Map.groupBy(rows, (row) => row.user);
      const told = [...people].map(([user, own]) => [user, own.map((row) => row.item)] as const);
      const grlm = from === 'GRLM';
      const interactions = grlm ? 'films.sequential_data.txt' : 'films.inter.json';
      const idOf = (id: string): string[] =>
        grlm ? ['film', 'good', 'long', 'old', `n${id}`] : ['<a_1>', `<b_${id}>`];
      const lost = Array.from({ length: broken }, (_, place) => [`${9000 + place}`, 'none'] as const);
      write(folder, {
        [grlm ? 'films_item_id2tid.json' : 'films.index.json']: [
          JSON.stringify(Object.fromEntries(items.map(({ id }) => [id, idOf(id)]))),
        ],
        [interactions]: grlm
          ? [...told.map(([user, own]) => [user, ...own].join(' ')), ...repeated('1 two', broken)]
          : [
              JSON.stringify(
                Object.fromEntries([...told.map(([user, own]) => [user, own.map(Number)]), ...lost]),
              ),
            ],
      });
      return { path: folder, interactions };
    },
  })),
  ...(['csv', 'tsv', 'jsonl'] as const).map((ending): SmallSource => ({
    name: ending,
    importer: table,
    implicit: false,
    write: (folder, { items, rows }, broken) => {
      const separator = ending === 'tsv' ? '\t' : ',';
      const lines = (names: string[], cells: (string | number)[][]): string[] =>
        ending === 'jsonl'
          ? cells.map((row) =>
              JSON.stringify(Object.fromEntries(names.map((name, index) => [name, row[index]]))),
            )
          : [names, ...cells].map((row) => csvLine(row.map(String), separator));
      const bad = ending === 'jsonl' ? '[1, 2]' : ['1', '2', 'many', '0'].join(separator);
      write(folder, {
        [`log.${ending}`]: [
          ...lines(
            ['who', 'sku', 'stars', 'ts'],
            rows.map((row) => [row.user, row.item, row.value * 2, row.time]),
          ),
          ...repeated(bad, broken),
        ],
        [`goods.${ending}`]: lines(
          ['sku', 'name', 'made', 'tags'],
          items.map((item) => [item.id, item.title, item.year, item.genres.join('|')]),
        ),
      });
      return {
        path: join(folder, `log.${ending}`),
        interactions: `log.${ending}`,
        options: {
          columns: 'user=who,item=sku,value=stars,time=ts,scale=10',
          items: join(folder, `goods.${ending}`),
          itemColumns: 'id=sku,title=name,year=made,genres=tags',
        },
      };
    },
  })),
];
