// RecBole atomic files: NAME.inter, NAME.item, NAME.user, tab-separated, each column typed in the header
// (`user_id:token`, `rating:float`, `genre:token_seq`). Split benchmark files (NAME.part1.inter) are read one at a time.

import { RehearsalError } from '../../base/error.ts';
import { plainRows } from './csv.ts';
import type { CsvRow } from './csv.ts';
import { decimal, gather, shortened } from './gather.ts';
import type { Gathering } from './gather.ts';
import type { Importer } from './importer.ts';
import { basename } from 'node:path';
import { findFile, lines, openWithCompanions } from './source.ts';
import type { SourceFile } from './source.ts';
import { articleFirst } from './title.ts';

export const recbole: Importer = {
  name: 'recbole',
  summary:
    'RecBole atomic files: a folder, archive or .inter file, with .item and .user of the same name beside it',
  takes: [],
  read: async (path, { name }) => {
    const files = openWithCompanions(path);
    const gathering = gather('recbole', path);
    const wanted = /\.inter(\.gz)?$/.test(path)
      ? files.filter((file) => basename(file.label) === basename(path))
      : files;
    const found = wanted.filter((file) => file.name.endsWith('.inter'));
    const [interactions] = found;
    if (interactions === undefined || found.length > 1) {
      throw new RehearsalError(
        `${path} holds ${found.length} .inter files${found.length > 1 ? ` (${found.map((file) => file.label).join(', ')})` : ''}: expected one NAME.inter, with NAME.item and NAME.user if there are any.`,
        {
          hint:
            found.length > 1
              ? 'Give the path of one of them.'
              : 'Another layout? Try the table importer with a column map.',
        },
      );
    }
    const base = interactions.name.slice(0, -'.inter'.length);
    const items = findFile(files, `${base}.item`);
    const people = findFile(files, `${base}.user`);
    if (items === undefined) itemsFromInteractions(interactions, gathering);
    else readItems(items, gathering);
    if (people !== undefined) readPeople(people, gathering);
    const implicit = readInteractions(interactions, gathering);
    return gathering.finish({ name, implicit, keepItems: 'all' });
  },
};

type Type = 'token' | 'token_seq' | 'float' | 'float_seq';
interface Column {
  readonly name: string;
  readonly type: Type;
}
type Cells = ReadonlyMap<string, string>;

function readItems(file: SourceFile, gathering: Gathering): void {
  const { columns, rows } = typedRows(file);
  needs(file, columns, 'item_id');
  const title = columns.find((column) => /title|name/.test(column.name))?.name;
  const year = columns.find((column) => /year/.test(column.name))?.name;
  const genres = columns.find(
    (column) => column.type === 'token_seq' && /^(class|genres?|categor(y|ies))$/.test(column.name),
  )?.name;
  const taken = new Set(['item_id', title, year, genres]);
  const others = columns.filter((column) => !taken.has(column.name));
  gathering.rows(file.label, rows, headerOf(columns), (row) => {
    const cells = cellsOf(row, columns);
    if (typeof cells === 'string') return cells;
    const id = cells.get('item_id') ?? '';
    const named = title === undefined ? '' : (cells.get(title) ?? '').trim();
    if (named === '') gathering.changed('no title, the id stands in', file.label, row.line);
    const released = decimal(cells.get(year ?? ''));
    if (released === undefined && year !== undefined)
      gathering.changed('the year is missing or not a number', file.label, row.line);
    const attributes = others
      .map((column) => [column.name, cells.get(column.name) ?? ''] as const)
      .filter(([, text]) => text !== '');
    return gathering.item(
      {
        id,
        title: named === '' ? id : articleFirst(named),
        year: released,
        genres:
          genres === undefined
            ? []
            : (cells.get(genres) ?? '').split(' ').filter((genre) => genre !== '' && genre !== 'unknown'),
        attributes: Object.fromEntries(attributes),
      },
      file.label,
      row.line,
    );
  });
}

function itemsFromInteractions(file: SourceFile, gathering: Gathering): void {
  const { columns, rows } = typedRows(file);
  needs(file, columns, 'item_id');
  const seen = new Set<string>();
  for (const row of rows) {
    const cells = cellsOf(row, columns);
    const id = typeof cells === 'string' ? '' : (cells.get('item_id') ?? '');
    if (id === '' || seen.has(id)) continue;
    seen.add(id);
    if (gathering.item({ id, title: id }, file.label, row.line) === undefined)
      gathering.changed('no title, the id stands in', file.label, row.line);
  }
}

function readPeople(file: SourceFile, gathering: Gathering): void {
  const { columns, rows } = typedRows(file);
  needs(file, columns, 'user_id');
  gathering.rows(file.label, rows, headerOf(columns), (row) => {
    const cells = cellsOf(row, columns);
    if (typeof cells === 'string') return cells;
    const text = (...names: string[]): string | undefined =>
      names.map((name) => cells.get(name)).find((cell) => cell !== undefined && cell !== '');
    const gender = text('gender', 'sex');
    return gathering.person(
      {
        id: cells.get('user_id') ?? '',
        age: text('age'),
        gender: { M: 'male', F: 'female' }[gender ?? ''] ?? gender,
        occupation: text('occupation'),
        region: text('region', 'zip_code', 'country'),
      },
      file.label,
      row.line,
    );
  });
}

/** True when the file has no rating column, so that every row is a like. */
function readInteractions(file: SourceFile, gathering: Gathering): boolean {
  const { columns, rows } = typedRows(file);
  needs(file, columns, 'user_id');
  needs(file, columns, 'item_id');
  const rated = columns.some((column) => column.name === 'rating');
  const timed = columns.some((column) => column.name === 'timestamp');
  gathering.rows(file.label, rows, headerOf(columns), (row) => {
    const cells = cellsOf(row, columns);
    if (typeof cells === 'string') return cells;
    if (!timed)
      gathering.changed('no timestamp column, the order of the rows is the time', file.label, row.line);
    const value = rated ? decimal(cells.get('rating')) : 5;
    const time = timed ? decimal(cells.get('timestamp')) : row.line;
    if (value === undefined) return `the rating ${JSON.stringify(cells.get('rating'))} is not a number`;
    if (time === undefined) return `the timestamp ${JSON.stringify(cells.get('timestamp'))} is not a number`;
    return gathering.interaction(
      { user: cells.get('user_id') ?? '', item: cells.get('item_id') ?? '', time, value },
      file.label,
      row.line,
    );
  });
  return !rated;
}

function typedRows(file: SourceFile): { columns: Column[]; rows: Iterable<CsvRow> } {
  const rows = plainRows(lines(file), '\t')[Symbol.iterator]();
  const header = rows.next();
  const columns = (header.done === true ? [] : header.value.fields).map((field): Column => {
    const found = /^([\w.-]+):(token|token_seq|float|float_seq)$/.exec(field.trim());
    if (found?.[1] === undefined) {
      throw new RehearsalError(
        `${file.label}:1: the header has ${JSON.stringify(shortened(field, 60))} where name:type was expected (token, token_seq, float, float_seq).`,
        {
          hint: 'A file without typed header is a table: use the table importer with a column map.',
        },
      );
    }
    return { name: found[1], type: found[2] as Type };
  });
  const names = columns.map((column) => column.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new RehearsalError(`${file.label}:1: the header names ${twice} twice.`, {
      hint: 'Give each column a name of its own.',
    });
  }
  return { columns, rows: { [Symbol.iterator]: () => rows } };
}

function cellsOf(row: CsvRow, columns: readonly Column[]): Cells | string {
  if (row.fields.length !== columns.length)
    return `${row.fields.length} fields where the header has ${columns.length}`;
  return new Map(columns.map((column, index) => [column.name, row.fields[index] ?? '']));
}

function needs(file: SourceFile, columns: readonly Column[], name: string): void {
  if (columns.some((column) => column.name === name)) return;
  throw new RehearsalError(
    `${file.label} has no column ${name}:token; its header is ${headerOf(columns) || 'empty'}.`,
    {
      hint: 'RecBole names the columns user_id, item_id, rating, timestamp.',
    },
  );
}

function headerOf(columns: readonly Column[]): string {
  return columns.map((column) => `${column.name}:${column.type}`).join(', ');
}
