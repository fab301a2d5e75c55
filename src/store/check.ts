// Whether a record is whole: what SQLite says of the file, whether its parts refer to each other, whether counts and
// digests that were noted are those that come out again, and whether each screen is the one its name says. It
// judges the keeping of data, not what the data mean; that is src/experiment/checks.ts.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../base/hash.ts';
import { sqliteCode, type Database } from './database.ts';
import { eventsDigest, runValue } from './read.ts';

export interface RecordCheck {
  readonly name: 'integrity' | 'references' | 'plan' | 'events' | 'digest' | 'screens';
  readonly isOk: boolean;
  readonly detail: string;
}

/** Checks the record in `folder`; reads everything and changes nothing. */
export function checkRecord(database: Database, folder: string): RecordCheck[] {
  return [
    read('integrity', () => integrity(database)),
    read('references', () => references(database)),
    read('plan', () => planned(database, folder)),
    read('events', () => events(database)),
    read('digest', () => digests(database)),
    read('screens', () => screens(database, folder)),
  ];
}

/** A check that SQLite cannot make of a damaged file has failed. */
function read(name: RecordCheck['name'], check: () => RecordCheck): RecordCheck {
  try {
    return check();
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    return { name, isOk: false, detail: (error as Error).message };
  }
}

function integrity(database: Database): RecordCheck {
  const said = database.pragma('integrity_check') as { integrity_check: string }[];
  const lines = said.flatMap((row) => row.integrity_check.split('\n'));
  return { name: 'integrity', isOk: lines.join() === 'ok', detail: lines.slice(0, 3).join('; ') };
}

function references(database: Database): RecordCheck {
  const broken = database.pragma('foreign_key_check') as { table: string; parent: string }[];
  const detail =
    broken.length === 0
      ? 'every row that names another finds it'
      : `${broken.length} rows name what is not there, the first in ${broken[0]!.table} (${broken[0]!.parent})`;
  return { name: 'references', isOk: broken.length === 0, detail };
}

/** Every session was planned, once; records from before there was a plan have none. */
function planned(database: Database, folder: string): RecordCheck {
  const one = (sql: string): number => Number(database.prepare(sql).pluck().get());
  const rows = one('SELECT count(*) FROM plan');
  const sessions = one('SELECT count(*) FROM sessions');
  if (rows + sessions === 0 && existsSync(join(folder, 'result.json'))) {
    const detail = 'no plan and no session, though the run has a result: the record was emptied';
    return { name: 'plan', isOk: false, detail };
  }
  if (rows === 0)
    return { name: 'plan', isOk: true, detail: `${sessions} sessions, from before plans were noted` };
  const strangers = one(`SELECT count(*) FROM sessions s WHERE NOT EXISTS (
    SELECT 1 FROM plan p WHERE p.arm = s.arm AND p.visitor = s.visitor AND p.replicate = s.replicate)`);
  const unleased = one(`SELECT count(*) FROM sessions s JOIN plan p USING (arm, visitor, replicate)
    WHERE s.token > p.token`);
  const failed = one("SELECT count(*) FROM sessions WHERE status = 'failed'");
  return {
    name: 'plan',
    isOk: strangers === 0 && unleased === 0,
    detail: `${sessions} of ${rows} planned sessions, ${failed} of them failed; ${strangers} not planned, ${unleased} under a lease that was never given`,
  };
}

/** Events are numbered without gaps, steps add up, and only a session that did not fail has an end. */
function events(database: Database): RecordCheck {
  const rows = database
    .prepare(
      `SELECT s.status, s.exit_reason AS exit, s.steps, count(e.seq) AS events, coalesce(max(e.seq) + 1, 0) AS last,
        coalesce(sum(e.type = 'step-taken'), 0) AS taken, coalesce(sum(e.type = 'visit-ended'), 0) AS ends
      FROM sessions s LEFT JOIN events e ON e.session = s.id GROUP BY s.id`,
    )
    .all() as {
    status: string;
    exit: string | null;
    steps: number;
    events: number;
    last: number;
    taken: number;
    ends: number;
  }[];
  const isWhole = (row: (typeof rows)[number]): boolean =>
    row.status === 'failed' || row.exit === 'budget-spent'
      ? row.events === 0
      : row.events === row.last && row.taken === row.steps && row.ends === 1;
  const torn = rows.filter((row) => !isWhole(row)).length;
  const total = rows.reduce((sum, row) => sum + row.events, 0);
  return {
    name: 'events',
    isOk: torn === 0,
    detail: `${total} events of ${rows.length} sessions; ${torn} sessions do not add up`,
  };
}

/** The digest noted when the run last ended must come out again. */
function digests(database: Database): RecordCheck {
  const noted = runValue(database, 'digest') ?? null;
  const now = eventsDigest(database);
  if (noted === null)
    return { name: 'digest', isOk: true, detail: `${now}; none was noted, the run has not ended yet` };
  const isOk = noted === now;
  return { name: 'digest', isOk, detail: isOk ? now : `${now}, but ${String(noted)} was noted` };
}

const keepingSchema = z.object({ keepScreens: z.int() });

/**
 * Screens that are there have the hash of their name, and where those of all visitors were to be kept, all that steps
 * name are there.
 */
function screens(database: Database, folder: string): RecordCheck {
  const root = join(folder, 'screens');
  const files = existsSync(root)
    ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'))
    : [];
  const wrong = files.filter((name) => sha256(readFileSync(join(root, name))) !== basename(name, '.jpg'));
  const there = new Set(files.map((name) => basename(name, '.jpg')));
  const named = database
    .prepare("SELECT DISTINCT screen FROM events WHERE type = 'step-taken'")
    .pluck()
    .all() as string[];
  const kept = named.filter((hash) => there.has(hash)).length;
  const scenario = keepingSchema.safeParse(runValue(database, 'scenario')).data;
  const visitors = database.prepare('SELECT count(*) FROM visitors').pluck().get() as number;
  const isKept = scenario !== undefined && scenario.keepScreens >= visitors;
  return {
    name: 'screens',
    isOk: wrong.length === 0 && (!isKept || kept === named.length),
    detail: `${files.length} screens, ${wrong.length} damaged; ${kept} of the ${named.length} that steps name are kept`,
  };
}
