// All tables as CSV for a spreadsheet: texts that it would take for formulas are escaped. For programs there are better
// formats; this one is to be looked at.

import { csvRow } from '../cells.ts';
import type { Exporter } from '../exporter.ts';
import { onRequest, tableNamed, tableNames } from '../tables.ts';

export const csv: Exporter = {
  name: 'csv',
  summary: 'every table as CSV for spreadsheets, formulas escaped',
  tables: {
    all: tableNames.filter((name) => name !== 'screens'),
    standard: tableNames.filter((name) => !onRequest.includes(name)),
  },
  splits: ['none', 'time', 'user', 'leave-one-out'],
  usage: () => [
    'rehearsal import table interactions.csv --columns user=user_id,item=item_id,time=timestamp --as NAME',
  ],
  write: async (dataset, place) => {
    for (const name of dataset.selection.tables) {
      const table = tableNamed(name);
      const columns = table.columns.map((column) => column.name);
      const seen = new Set<string>();
      for (const { part, row } of dataset.parted(name)) {
        const whole = dataset.split.kind === 'none' || table.splits === 'whole';
        const path = whole ? `${name}.csv` : `${name}.${part}.csv`;
        const file = place.file(path);
        if (!seen.has(path)) file.head(columns.join(','));
        seen.add(path);
        file.line(
          csvRow(
            columns.map((column) => row[column]!),
            true,
          ),
        );
      }
    }
  },
};
