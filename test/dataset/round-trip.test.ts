// What was exported is imported again and is the same: through the importers of RecBole, MovieLens and tables. And the
// atomic files keep RecBole's rules, whatever the split.

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importerNamed } from '../../src/catalogue/import/importers.ts';
import type { ImportOptions } from '../../src/catalogue/import/importer.ts';
import { byTime } from '../../src/catalogue/order.ts';
import type { Catalogue, Interaction } from '../../src/catalogue/item.ts';
import { exportRun } from '../../src/dataset/export.ts';
import { chosenTables } from '../../src/dataset/exporter.ts';
import { exporterNamed } from '../../src/dataset/exporters.ts';
import { selectDataset } from '../../src/dataset/select.ts';
import type { Row, SplitKind } from '../../src/dataset/tables.ts';
import { openDatabase } from '../../src/store/database.ts';
import { recboleProblems } from './recbole-rules.ts';
import { items, madeUpRun, type MadeUpRun } from './run.ts';

let run: MadeUpRun;
beforeAll(() => {
  run = madeUpRun();
});
afterAll(() => run.remove());

async function exported(format: string, split: SplitKind = 'none'): Promise<string> {
  const exporter = exporterNamed(format);
  const out = join(run.folder, `${format}-${split}-${readdirSync(run.folder).length}`);
  await exportRun(run.folder, exporter, out, {
    tables: chosenTables(exporter, null, split).tables,
    split,
    seed: 1,
    arms: null,
    since: 1_700_000_000,
    name: 'small',
    force: false,
    licence: null,
    catalogues: join(run.folder, 'none'),
    began: () => undefined,
    progress: () => undefined,
  });
  return out;
}

function selected(of: 'ratings' | 'opened'): Interaction[] {
  const database = openDatabase(join(run.folder, 'events.sqlite'), { readonly: true });
  const dataset = selectDataset(database, run.folder, {
    tables: [],
    split: 'none',
    seed: 1,
    arms: null,
    since: 1_700_000_000,
  });
  const rows: Row[] =
    of === 'ratings'
      ? [...dataset.ratings()].map(({ row }) => row)
      : lastOpened(dataset.rows('interactions'));
  database.close();
  return rows
    .map((row) => ({
      user: String(row['user_id']),
      item: String(row['item_id']),
      time: Number(row['timestamp']),
      value: of === 'ratings' ? Number(row['rating']) : 5,
    }))
    .sort(byTime);
}

/** An importer keeps one row of a user and an item, the last. */
function lastOpened(rows: Iterable<Row>): Row[] {
  return [...new Map([...rows].map((row) => [`${row['user_id']} ${row['item_id']}`, row])).values()];
}

async function imported(
  name: string,
  path: string,
  options: Partial<ImportOptions> = {},
): Promise<Catalogue> {
  return (await importerNamed(name).read(path, { name: 'back', ...options })).catalogue;
}

/** Titles as a format of one line a row can have them. */
const oneLine = (title: string): string => title.replace(/\s*[\t\r\n]+\s*/g, ' ');
const plainItems = (catalogue: Catalogue) =>
  catalogue.items.map(({ id, title, genres }) => ({ id, title, genres }));
const inOrder = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('imported again, an export is what was selected', () => {
  it('through RecBole, ratings', async () => {
    const out = await exported('recbole');
    const back = await imported('recbole', join(out, 'small-ratings'));
    expect(back.implicit).toBe(false);
    expect(back.interactions).toEqual(selected('ratings'));
    expect(plainItems(back)).toEqual(inOrder.map((item) => ({ ...item, title: oneLine(item.title) })));
  });

  it('through RecBole, opened items', async () => {
    const out = await exported('recbole');
    const back = await imported('recbole', join(out, 'small-opened'));
    expect(back.implicit).toBe(true);
    expect(back.interactions).toEqual(selected('opened'));
  });

  it('through MovieLens', async () => {
    const out = await exported('movielens');
    const back = await imported('movielens', out);
    expect(back.interactions).toEqual(selected('ratings'));
    // A year in brackets at the end of a title is a year in MovieLens.
    expect(plainItems(back)).toEqual(
      inOrder.map((item) => ({ ...item, title: oneLine(item.title).replace(' (1979)', '') })),
    );
    expect(back.items.find((item) => item.title === 'Alien')?.year).toBe(1979);
  });

  it('through a table with a column map, the escapes of a spreadsheet and all', async () => {
    const out = await exported('csv');
    const back = await imported('table', join(out, 'interactions.csv'), {
      columns: 'user=user_id,item=item_id,time=timestamp',
      items: join(out, 'items.csv'),
      itemColumns: 'id=item_id,title=title,genres=genres',
    });
    expect(back.interactions).toEqual(selected('opened'));
    expect(plainItems(back).map(({ id, genres }) => ({ id, genres }))).toEqual(
      inOrder.map(({ id, genres }) => ({ id, genres })),
    );
  });
});

describe('atomic files', () => {
  it.each(['none', 'time', 'user', 'leave-one-out'] as const)(
    'keep the rules of RecBole, split by %s',
    async (split) => {
      const out = await exported('recbole', split);
      const folders = readdirSync(out).filter((name) => name.startsWith('small-'));
      expect(folders.length).toBe(split === 'leave-one-out' ? 2 : 3);
      for (const folder of folders) expect(recboleProblems(join(out, folder)), folder).toEqual([]);
    },
  );

  it('are found at fault where they break them', async () => {
    const out = join(await exported('recbole'), 'small-ratings');
    const inter = join(out, 'small-ratings.inter');
    const text = readFileSync(inter, 'utf8');
    const problemsOf = (changed: string): string => {
      writeFileSync(inter, changed);
      return recboleProblems(out).join('\n');
    };
    expect(problemsOf(text.replace('rating:float', 'rating'))).toContain('header rating');
    expect(problemsOf(text.replace(/\t4\t|\t5\t/, '\tmany\t'))).toContain('"many" is no float');
    expect(problemsOf(text.replace('\n', '\t\n'))).toContain('columns of');
    expect(problemsOf(text.replaceAll('item_id', 'movie'))).toContain('no item_id:token');
    writeFileSync(inter, text);
    copyFileSync(inter, join(out, 'other.inter'));
    expect(recboleProblems(out).join()).toContain('other.inter: not NAME.inter');
  });
});
