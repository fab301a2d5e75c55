// Parquet, one folder a table and one file a part, in the layout that Hugging Face loads without a script: the card's
// head names each table as a config. Rows are written in groups, so that memory does not grow with the data.

import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Exporter } from '../exporter.ts';
import type { Part } from '../split.ts';
import {
  onRequest,
  tableNamed,
  tableNames,
  type Cell,
  type Column,
  type Row,
  type Table,
} from '../tables.ts';

const groupRows = 1 << 16;
/** Pictures are large: so many a group. */
const groupImages = 1 << 8;

export const parquet: Exporter = {
  name: 'parquet',
  summary: 'Parquet with a Hugging Face dataset card, one config a table',
  tables: { all: tableNames, standard: tableNames.filter((name) => !onRequest.includes(name)) },
  splits: ['none', 'time', 'user', 'leave-one-out'],
  usage: () => ["datasets.load_dataset('.', 'interactions')", "SELECT * FROM 'data/impressions/*.parquet'"],
  write: async (dataset, place) => {
    for (const name of dataset.selection.tables) {
      const files = new Map<Part, ReturnType<typeof openTable>>();
      for (const { part, row } of dataset.parted(name)) {
        const path = parquetPath(name, part);
        const file = files.get(part) ?? openTable(tableNamed(name), place.path(path));
        files.set(part, file);
        file.add(row);
      }
      for (const [part, file] of files) place.note(parquetPath(name, part), file.finish());
      if (files.size === 0) place.changed(`no rows, so no ${name}`);
    }
  },
};

/** Path of a part, as the loaders of Hugging Face expect it. */
export function parquetPath(table: string, part: Part): string {
  return `data/${table}/${part}-00000-of-00001.parquet`;
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

function openTable(table: Table, path: string) {
  const pictured = table.columns.some(({ kind }) => kind === 'image');
  const most = pictured ? groupImages : groupRows;
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaOf(table),
    createdBy: 'rehearsal',
    kvMetadata: pictured ? [{ key: 'huggingface', value: JSON.stringify(featuresOf(table)) }] : [],
  });
  let group: Row[] = [];
  let rows = 0;
  const flush = (): void => {
    writer.write({
      columnData: table.columns.map((column) => ({
        name: column.name,
        data: group.map((row) => valueOf(row[column.name]!, column)),
      })),
      rowGroupSize: most,
    });
    group = [];
  };
  return {
    add(row: Row): void {
      rows += 1;
      if (group.push(row) === most) flush();
    },
    /** Ends the file; returns its rows. */
    finish(): number {
      if (group.length > 0) flush();
      writer.finish();
      return rows;
    },
  };
}

/** Integers are of 64 bits, since seeds need 32 without a sign. Pictures are as Hugging Face keeps them. */
function valueOf(cell: Cell, column: Column): unknown {
  if (column.kind === 'image') return { bytes: cell, path: null };
  return column.kind === 'integer' && cell !== null ? BigInt(Number(cell)) : cell;
}

/** What the columns are to Hugging Face, which takes bytes for pictures only where it is told so. */
function featuresOf(table: Table): object {
  const value = (dtype: string): object => ({ dtype, _type: 'Value' });
  const feature = (kind: Column['kind']): object => {
    switch (kind) {
      case 'text':
        return value('string');
      case 'integer':
        return value('int64');
      case 'number':
        return value('float64');
      case 'boolean':
        return value('bool');
      case 'texts':
        return { feature: value('string'), _type: 'List' };
      case 'image':
        return { _type: 'Image' };
      default:
        return kind satisfies never;
    }
  };
  return {
    info: { features: Object.fromEntries(table.columns.map(({ name, kind }) => [name, feature(kind)])) },
  };
}

function schemaOf(table: Table): Schema {
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  return [
    { name: 'root', num_children: table.columns.length },
    ...table.columns.flatMap(({ name, kind, nullable }): Schema => {
      const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
      switch (kind) {
        case 'text':
          return [{ name, ...text, repetition_type }];
        case 'integer':
          return [{ name, type: 'INT64', repetition_type }];
        case 'number':
          return [{ name, type: 'DOUBLE', repetition_type }];
        case 'boolean':
          return [{ name, type: 'BOOLEAN', repetition_type }];
        case 'texts':
          return [
            { name, repetition_type, num_children: 1, converted_type: 'LIST' },
            { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
            { name: 'element', ...text, repetition_type: 'REQUIRED' },
          ];
        case 'image':
          return [
            { name, repetition_type, num_children: 2 },
            { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
            { name: 'path', ...text, repetition_type: 'OPTIONAL' },
          ];
        default:
          return kind satisfies never;
      }
    }),
  ];
}
