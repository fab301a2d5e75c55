// The contract of exporters: a data set in, files in a place out, and an account of what could not be written as it
// was. An exporter knows its format and nothing of runs, cards or the command line.

import { RehearsalError } from '../base/error.ts';
import type { Place } from './place.ts';
import type { Dataset } from './select.ts';
import { splittable, type SplitKind, type TableName } from './tables.ts';

export interface Exporter {
  readonly name: string;
  readonly summary: string;
  /** Tables it can write, and those it writes where none are asked for. */
  readonly tables: { readonly all: readonly TableName[]; readonly standard: readonly TableName[] };
  readonly splits: readonly SplitKind[];
  write(dataset: Dataset, place: Place): Promise<void>;
  /** How somebody loads it: a line or two of code, shown in README.md of the export. */
  usage(name: string): readonly string[];
}

/** Text that a line- and tab-separated format can hold; tells the place where something was changed. */
export function oneLine(text: string, place: Place): string {
  if (!/[\t\r\n]/.test(text)) return text;
  place.changed('tabs and line ends in text written as spaces');
  return text.replace(/\s*[\t\r\n]+\s*/g, ' ').trim();
}

/** The tables to write: those asked for, or the format's own that can be split so. Throws on what cannot be. */
export function chosenTables(
  exporter: Exporter,
  asked: readonly TableName[] | null,
  split: SplitKind,
): { tables: readonly TableName[]; left: readonly TableName[] } {
  if (!exporter.splits.includes(split)) {
    throw new RehearsalError(`The format ${exporter.name} cannot be split by ${split}.`, {
      hint: `Its splits: ${exporter.splits.join(', ')}.`,
      exitCode: 2,
    });
  }
  const strange = asked?.find((table) => !exporter.tables.all.includes(table));
  if (strange !== undefined) {
    throw new RehearsalError(`The format ${exporter.name} has no place for the table ${strange}.`, {
      hint: `Its tables: ${exporter.tables.all.join(', ')}.`,
      exitCode: 2,
    });
  }
  const wanted = asked ?? exporter.tables.standard;
  const left = wanted.filter((table) => !splittable(table, split));
  if (asked !== null && left[0] !== undefined) {
    throw new RehearsalError(`The table ${left[0]} cannot be split by ${split}.`, {
      hint: 'Leave it out of --tables, or choose another --split.',
      exitCode: 2,
    });
  }
  return { tables: wanted.filter((table) => !left.includes(table)), left };
}
