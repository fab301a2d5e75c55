// Screenshots as rows: each kept picture once, in the order in which the visits came to it. A run keeps those of its
// first visitors only; what it did not keep is no row.

import { keptScreen } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import type { StoredSession } from '../store/read.ts';
import { runProvenance, type RowContext } from './rows.ts';
import type { Row } from './tables.ts';

/** Rows of the table screens. Throws where a kept picture is not that of its hash. */
export function* screenRows(
  database: Database,
  folder: string,
  context: RowContext,
  sessions: readonly StoredSession[],
): Generator<Row> {
  const origin = runProvenance(context);
  const screensOf = database
    .prepare<[number], string>(
      'SELECT screen FROM events WHERE session = ? AND screen IS NOT NULL GROUP BY screen ORDER BY min(seq)',
    )
    .pluck();
  const written = new Set<string>();
  for (const { id } of sessions) {
    for (const hash of screensOf.all(id)) {
      if (written.has(hash)) continue;
      written.add(hash);
      const screen = keptScreen(folder, hash);
      if (screen === null) continue;
      yield { screen: hash, image: screen.image, marks: JSON.stringify(screen.marks), ...origin };
    }
  }
}
