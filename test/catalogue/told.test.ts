// What a reading must tell and never do in silence: other encodings, files that are cut, rows that cannot be, options
// that nobody reads.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { agent4rec } from '../../src/catalogue/import/agent4rec.ts';
import { amazon } from '../../src/catalogue/import/amazon.ts';
import { movielens } from '../../src/catalogue/import/movielens.ts';
import { recbole } from '../../src/catalogue/import/recbole.ts';
import { table } from '../../src/catalogue/import/table.ts';
import type { ImportReport } from '../../src/catalogue/import/importer.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-told-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const noted = (rows: ImportReport['dropped'], reason: RegExp) => rows.find((row) => reason.test(row.reason));
/** So many sound rows of movielens .dat, from Unix second 1,000,000,000 on. */
const ratings = (count: number): string =>
  Array.from(
    { length: count },
    (_, row) => `${row % 90}::${1 + (row % 2)}::4::${1_000_000_000 + row}\n`,
  ).join('');
const movies = '1::Amélie (2001)::Comedy\n2::Heat (1995)::Action\n';

describe('a table', () => {
  const columns = 'user=u,item=i,time=t';
  const rowsOf = (cells: (row: number) => string): string =>
    Array.from({ length: 200 }, (_, row) => `${cells(row)}\n`).join('');

  it('has times in any unit of the second, and no day that its month does not have', async () => {
    for (const [unit, digits] of [
      ['milliseconds', '000'],
      ['microseconds', '000000'],
      ['nanoseconds', '000000000'],
    ] as const) {
      const path = put(
        `${unit}.csv`,
        `u,i,t\n${rowsOf((row) => `p${row},x,${1_600_000_000 + row}${digits}`)}`,
      );
      const { catalogue, report } = await table.read(path, { name: 'x', columns });
      expect(catalogue.interactions[0]!.time).toBe(1_600_000_000);
      expect(noted(report.changed, new RegExp(`time in ${unit}`))).toMatchObject({ count: 200 });
    }
    const path = put('days.csv', `u,i,t\n${rowsOf((row) => `p${row},x,2021-02-${row === 7 ? 30 : 28}`)}`);
    const { report } = await table.read(path, { name: 'x', columns });
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['days.csv:9'] });
  });

  it('has no ids that JSON would round into one another', async () => {
    const path = put(
      'ids.jsonl',
      rowsOf((row) => `{"u":${row === 7 ? '9007199254740993' : row},"i":"x","t":1}`),
    );
    const { report } = await table.read(path, { name: 'x', columns });
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['ids.jsonl:8'] });
    const all = put(
      'all.jsonl',
      rowsOf((row) => `{"u":900719925474099${row % 10},"i":"x","t":1}`),
    );
    await expect(table.read(all, { name: 'x', columns })).rejects.toThrow(/write it as text/);
  });

  it('shows no picture from outside its folder', async () => {
    const path = put('rows.csv', 'u,i,t\na,1,1\n');
    const outside = put('secret.png', 'x');
    const named = async (image: string) => {
      mkdirSync(join(folder, 'shop'), { recursive: true });
      const items = put('shop/items.csv', `id,title,img\n1,One,${image}\n`);
      const itemColumns = 'id=id,title=title,image=img';
      return table.read(path, { name: 'x', columns, items, itemColumns });
    };
    for (const image of ['../secret.png', outside])
      await expect(named(image)).rejects.toThrow(/outside the folder/);
    symlinkSync(outside, join(folder, 'shop', 'link.png'));
    await expect(named('link.png')).rejects.toThrow(/outside the folder/);
    expect((await named('own.png')).catalogue.items[0]!.image).toBe(join(folder, 'shop', 'own.png'));
  });
});

describe('a person read twice', () => {
  it('is the first of them, and told', async () => {
    put(
      'a.inter',
      `user_id:token\titem_id:token\trating:float\ttimestamp:float\n${ratings(200).replaceAll('::', '\t')}`,
    );
    put('a.user', 'user_id:token\tage:token\n1\t20\n1\t60\n');
    const { catalogue, report } = await recbole.read(folder, { name: 'x' });
    expect(catalogue.people.find(({ id }) => id === '1')).toMatchObject({ age: '20' });
    expect(noted(report.dropped, /person read twice/)).toMatchObject({ count: 1 });
  });
});

describe('a line that is not UTF-8', () => {
  it('is read as Latin-1 and listed; the others stay what they are', async () => {
    put(
      'movies.dat',
      Buffer.concat([Buffer.from(movies), Buffer.from('3::L\xe9on (1994)::Crime\n', 'latin1')]),
    );
    put('ratings.dat', ratings(200));
    const { catalogue, report } = await movielens.read(folder, { name: 'x' });
    expect(catalogue.items.map((item) => item.title)).toEqual(['Amélie', 'Heat', 'Léon']);
    expect(noted(report.changed, /Latin-1/)).toMatchObject({ count: 1, examples: ['movies.dat:3'] });
  });
  it('is refused in JSON, which has no other encoding', async () => {
    put('A.item.json', Buffer.from('{"1": {"title": "L\xe9on"}}', 'latin1'));
    put('A_train.csv', 'user_id,history_item_id,item_id\na,[],1\n');
    await expect(amazon.read(folder, { name: 'x' })).rejects.toThrow(/A\.item\.json is not UTF-8/);
  });
});

describe('a file that ends without a line end', () => {
  it('says so, and keeps its last row', async () => {
    put('movies.dat', movies.trimEnd());
    put('ratings.dat', ratings(200).trimEnd());
    const { catalogue, report } = await movielens.read(folder, { name: 'x' });
    expect(catalogue.items).toHaveLength(2);
    expect(noted(report.changed, /no line end/)).toMatchObject({
      count: 2,
      examples: ['movies.dat:2', 'ratings.dat:200'],
    });
    expect(noted(report.dropped, /malformed/)).toBeUndefined();
  });
  it.each([
    ['a .dat', movielens, 'ratings.dat', ratings(200)],
    ['an .inter', recbole, 'a.inter', 'user_id:token\titem_id:token\trating:float\ttimestamp:float\n' + ratings(200).replaceAll('::', '\t')],
    ['a table', table, 'log.csv', 'u,i,v,t\n' + ratings(200).replaceAll('::', ',')],
    ['a JSON lines table', table, 'log.jsonl', ratings(200).replace(/(\d+)::(\d+)::(\d+)::(\d+)/g, '{"u": $1, "i": $2, "v": $3, "t": $4}')],
  ])('inside a time (%s) loses that row, and says which', async (_what, importer, name, whole) => {
    put('movies.dat', movies);
    const path = put(name, whole.slice(0, -5));
    const options = importer === table ? { columns: 'user=u,item=i,value=v,time=t' } : {};
    const { catalogue, report } = await importer.read(path, { name: 'x', ...options });
    expect(catalogue.interactions.every(({ time }) => time >= 1_000_000_000)).toBe(true);
    const rows = whole.trimEnd().split('\n').length;
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: [`${name}:${rows}`] });
  }); // prettier-ignore
});

describe('rows that cannot be', () => {
  it.each([
    ['a time before all dates', '0::1::4::-1e300'],
    ['a time after all dates', '0::1::4::1e300'],
    ['a time that is endless', '0::1::4::1e999'],
    ['an id with a NUL', '0\0::1::4::1'],
    ['an id that is too long', `${'9'.repeat(201)}::1::4::1`],
  ])('are dropped and counted: %s', async (_what, row) => {
    put('movies.dat', movies);
    put('ratings.dat', `${ratings(200)}${row}\n`);
    const { catalogue, report } = await movielens.read(folder, { name: 'x' });
    expect(catalogue.interactions).toHaveLength(90);
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['ratings.dat:201'] });
  });
  it('are items, too, where a title holds a NUL', async () => {
    const many = Array.from({ length: 200 }, (_, row) => `${row}::Film ${row}::Drama\n`).join('');
    put('movies.dat', `${many}200::He\0at::Drama\n`);
    put('ratings.dat', ratings(200));
    const { catalogue, report } = await movielens.read(folder, { name: 'x' });
    expect(catalogue.items).toHaveLength(200);
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['movies.dat:201'] });
  });
  it("are counted in agent4rec's lists of likes", async () => {
    put('movie_detail.csv', 'movie_id,title,genres,rating,summary\n1,Heat (1995),Action,3.5,A film.\n');
    const likes = Array.from({ length: 150 }, (_, user) => `${user} 1\n`).join('');
    put('train.txt', `${likes}150 1 ${'9'.repeat(201)}\n`);
    for (const part of ['valid.txt', 'test.txt']) put(part, likes);
    const { report } = await agent4rec.read(folder, { name: 'x' });
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['train.txt:151'] });
  });
  it.each([
    ['an id that is too long', `b,"['${'9'.repeat(201)}']",1`],
    ['an id that is a list', 'b,"[[1]]",1'],
    ['an empty id', `b,"['']",1`],
    ['a window of thousands', `b,"[${'1,'.repeat(2000)}]",1`],
  ])("are counted in amazon's windows: %s", async (_what, row) => {
    put('A.item.json', '{"1": {"title": "Pen"}}');
    const rows = Array.from({ length: 150 }, (_, user) => `u${user},[],1\n`).join('');
    put('A_train.csv', `user_id,history_item_id,item_id\n${rows}${row}\n`);
    const { catalogue, report } = await amazon.read(folder, { name: 'x' });
    expect(catalogue.interactions).toHaveLength(150);
    expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['A_train.csv:152'] });
  });
  it('are lists that are nested without end, which are no literal', async () => {
    put('A.item.json', '{"1": {"title": "Pen"}}');
    put('A_train.csv', `user_id,history_item_id,item_id\na,"${'['.repeat(200_000)}",1\n`);
    await expect(amazon.read(folder, { name: 'x' })).rejects.toThrow(/history_item_id is not a list/);
  });
});

it('half a character is told, and an id with one is refused', async () => {
  const items = put('items.jsonl', '{"id": "1", "title": "He\\ud83dat"}\n');
  const rows = Array.from({ length: 150 }, (_, user) => `{"u": "u${user}", "i": "1"}\n`).join('');
  const log = put('log.jsonl', `${rows}{"u": "\\ud83d", "i": "1"}\n`);
  const { catalogue, report } = await table.read(log, { name: 'x', columns: 'user=u,item=i', items });
  expect(catalogue.items[0]?.title).toBe('He\ufffdat');
  expect(noted(report.changed, /half a character/)?.count).toBe(1);
  expect(noted(report.dropped, /malformed/)).toMatchObject({ count: 1, examples: ['log.jsonl:151'] });
});

describe('what a table cannot mean', () => {
  it('is a column that stands twice in it', async () => {
    const path = put('log.csv', 'u,i,u\na,x,b\n');
    await expect(table.read(path, { name: 'x', columns: 'user=u,item=i' })).rejects.toThrow(
      /two columns "u"/,
    );
  });
  it('is a map of items without their file', async () => {
    const path = put('log.csv', 'u,i\na,x\n');
    const options = { name: 'x', columns: 'user=u,item=i', itemColumns: 'id=i,title=t' };
    await expect(table.read(path, options)).rejects.toThrow(/no file of items/);
  });
});

describe('a row of a table without a value', () => {
  it('is no rating, and left out with its line; a wrong value is still malformed', async () => {
    const rows = ['user,item,time,stars', 'a,x,1,4', 'a,y,2,', 'b,x,3,5', 'b,y,4,3'];
    const columns = 'user=user,item=item,time=time,value=stars';
    const path = put('log.csv', `${rows.join('\n')}\n`);
    const { catalogue, report } = await table.read(path, { name: 'x', columns });
    expect(catalogue.interactions.map(({ user, item }) => user + item)).toEqual(['ax', 'bx', 'by']);
    expect(noted(report.dropped, /without a value/)).toMatchObject({ count: 1, examples: ['log.csv:3'] });
    put('log.csv', `${[...rows, 'b,z,5,good'].join('\n')}\n`);
    await expect(table.read(path, { name: 'x', columns })).rejects.toThrow(/"good" is not a number/);
  });
});
