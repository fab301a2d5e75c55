// The table of importers: one entry per kind of source. A new source is a file here and a row in this table.

import { UsageError } from '../../base/error.ts';
import { agent4rec } from './agent4rec.ts';
import { amazon } from './amazon.ts';
import type { Importer } from './importer.ts';
import { movielens } from './movielens.ts';
import { recbole } from './recbole.ts';
import { s3rec } from './s3rec.ts';
import { sequences } from './sequences.ts';
import { table } from './table.ts';

export const importers: readonly Importer[] = [
  movielens,
  amazon,
  recbole,
  agent4rec,
  s3rec,
  sequences,
  table,
];

/** The importer of that name. Throws a UsageError that lists the names. */
export function importerNamed(name: string): Importer {
  const found = importers.find((importer) => importer.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no importer ${JSON.stringify(name)}.`,
    `Importers: ${importers.map((importer) => importer.name).join(', ')}.`,
  );
}
