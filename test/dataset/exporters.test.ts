// Every format under the contract, read by parsers of others: hyparquet, csv-parse, JSON. Then what each format owes to
// the programs it is for.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { partedTexts, plainTextOf } from '../../src/dataset/cells.ts';
import { exporterNamed, exporters } from '../../src/dataset/exporters.ts';
import { parquetPath } from '../../src/dataset/formats/parquet.ts';
import type { Dataset } from '../../src/dataset/select.ts';
import { tableNames, tables, type Cell, type Column, type Row } from '../../src/dataset/tables.ts';
import { exporterContract, exportName, type ReadFormat } from '../contracts/exporter.ts';

/** A name means one thing in every table; tables.test.ts holds it so. */
const columnsOf = new Map<string, Column>(
  tables.flatMap(({ columns }) => columns.map((column) => [column.name, column])),
);
const rowsOf = (dataset: Dataset, name: (typeof tableNames)[number]): Row[] => [...dataset.rows(name)];
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
const only = (names: readonly string[], row: Row): Row =>
  Object.fromEntries(names.map((name) => [name, row[name]!]));

/** Rows of CSV as text by name. */
function csvTexts(path: string): Record<string, string>[] {
  return parse(readFileSync(path), { columns: true });
}

/** A text as the cell its column says it is. */
function typed(name: string, text: string, decode: (text: string) => string = (same) => same): Cell {
  const column = columnsOf.get(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  if (text === '' && column.nullable) return null;
  switch (column.kind) {
    case 'text':
      return decode(text);
    case 'integer':
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true' || text === '1';
    case 'texts':
      return partedTexts(decode(text));
    case 'image':
      throw new Error(`${name} is a picture, which no text format holds`);
    default:
      return column.kind satisfies never;
  }
}

const typedRow = (row: Record<string, string>, decode?: (text: string) => string): Row =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name, typed(name, text, decode)]));

function tabbed(path: string): Record<string, string>[] {
  return parse(readFileSync(path), { columns: true, delimiter: '\t', quote: null });
}

const untyped = (row: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name.split(':')[0]!, text]));

const textTables = tableNames.filter((name) => name !== 'screens');

/** A picture in the struct that Hugging Face takes for one. */
function isPicture(value: unknown): value is { readonly bytes: Uint8Array } {
  return (
    typeof value === 'object' && value !== null && 'bytes' in value && 'path' in value && value.path === null
  );
}

/** Hugging Face takes the bytes for pictures only where the file says so (Features.from_arrow_schema). */
async function expectImages(file: AsyncBuffer): Promise<void> {
  const { key_value_metadata: told = [] } = await parquetMetadataAsync(file);
  const features: unknown = JSON.parse(told.find(({ key }) => key === 'huggingface')?.value ?? 'null');
  expect(features).toMatchObject({
    info: { features: { screen: { dtype: 'string', _type: 'Value' }, image: { _type: 'Image' } } },
  });
}

const formats: readonly ReadFormat[] = [
  {
    exporter: exporterNamed('parquet'),
    allTables: tableNames,
    read: async (folder) => {
      const found = readdirSync(join(folder, 'data'));
      const read = await Promise.all(
        found.map(async (name) => {
          const file = await asyncBufferFromFile(join(folder, parquetPath(name, 'train')));
          if (name === 'screens') await expectImages(file);
          const rows = (await parquetReadObjects({ file, utf8: false })) as Record<string, unknown>[];
          const plain = (value: unknown): Cell =>
            typeof value === 'bigint'
              ? Number(value)
              : isPicture(value)
                ? Buffer.from(value.bytes)
                : (value as Cell);
          return [
            name,
            rows.map((row) =>
              Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
            ),
          ] as const;
        }),
      );
      return Object.fromEntries(read);
    },
    expected: (dataset) => Object.fromEntries(tableNames.map((name) => [name, rowsOf(dataset, name)])),
  },
  {
    exporter: exporterNamed('csv'),
    allTables: textTables,
    read: async (folder) =>
      Object.fromEntries(
        textTables.map((name) => [
          name,
          csvTexts(join(folder, `${name}.csv`)).map((row) => typedRow(row, plainTextOf)),
        ]),
      ),
    expected: (dataset) => Object.fromEntries(textTables.map((name) => [name, rowsOf(dataset, name)])),
  },
  {
    exporter: exporterNamed('movielens'),
    read: async (folder) => {
      const provenance = csvTexts(join(folder, 'provenance.csv'));
      return {
        ratings: csvTexts(join(folder, 'ratings.csv')).map((row, index) => ({
          user_id: row['userId']!,
          item_id: row['movieId']!,
          rating: Number(row['rating']),
          timestamp: Number(row['timestamp']),
          ...typedRow(provenance[index]!),
        })),
      };
    },
    expected: (dataset) => ({
      ratings: [...dataset.ratings()].map(({ row }) =>
        only(['user_id', 'item_id', 'rating', 'timestamp', ...origin], row),
      ),
    }),
  },
  {
    exporter: exporterNamed('recbole'),
    read: async (folder) =>
      Object.fromEntries(
        ['ratings', 'opened', 'clicks'].map((kind) => [
          kind,
          tabbed(join(folder, `${exportName}-${kind}`, `${exportName}-${kind}.inter`))
            .map(untyped)
            .map(({ label, ...row }) => ({
              ...typedRow(row),
              ...(label === undefined ? {} : { opened: label === '1' }),
            })),
        ]),
      ),
    expected: (dataset) => {
      const ids = ['user_id', 'item_id', 'timestamp', ...origin];
      return {
        ratings: [...dataset.ratings()].map(({ row }) => only([...ids, 'rating'], row)),
        opened: rowsOf(dataset, 'interactions').map((row) => only([...ids, 'watched', 'listed'], row)),
        clicks: rowsOf(dataset, 'impressions').map((row) =>
          only([...ids, 'opened', 'slot', 'in_view', 'propensity', 'list', 'page', 'slate', 'watched'], row),
        ),
      };
    },
  },
  {
    exporter: exporterNamed('open-bandit'),
    read: async (folder) =>
      Object.fromEntries(
        ['control', 'other'].map((arm) => [
          arm,
          csvTexts(join(folder, arm, 'all', 'all.csv')).map((row) => {
            const {
              '': _index,
              timestamp,
              item,
              item_id: _number,
              position,
              click,
              propensity_score: propensity,
              user_feature_0: activity,
              user_feature_1: diversity,
              user_feature_2: conformity,
              ...beside
            } = row;
            return {
              ...typedRow({ item_id: item!, slot: position!, propensity: propensity!, ...beside }),
              timestamp: Date.parse(timestamp!.replace(' ', 'T')) / 1000,
              opened: click === '1',
              levels: [activity!, diversity!, conformity!],
            };
          }),
        ]),
      ),
    expected: (dataset) =>
      Object.fromEntries(
        ['control', 'other'].map((arm) => [
          arm,
          rowsOf(dataset, 'impressions')
            .filter((row) => row['arm'] === arm && row['list'] === 'home')
            .map((row) => {
              const left = ['list', 'score', 'method', 'method_version', 'drafter', 'screen'];
              return {
                ...Object.fromEntries(Object.entries(row).filter(([name]) => !left.includes(name))),
                levels: ['low', 'medium', 'high'],
              };
            }),
        ]),
      ),
  },
  {
    exporter: exporterNamed('chat'),
    read: async (folder) => ({
      slates: readFileSync(join(folder, 'chat.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => {
          const { messages, ...row } = JSON.parse(line) as Row & {
            messages: { role: string; content: string }[];
          };
          expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
          const answer = messages[2]!.content;
          const chosen = answer === 'none' ? [] : answer.split('\n');
          const listed = messages[1]!.content.split('The list:\n')[1]!.split('\n');
          expect(listed).toHaveLength((row['items'] as readonly string[]).length);
          expect(listed).toEqual(expect.arrayContaining(chosen));
          return {
            ...row,
            chosen: chosen.map((line_) => (row['items'] as readonly string[])[Number.parseInt(line_) - 1]!),
          };
        }),
    }),
    expected: (dataset) => ({
      slates: [
        ...Map.groupBy(rowsOf(dataset, 'impressions'), (row) => `${row['session']} ${row['slate']}`).values(),
      ].flatMap((places) => {
        const seen = places.filter((row) => row['in_view'] === true || row['opened'] === true);
        return seen.length === 0
          ? []
          : [
              {
                ...only(['user_id', 'slate', 'list', 'page', ...origin], seen[0]!),
                items: seen.map((row) => String(row['item_id'])),
                chosen: seen.filter((row) => row['opened'] === true).map((row) => String(row['item_id'])),
              },
            ];
      }),
    }),
  },
  {
    exporter: exporterNamed('sequences'),
    read: async (folder) => {
      const names = (file: string, column: string): Map<string, string> =>
        new Map(tabbed(join(folder, file)).map((row) => [row['number']!, row[column]!]));
      const [users, items] = [names('users.tsv', 'user_id'), names('items.tsv', 'item_id')];
      const provenance = csvTexts(join(folder, 'provenance.csv'));
      const pairs = readFileSync(join(folder, 'sasrec', `${exportName}.txt`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' '));
      const lines = readFileSync(join(folder, 's3rec', `${exportName}.txt`), 'utf8')
        .trimEnd()
        .split('\n');
      expect(
        lines.flatMap((line) =>
          line
            .split(' ')
            .slice(1)
            .map((item) => [line.split(' ')[0], item]),
        ),
      ).toEqual(pairs);
      return {
        pairs: pairs.map(([user, item], index) => ({
          user_id: users.get(user!)!,
          item_id: items.get(item!)!,
          ...typedRow(provenance[index]!),
        })),
      };
    },
    expected: (dataset) => ({
      pairs: rowsOf(dataset, 'interactions').map((row) =>
        only(['user_id', 'item_id', 'timestamp', ...origin], row),
      ),
    }),
  },
];

for (const format of formats) exporterContract(format);

describe('the table of exporters', () => {
  it('holds every format once, each under contract', () => {
    expect(new Set(formats.map(({ exporter }) => exporter.name))).toEqual(
      new Set(exporters.map((exporter) => exporter.name)),
    );
    expect(new Set(exporters.map((exporter) => exporter.name)).size).toBe(exporters.length);
  });
  it('lists the names when one is unknown', () => {
    expect(() => exporterNamed('xlsx')).toThrow(/no format "xlsx"/);
  });
});
