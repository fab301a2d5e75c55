// Opening the record: migrations, and the mistakes that have their own sentence.

import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { closeRecord, openDatabase } from '../../src/store/database.ts';
import { migrations } from '../../src/store/migrations.ts';
import { eventsDigest, runValue, sessionsOf } from '../../src/store/read.ts';
import { askedSlates, tellingSessions } from '../../src/store/slates.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-database-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

test('opening twice migrates once and keeps what was written', () => {
  const first = openDatabase(at('twice.sqlite'));
  writer(first).setRun('answer', { value: 42 });
  first.close();
  const second = openDatabase(at('twice.sqlite'));
  expect(second.prepare('SELECT number, name FROM migrations').all()).toEqual(
    migrations.map(({ name }, index) => ({ number: index + 1, name })),
  );
  expect(runValue(second, 'answer')).toEqual({ value: 42 });
  expect(runValue(second, 'question')).toBeUndefined();
  expect(second.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(second.pragma('foreign_keys', { simple: true })).toBe(1);
  // 2 is FULL: a commit is on the disk when it returns.
  expect(second.pragma('synchronous', { simple: true })).toBe(2);
  expect(second.pragma('busy_timeout', { simple: true })).toBe(5000);
  second.close();
});

test('a record opened for reading cannot be written', () => {
  openDatabase(at('read.sqlite')).close();
  const database = openDatabase(at('read.sqlite'), { readonly: true });
  expect(() => writer(database).setRun('a', 1)).toThrow(/cannot be opened|readonly/i);
  database.close();
});

test('a record newer than the program is refused, for writing and for reading', () => {
  const database = openDatabase(at('newer.sqlite'));
  database
    .prepare('INSERT INTO migrations (number, name) VALUES (?, ?)')
    .run(migrations.length + 1, 'from-the-future');
  database.close();
  expect(() => openDatabase(at('newer.sqlite'))).toThrow(/newer than this program.*from-the-future/);
  expect(() => openDatabase(at('newer.sqlite'), { readonly: true })).toThrow(/newer than this program/);
});

test('an older record is refused for reading and brought up to date by writing', () => {
  const database = openDatabase(at('older.sqlite'));
  saveVisitors(database, ['ann']);
  const id = writer(database).saveSession(sampleSession(), sampleEvents({ slates: [['a']], opened: ['a'] }));
  const digest = eventsDigest(database);
  database.exec(`
    DROP TABLE calls; DROP TABLE plan;
    ALTER TABLE sessions DROP COLUMN token; ALTER TABLE sessions DROP COLUMN tries; ALTER TABLE sessions DROP COLUMN slates;
    DELETE FROM migrations WHERE number >= 4`);
  database.close();
  expect(() => openDatabase(at('older.sqlite'), { readonly: true })).toThrow(/it is older/);
  openDatabase(at('older.sqlite')).close();
  const current = openDatabase(at('older.sqlite'), { readonly: true });
  expect(sessionsOf(current)).toEqual([{ id, tries: 1, ...sampleSession() }]);
  expect(eventsDigest(current)).toBe(digest);
  expect([...askedSlates(current)]).toEqual([]);
  expect(tellingSessions(current)).toEqual([{ arm: 'control', untold: 1, again: 0 }]);
  current.close();
});

test('what is no record is refused in words', () => {
  expect(() => openDatabase(at('missing.sqlite'), { readonly: true })).toThrow(/There is no record/);
  writeFileSync(
    at('text.sqlite'),
    'this is not a database, only a text that is long enough to be read as a header of one'.repeat(20),
  );
  expect(() => openDatabase(at('text.sqlite'))).toThrow(/not a readable SQLite database/);
  expect(() => openDatabase(join(folder, 'nowhere', 'record.sqlite'))).toThrow(
    /directory does not exist|cannot be opened/,
  );
  const other = openDatabase(at('other.sqlite'));
  other.exec('DROP TABLE migrations');
  other.close();
  expect(() => openDatabase(at('other.sqlite'))).toThrow(/not the record of a run/);
});

test('a closed record is one file: nothing is left in the log beside it, even while somebody reads', () => {
  const database = openDatabase(at('closed.sqlite'));
  const reader = openDatabase(at('closed.sqlite'), { readonly: true });
  writer(database).setRun('answer', 42);
  closeRecord(database);
  expect(statSync(at('closed.sqlite-wal')).size).toBe(0);
  copyFileSync(at('closed.sqlite'), at('copied.sqlite'));
  const copy = openDatabase(at('copied.sqlite'), { readonly: true });
  expect(runValue(copy, 'answer')).toBe(42);
  copy.close();
  reader.close();
});
