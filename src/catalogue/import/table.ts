// Any table: CSV, TSV or JSON lines (also .gz), read through a column map `user=user_id,item=sku,value=stars,time=ts`.
// An items file with a map of its own gives titles and the rest; without one the item's id is its title.
// Nothing is guessed from column names: what is not mapped is not read.

import { dirname, resolve } from 'node:path';
import { RehearsalError, UsageError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import { interactionFields, itemFields, readColumnMap } from './column-map.ts';
import { bytesOf, csvRows, namedRows, type RowBytes } from './csv.ts';
import { decimal, gather, shortened } from './gather.ts';
import type { Gathering, ItemDraft } from './gather.ts';
import type { Importer } from './importer.ts';
import { lines, openSource } from './source.ts';
import type { SourceFile } from './source.ts';
import { readTime, seconds, unitOf } from './times.ts';

export const table: Importer = {
  name: 'table',
  summary:
    'a CSV, TSV or JSON-lines file with a column map (user, item; value, time, scale if there are), and an items file with its own map',
  takes: ['columns', 'items', 'itemColumns'],
  read: async (path, options) => {
    if (options.columns === undefined) {
      throw new UsageError(
        'The table importer needs a column map.',
        'For example --columns user=user_id,item=sku,value=stars,time=ts',
      );
    }
    const columns = readColumnMap(options.columns, interactionFields, ['user', 'item']);
    const gathering = gather('table', path);
    const interactions = onlyFile(path);
    if (options.items === undefined && options.itemColumns !== undefined) {
      throw new UsageError(
        'A column map of items was given, and no file of items.',
        'Give the file with --items, or leave --item-columns out.',
      );
    }
    if (options.items === undefined) itemsFromInteractions(interactions, columns, gathering);
    else {
      const map = readColumnMap(options.itemColumns ?? 'id=id,title=title', itemFields, ['id', 'title']);
      readItems(onlyFile(options.items), dirname(options.items), map, gathering);
    }
    readInteractions(interactions, columns, gathering);
    return gathering.finish({
      name: options.name,
      implicit: columns.get('value') === undefined,
      keepItems: 'all',
    });
  },
};

interface TableRow extends RowBytes {
  readonly line: number;
  readonly problem?: string;
  /** Text of a column; lists keep their elements. */
  value(column: string | undefined): string | string[] | undefined;
}

function readInteractions(
  file: SourceFile,
  columns: ReadonlyMap<string, string>,
  gathering: Gathering,
): void {
  const scale = decimal(columns.get('scale') ?? '5');
  if (scale === undefined || scale <= 0) {
    throw new UsageError(
      `scale=${columns.get('scale')} is not a number above 0.`,
      'scale is the highest value of the source, for example scale=10.',
    );
  }
  gathering.rows(
    file.label,
    tableRows(
      file,
      [...columns].filter(([field]) => field !== 'scale').map(([, column]) => column),
    ),
    `columns ${[...columns.values()].join(', ')}`,
    (row) => {
      if (row.problem !== undefined) return row.problem;
      const text = (field: string): string | undefined => single(row.value(columns.get(field)))?.trim();
      if (columns.has('value') && ['', undefined].includes(text('value'))) {
        gathering.unrated(file.label, row.line);
        return undefined;
      }
      const value = columns.has('value') ? decimal(text('value')) : 5;
      if (value === undefined) return `the value ${JSON.stringify(text('value'))} is not a number`;
      const time = columns.has('time') ? readTime(text('time')) : row.line;
      if (time === undefined)
        return `the time ${JSON.stringify(text('time'))} is neither seconds nor an ISO date`;
      if (!columns.has('time'))
        gathering.changed('no time column, the order of the rows is the time', file.label, row.line);
      const unit = columns.has('time') ? unitOf(time) : seconds;
      if (unit !== seconds)
        gathering.changed(`time in ${unit.name} turned into seconds`, file.label, row.line);
      return gathering.interaction(
        {
          user: text('user') ?? '',
          item: text('item') ?? '',
          time: time / unit.perSecond,
          value: columns.has('value') ? (value * 5) / scale : value,
        },
        file.label,
        row.line,
      );
    },
  );
}

function readItems(
  file: SourceFile,
  folder: string,
  columns: ReadonlyMap<string, string>,
  gathering: Gathering,
): void {
  gathering.rows(
    file.label,
    tableRows(file, [...columns.values()]),
    `columns ${[...columns.values()].join(', ')}`,
    (row) => {
      if (row.problem !== undefined) return row.problem;
      const text = (field: string): string | undefined =>
        single(row.value(columns.get(field)))?.trim() || undefined;
      const numbers = new Map<string, number>();
      for (const field of ['year', 'rating', 'votes', 'price', 'duration', 'latitude', 'longitude']) {
        const written = text(field);
        const number = decimal(written);
        if (written !== undefined && number === undefined)
          return `${field} ${JSON.stringify(written)} is not a number`;
        if (number !== undefined) numbers.set(field, number);
      }
      const [latitude, longitude] = [numbers.get('latitude'), numbers.get('longitude')];
      const image = text('image');
      const picture = image === undefined ? undefined : resolve(folder, image);
      if (picture !== undefined && !isInside(folder, picture))
        return `the image ${shortened(JSON.stringify(image), 60)} lies outside the folder of the items file: put it below`;
      const [id = '', title] = [text('id'), text('title')];
      if (title === undefined) gathering.changed('no title, the id stands in', file.label, row.line);
      const draft: ItemDraft = {
        id,
        title: title ?? id,
        text: text('text'),
        year: numbers.get('year'),
        genres: readGenres(row.value(columns.get('genres'))),
        rating: numbers.get('rating'),
        votes: numbers.get('votes'),
        image: picture,
        price: numbers.get('price'),
        duration: numbers.get('duration'),
        place: latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined,
        attributes: Object.fromEntries(
          [...columns.keys()]
            .filter((field) => field.startsWith('attribute.'))
            .map((field) => [field.slice('attribute.'.length), text(field) ?? ''] as const)
            .filter(([, written]) => written !== ''),
        ),
      };
      return gathering.item(draft, file.label, row.line);
    },
  );
}

function itemsFromInteractions(
  file: SourceFile,
  columns: ReadonlyMap<string, string>,
  gathering: Gathering,
): void {
  const seen = new Set<string>();
  for (const row of tableRows(file, [columns.get('item') ?? ''])) {
    const id = row.problem === undefined ? (single(row.value(columns.get('item')))?.trim() ?? '') : '';
    if (id === '' || seen.has(id)) continue;
    seen.add(id);
    if (gathering.item({ id, title: id }, file.label, row.line) === undefined)
      gathering.changed('no items file, the id stands for the title', file.label, row.line);
  }
}

function* tableRows(file: SourceFile, wanted: readonly string[]): Iterable<TableRow> {
  if (/\.(jsonl|ndjson|json)$/.test(file.name)) {
    for (const line of lines(file)) {
      if (line.text.trim() !== '') yield { ...jsonRow(line.number, line.text, wanted), ...bytesOf([line]) };
    }
    return;
  }
  for (const row of namedRows(csvRows(lines(file), /\.(tsv|tab)$/.test(file.name) ? '\t' : ','))) {
    requireColumns(file.label, row.names, wanted);
    yield {
      line: row.line,
      problem: row.problem,
      latin1: row.latin1,
      unended: row.unended,
      value: (column) => (column === undefined ? undefined : row.cell(column)),
    };
  }
}

/** Every column that the map names stands once in the header. */
function requireColumns(label: string, names: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.find((column) => !names.includes(column));
  const known = names.slice(0, 20).map((name) => shortened(name, 60));
  if (missing !== undefined) {
    throw new UsageError(
      `${label} has no column ${JSON.stringify(missing)}; its columns are ${known.join(', ')}${names.length > 20 ? ', …' : ''}.`,
      'Mend the column map, or give the file its header.',
    );
  }
  const twice = wanted.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice === undefined) return;
  throw new UsageError(
    `${label} has two columns ${JSON.stringify(twice)}.`,
    'Give each column a name of its own.',
  );
}

function jsonRow(line: number, text: string, wanted: readonly string[]): TableRow {
  const nothing = { line, value: () => undefined };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { ...nothing, problem: 'not a line of JSON' };
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    return { ...nothing, problem: 'not a JSON object' };
  const fields = new Map<string, unknown>(Object.entries(parsed));
  if (wanted.every((column) => !fields.has(column)))
    return { ...nothing, problem: `none of the fields ${wanted.join(', ')}` };
  const rounded = wanted.find((column) => isRounded(fields.get(column)));
  if (rounded !== undefined)
    return {
      ...nothing,
      problem: `${rounded} is a number of more digits than can be read: write it as text`,
    };
  return {
    line,
    value: (column) => {
      const found = fields.get(column ?? '');
      if (found === undefined || found === null) return undefined;
      return Array.isArray(found)
        ? found.map(String)
        : typeof found === 'object'
          ? JSON.stringify(found)
          : String(found);
    },
  };
}

/** Whole numbers beyond 2⁵³ are read as their neighbours, so that two ids become one. */
function isRounded(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function onlyFile(path: string): SourceFile {
  const files = openSource(path);
  const [only] = files;
  if (only === undefined || files.length > 1) {
    throw new RehearsalError(
      `${path} holds ${files.length} files where one table was expected: ${files
        .map((file) => file.label)
        .slice(0, 10)
        .join(', ')}.`,
      {
        hint: 'Give the path of the file.',
      },
    );
  }
  return only;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A list, or text with | or else ; between the genres. */
function readGenres(value: string | string[] | undefined): string[] {
  const genres = Array.isArray(value) ? value : (value ?? '').split(value?.includes('|') ? '|' : ';');
  return genres.map((genre) => genre.trim()).filter((genre) => genre !== '');
}
