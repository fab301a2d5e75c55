// docs/events.md is generated; here it is held equal to its source, and every table and view must be on it.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { eventsPage, recordContents } from '../src/store/events-page.ts';

test('docs/events.md is what the event schema says', () => {
  expect(readFileSync(new URL('../docs/events.md', import.meta.url), 'utf8')).toBe(eventsPage());
});

test('every table and view of the record is described, and nothing else', () => {
  const database = openDatabase(':memory:');
  const names = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();
  expect(names).toEqual(Object.keys(recordContents).sort());
});
