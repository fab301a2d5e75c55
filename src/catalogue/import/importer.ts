// The importer contract: a source on disk in, a catalogue and an account of the reading out.
// Every row that was read is kept, changed or dropped, and the report says which and why; an importer
// never repairs in silence. Writing the catalogue to its folder is not done here (../folder.ts).

import { z } from 'zod';
import type { Catalogue } from '../item.ts';

export const importReportSchema = z.object({
  importer: z.string(),
  /** The path as it was given. */
  source: z.string(),
  files: z.array(z.object({ name: z.string(), rows: z.int().min(0) })),
  rows: z.int().min(0),
  items: z.int().min(0),
  people: z.int().min(0),
  interactions: z.int().min(0),
  /** Rows left out, by reason. `examples` are up to 20 places, `file:line`. */
  dropped: z.array(z.object({ reason: z.string(), count: z.int().min(1), examples: z.array(z.string()) })),
  /** Rows kept in another form than they were read, by reason. */
  changed: z.array(z.object({ reason: z.string(), count: z.int().min(1), examples: z.array(z.string()) })),
});
export type ImportReport = z.infer<typeof importReportSchema>;

export interface Imported {
  readonly catalogue: Catalogue;
  readonly report: ImportReport;
}

export interface ImportOptions {
  /** Name of the catalogue that is made. */
  readonly name: string;
  /** Column map of the interactions, `user=…,item=…`; only the table importer takes one. */
  readonly columns?: string;
  /** File of the items where it does not lie beside the interactions (table, amazon). */
  readonly items?: string;
  /** Column map of the items file (table). */
  readonly itemColumns?: string;
}

export interface Importer {
  readonly name: string;
  readonly summary: string;
  /** The options it reads, besides the name. Others are refused where they are typed, never passed over. */
  readonly takes: readonly Exclude<keyof ImportOptions, 'name'>[];
  /** Reads a file or folder. Throws a RehearsalError that names the expected files or the first bad lines. */
  read(path: string, options: ImportOptions): Promise<Imported>;
}

/** The report as lines for a terminal: what was read, kept, changed and dropped, with places. */
export function reportText(report: ImportReport): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const reasons = (rows: ImportReport['dropped'], verb: string): string[] =>
    rows.map(({ reason, count: number, examples }) => {
      const more = number > examples.length ? ', …' : '';
      return `${verb} ${count(number)}: ${reason} (${examples.slice(0, 3).join(', ')}${examples.length > 3 ? ', …' : more})`;
    });
  return [
    `${report.importer}: read ${report.source}`,
    ...report.files.map((file) => `  ${file.name}: ${count(file.rows)} rows`),
    `kept ${count(report.items)} items, ${count(report.people)} people, ${count(report.interactions)} interactions`,
    ...reasons(report.changed, 'changed'),
    ...(report.dropped.length === 0 ? ['dropped nothing'] : reasons(report.dropped, 'dropped')),
  ].join('\n');
}
