// What single layouts must get right beyond the contract: codes, titles, archives, column maps, sequences.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { amazon } from '../../src/catalogue/import/amazon.ts';
import { movielens } from '../../src/catalogue/import/movielens.ts';
import { sequences } from '../../src/catalogue/import/sequences.ts';
import { recbole } from '../../src/catalogue/import/recbole.ts';
import { table } from '../../src/catalogue/import/table.ts';
import { tarOf, zipOf } from './archives.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-layouts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const movies = Buffer.from(
  "1::Matrix, The (1999)::Action\n2::Postman:: The (Postino, Il) (1994)::Children's|Drama\n3::Stranger Things::(no genres listed)\n",
);
const ratings = Buffer.from('1::1::4.5::100\n1::2::3::200\n');

describe('sequences', () => {
  const words = (...items: string[]): string =>
    JSON.stringify(Object.fromEntries(items.map((item) => [item, ['a', 'b', 'c', 'd', item]])));

  it('refuse an index that lacks an item of theirs: it is that of other data', async () => {
    put('x.sequential_data.txt', '1 10 11\n2 11 12\n');
    put('x_item_id2tid.json', words('10', '11'));
    await expect(sequences.read(folder, { name: 'x' })).rejects.toThrowError(
      /x_item_id2tid\.json .* lacks those of 1 steps, the first at x\.sequential_data\.txt:2\./,
    );
    put('x_item_id2tid.json', words('10', '11', '12'));
    const { catalogue } = await sequences.read(folder, { name: 'x' });
    expect(catalogue.interactions).toHaveLength(4);
  });

  it('say which file is missing beside them', async () => {
    put('x.inter.json', '{"1": [10, 11]}');
    await expect(sequences.read(folder, { name: 'x' })).rejects.toThrowError(
      /found x\.inter\.json without x\.index\.json\./,
    );
  });

  it('are those of the file that is named, never those of another beside it', async () => {
    const toys = put('toys.sequential_data.txt', '1 10 11\n');
    const beauty = put('beauty.sequential_data.txt', '1 12 13\n');
    put('beauty_item_id2tid.json', words('12', '13'));
    await expect(sequences.read(toys, { name: 'x' })).rejects.toThrowError(
      /found beauty\.sequential_data\.txt, toys\.sequential_data\.txt without toys_item_id2tid\.json\./,
    );
    const namesOfToys = put('toys_item_id2tid.json', words('10', '11'));
    const itemsOf = async (path: string): Promise<string[]> =>
      (await sequences.read(path, { name: 'x' })).catalogue.items.map(({ id }) => id);
    expect(await itemsOf(toys)).toEqual(['10', '11']);
    expect(await itemsOf(namesOfToys)).toEqual(['10', '11']);
    expect(await itemsOf(beauty)).toEqual(['12', '13']);
    await expect(itemsOf(folder)).rejects.toThrowError(/found beauty.*, toys/);
  });
});

describe('movielens', () => {
  it('turns codes into words, titles the right way round and years into numbers', async () => {
    put('movies.dat', movies);
    put('ratings.dat.gz', gzipSync(ratings));
    put('users.dat', '1::F::25::12::48067\n');
    const { catalogue, report } = await movielens.read(folder, { name: 'x' });
    expect(catalogue.people).toEqual([
      { id: '1', gender: 'female', age: '25-34', occupation: 'programmer', region: '48067' },
    ]);
    expect(catalogue.items.map(({ title, year, genres }) => ({ title, year, genres }))).toEqual([
      { title: 'The Matrix', year: 1999, genres: ['Action'] },
      { title: 'The Postman (Il Postino)', year: 1994, genres: ["Children's", 'Drama'] },
      { title: 'Stranger Things', year: undefined, genres: [] },
    ]);
    expect(report.changed.map((row) => row.count)).toEqual([1]);
  });

  it('reads a zip, a tar.gz and the path of one of the files alike', async () => {
    put('movies.dat', movies);
    const plain = await movielens.read(put('ratings.dat', ratings), { name: 'x' });
    const zip = put(
      'a.zip',
      zipOf([
        { name: 'ml-1m/' },
        { name: 'ml-1m/movies.dat', content: movies },
        { name: 'ml-1m/ratings.dat.gz', content: gzipSync(ratings) },
        { name: '__MACOSX/ml-1m/._movies.dat', content: movies },
      ]),
    );
    const tar = put(
      'a.tar.gz',
      gzipSync(
        tarOf([
          { name: 'ml-1m/movies.dat', content: movies },
          { name: 'ml-1m/ratings.dat', content: ratings },
        ]),
      ),
    );
    for (const path of [zip, tar])
      expect((await movielens.read(path, { name: 'x' })).catalogue).toEqual(plain.catalogue);
  });
});

describe('table', () => {
  const read = (content: string, columns: string, name = 'log.csv') =>
    table.read(put(name, content), { name: 'x', columns });

  it('reads ISO dates as UTC seconds, milliseconds as seconds, and the scale', async () => {
    const { catalogue } = await read(
      'u,i,v,t\na,x,10,2020-01-01\nb,x,5,1577836800000\nc,x,1,2020-01-01 00:00:30\n',
      'user=u,item=i,value=v,time=t,scale=10',
    );
    expect(catalogue.interactions.map(({ time, value }) => [time, value])).toEqual([
      [1577836800, 5],
      [1577836800, 2.5],
      [1577836830, 0.5],
    ]);
  });
  it('is implicit without a value, ordered by row without a time, and titled by id without items', async () => {
    const { catalogue, report } = await read('u,i\na,"x,1"\na,y\n', 'user=u,item=i');
    expect(catalogue.implicit).toBe(true);
    expect(catalogue.interactions.map(({ item, value }) => [item, value])).toEqual([
      ['x,1', 5],
      ['y', 5],
    ]);
    expect(report.changed.map(({ count }) => count)).toEqual([2, 2]);
  });
  it('takes ids without the blanks around them, in rows and items alike, and an id for a title that is missing', async () => {
    const items = put('items.csv', 'id,title\n A1 ,One\nB2,  \n');
    const { catalogue, report } = await table.read(put('log.csv', 'u,i\nann, A1 \nann,B2\n ann ,A1\n'), {
      name: 'x',
      columns: 'user=u,item=i',
      items,
      itemColumns: 'id=id,title=title',
    });
    expect(catalogue.items.map(({ id, title }) => [id, title])).toEqual([
      ['A1', 'One'],
      ['B2', 'B2'],
    ]);
    expect(new Set(catalogue.interactions.map(({ user }) => user))).toEqual(new Set(['ann']));
    expect(report.dropped.map(({ reason }) => reason)).not.toContain('item not in the item file');
  });
  it('turns image paths into absolute ones beside the items file', async () => {
    mkdirSync(join(folder, 'pictures'));
    const items = put('items.csv', 'id,title,image,color\nx,Lamp,pictures/lamp.png,red\n');
    const { catalogue } = await table.read(put('log.csv', 'u,i\na,x\n'), {
      name: 'x',
      columns: 'user=u,item=i',
      items,
      itemColumns: 'id=id,title=title,image=image,attribute.color=color',
    });
    expect(catalogue.items[0]).toMatchObject({
      image: join(folder, 'pictures/lamp.png'),
      attributes: { color: 'red' },
    });
  });
  it.each([
    ['user=u', /lacks item/],
    ['user=u,item=i,colour=c', /unknown field: colour/],
    ['user=u,item=i,user=v', /user twice/],
    ['user u', /field=column/],
    ['user=u,item=nothing', /no column "nothing"/],
  ])('refuses the map %s', async (columns, message) => {
    const reading = read('u,i\na,x\n', columns);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(UsageError);
  });
});

describe('recbole', () => {
  it('asks which, of two sets in one folder, and refuses a header without types', async () => {
    put('a.inter', 'user_id\titem_id\n1\t2\n');
    await expect(recbole.read(folder, { name: 'x' })).rejects.toThrow(/name:type/);
    put('b.inter', 'user_id:token\titem_id:token\n1\t2\n');
    await expect(recbole.read(folder, { name: 'x' })).rejects.toThrow(/2 \.inter files/);
    put('a-b.inter', 'user_id:token\titem_id:token\n1\t3\n');
    expect((await recbole.read(join(folder, 'a-b.inter'), { name: 'x' })).catalogue.items).toMatchObject([
      { id: '3' },
    ]);
    expect((await recbole.read(join(folder, 'b.inter'), { name: 'x' })).catalogue).toMatchObject({
      implicit: true,
      items: [{ id: '2', title: '2' }],
    });
  });
});

describe('amazon, the titled set', () => {
  it('chains the sliding windows of a person into one sequence', async () => {
    put(
      'G.item.json',
      JSON.stringify(
        Object.fromEntries(
          [0, 1, 2, 3].map((id) => [
            id,
            {
              title: `Pen &amp; ${id}`,
              description: "['<b>Fine</b>', \"it's\"]",
              brand: 'Bic',
              categories: '',
            },
          ]),
        ),
      ),
    );
    put(
      'G_valid.csv',
      "user_id,history_item_title,item_title,history_item_id,item_id\nA,\"['a, ''', 'b']\",c,\"[0, 0]\",1\n".replace(
        "''''",
        "'",
      ),
    );
    put(
      'G_test.csv',
      'user_id,history_item_title,item_title,history_item_id,item_id\nA,[],c,"[0, 1]",2\nB,[],c,[3],0\n',
    );
    const { catalogue, report } = await amazon.read(folder, { name: 'x' });
    expect(catalogue.interactions.filter(({ user }) => user === 'A').map(({ item }) => item)).toEqual([
      '0',
      '1',
      '2',
    ]);
    expect(catalogue.items[0]).toMatchObject({
      title: 'Pen & 0',
      text: "Fine it's",
      attributes: { brand: 'Bic' },
    });
    expect(report.dropped).toMatchObject([{ count: 1 }]);
  });
});
