// Opens the record of a run: one SQLite file in its folder. The only file that knows better-sqlite3; everyone
// else is given the opened database. It also turns SQLite's own errors into sentences a person can act on.

import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { RehearsalError } from '../base/error.ts';
import { migrate, requireCurrent } from './migrations.ts';
import { StoreError, type StoreFault } from './store-error.ts';

export type Database = Sqlite.Database;

/** How long a connection waits for another's lock. */
const patienceMs = 5000;

export interface OpenOptions {
  /** Only read: the file must exist and be of this program's version. */
  readonly readonly?: boolean;
  /** How long to wait for another writer before failing. */
  readonly busyMilliseconds?: number;
}

/**
 * Opens (and for writing creates and migrates) the record at `path`; ':memory:' makes one that is not kept.
 * Write-ahead log, so readers never wait for the writer. Throws a RehearsalError when the file is missing, is
 * no record, is newer than this program, or stays locked.
 */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  const readonly = options.readonly ?? false;
  if (readonly && path !== ':memory:' && !existsSync(path)) {
    throw new RehearsalError(`There is no record at ${path}.`, {
      hint: 'Give the folder of a run, for example runs/demo, or make one with `rehearsal run`.',
    });
  }
  return explained(path, () => {
    const database = new Sqlite(path, {
      readonly,
      fileMustExist: readonly,
      timeout: options.busyMilliseconds ?? patienceMs,
    });
    try {
      database.pragma('foreign_keys = ON');
      requirePatience(database, options.busyMilliseconds ?? patienceMs);
      if (readonly) {
        requireCurrent(database, path);
      } else {
        database.pragma('journal_mode = WAL');
        // Every commit is a session or a fact of the run, and is on the disk when it returns.
        database.pragma('synchronous = FULL');
        migrate(database, path);
      }
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** The patience must have arrived where it counts: without it a reader's moment would fail a session. */
function requirePatience(database: Database, milliseconds: number): void {
  const set: unknown = database.pragma('busy_timeout', { simple: true });
  if (set !== milliseconds)
    throw new Error(`defect: busy_timeout is ${String(set)} ms, ${milliseconds} were asked for`);
}

/**
 * Brings everything into the one file and closes it, so that the file alone is the record and can be copied. Throws a
 * StoreError where the disk has no room for that; then it is closed all the same, and what is committed stands in the log
 * beside the file, from which the next opening takes it.
 */
export function closeRecord(database: Database): void {
  try {
    if (!database.readonly) explained(database.name, () => database.pragma('wal_checkpoint(TRUNCATE)'));
  } finally {
    database.close();
  }
}

/** Runs `work` and rethrows what SQLite says about the file or its lock as a StoreError; other errors pass. */
export function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const sentence = error instanceof Sqlite.SqliteError ? sentenceOf(error.code, path) : undefined;
    if (sentence === undefined) throw error;
    throw new StoreError(sentence.fault, sentence.message, { hint: sentence.hint, cause: error });
  }
}

/** `explained`, and what else SQLite does not give of a record that is damaged, as an error that says so. */
export function wholeRecord<T>(path: string, work: () => T): T {
  try {
    return explained(path, work);
  } catch (cause) {
    throw notWhole(path, cause);
  }
}

/** What to throw where a record could not be read: what SQLite says as a damage of the record, anything else as it is. */
export function notWhole(path: string, cause: unknown): unknown {
  if (!(cause instanceof Sqlite.SqliteError)) return cause;
  return new StoreError('no-database', `${path} is not the whole record of a run: ${cause.message}.`, {
    hint: '`rehearsal check RUN` says what is damaged; a copy of events.sqlite from before may stand in for it.',
    cause,
  });
}

/**
 * Holds the file at `path` (made if absent, and never removed) against every other process until the returned
 * function is called or this process ends; null where another holds it. On a network drive it is as good as the
 * drive's locks.
 */
export function takeLock(path: string): (() => void) | null {
  return explained(path, () => {
    const file = new Sqlite(path, { timeout: 0 });
    try {
      file.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      file.close();
      if (sqliteCode(error)?.startsWith('SQLITE_BUSY') === true) return null;
      throw error;
    }
    return () => void file.close();
  });
}

/** The SQLite code of an error, for example 'SQLITE_CONSTRAINT_UNIQUE'; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  return error instanceof Sqlite.SqliteError ? error.code : undefined;
}

function sentenceOf(
  code: string,
  path: string,
): { fault: StoreFault; message: string; hint: string } | undefined {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return {
      fault: 'locked',
      message: `The record ${path} is being written by another process.`,
      hint: 'A run has one writer. Wait for the other command to end, or stop it, and try again.',
    };
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return {
      fault: 'no-database',
      message: `${path} is not a readable SQLite database (${code}).`,
      hint: 'Give the events.sqlite of a run.',
    };
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return {
      fault: 'not-allowed',
      message: `The record ${path} cannot be opened (${code}).`,
      hint: 'Check that its folder exists and that you may write there.',
    };
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return {
      fault: 'disk-full',
      message: `The record ${path} could not be written (${code}).`,
      hint: 'Check the free space of the disk; committed sessions are safe, `rehearsal resume` goes on from them.',
    };
  }
  return undefined;
}
