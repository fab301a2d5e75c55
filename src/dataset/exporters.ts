// The table of formats: a new one is a file in formats/ and a line here.

import { UsageError } from '../base/error.ts';
import type { Exporter } from './exporter.ts';
import { chat } from './formats/chat.ts';
import { csv } from './formats/csv.ts';
import { movielens } from './formats/movielens.ts';
import { openBandit } from './formats/open-bandit.ts';
import { parquet } from './formats/parquet.ts';
import { recbole } from './formats/recbole.ts';
import { sequences } from './formats/sequences.ts';

export const exporters: readonly Exporter[] = [parquet, recbole, movielens, openBandit, chat, sequences, csv];

/** The exporter of this name. Throws a UsageError that lists the known ones. */
export function exporterNamed(name: string): Exporter {
  const found = exporters.find((exporter) => exporter.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no format ${JSON.stringify(name)}.`,
    `Formats: ${exporters.map((exporter) => exporter.name).join(', ')}.`,
  );
}
