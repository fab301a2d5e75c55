// The shape of the record, as a list of named steps applied in order and noted in the table `migrations`.
// A step that has been released is never edited: a change is a new step at the end of the list.

import type { Database } from './database.ts';
import { RehearsalError } from '../base/error.ts';

interface Migration {
  readonly name: string;
  readonly apply: (database: Database) => void;
}

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [
  { name: 'first-tables', apply: firstTables },
  { name: 'readable-views', apply: readableViews },
  { name: 'analysis-index', apply: analysisIndex },
  { name: 'model-calls', apply: modelCalls },
  { name: 'plan-and-leases', apply: planAndLeases },
  { name: 'slates-asked', apply: slatesAsked },
];

/** Brings a database up to this program's shape. Throws when it is newer than the program, or no record at all. */
export function migrate(database: Database, path: string): void {
  database
    .transaction(() => {
      const applied = appliedMigrations(database, path);
      if (applied.length === 0) {
        database.exec(
          'CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
        );
      }
      const note = database.prepare('INSERT INTO migrations (number, name) VALUES (?, ?)');
      for (const [index, migration] of migrations.entries()) {
        if (index < applied.length) continue;
        migration.apply(database);
        note.run(index + 1, migration.name);
      }
    })
    .immediate();
}

/** For reading: throws unless the database has exactly this program's shape. */
export function requireCurrent(database: Database, path: string): void {
  const applied = appliedMigrations(database, path);
  if (applied.length === migrations.length) return;
  throw new RehearsalError(
    `The record ${path} has ${applied.length} of this program's ${migrations.length} migrations: it is older.`,
    { hint: 'Bring it up to date with `rehearsal check RUN`.' },
  );
}

/** Names of the steps already applied; checked to be a beginning of this program's list. */
function appliedMigrations(database: Database, path: string): readonly string[] {
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .pluck()
    .all() as string[];
  if (tables.length === 0) return [];
  if (!tables.includes('migrations')) {
    throw new RehearsalError(`${path} is a database, but not the record of a run.`, {
      hint: 'Give the events.sqlite of a run.',
    });
  }
  const names = database.prepare('SELECT name FROM migrations ORDER BY number').pluck().all() as string[];
  const unknown = names.find((name, index) => migrations[index]?.name !== name);
  if (unknown !== undefined) {
    throw new RehearsalError(
      `The record ${path} is newer than this program: it has the migration "${unknown}", which this version does not know.`,
      { hint: 'Update Rehearsal, then try again.' },
    );
  }
  return names;
}

/** The columns of `events` are read out of its JSON by SQLite itself, so they cannot disagree with it. */
function firstTables(database: Database): void {
  database.exec(`
    CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) STRICT;

    CREATE TABLE items (
      id TEXT PRIMARY KEY,
      title TEXT NOT NULL,
      genres TEXT NOT NULL CHECK (json_valid(genres))
    ) STRICT;

    CREATE TABLE visitors (
      id TEXT PRIMARY KEY,
      activity TEXT NOT NULL CHECK (activity IN ('low', 'medium', 'high')),
      diversity TEXT NOT NULL CHECK (diversity IN ('low', 'medium', 'high')),
      conformity TEXT NOT NULL CHECK (conformity IN ('low', 'medium', 'high')),
      profile TEXT NOT NULL CHECK (json_valid(profile))
    ) STRICT;

    CREATE TABLE sessions (
      id INTEGER PRIMARY KEY,
      visitor TEXT NOT NULL REFERENCES visitors (id),
      arm TEXT NOT NULL,
      replicate INTEGER NOT NULL,
      mind TEXT NOT NULL,
      mind_version TEXT NOT NULL,
      seed INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('complete', 'failed', 'truncated')),
      exit_reason TEXT,
      failure_kind TEXT,
      failure_message TEXT,
      steps INTEGER NOT NULL,
      simulated_seconds REAL NOT NULL,
      wall_ms REAL NOT NULL,
      synthetic INTEGER NOT NULL DEFAULT 1 CHECK (synthetic = 1),
      UNIQUE (arm, visitor, replicate),
      CHECK ((status = 'failed') = (failure_kind IS NOT NULL)),
      CHECK (status = 'failed' OR exit_reason IS NOT NULL)
    ) STRICT;

    CREATE TABLE events (
      session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      data TEXT NOT NULL CHECK (json_valid(data)),
      time REAL NOT NULL GENERATED ALWAYS AS (json_extract(data, '$.time')) STORED,
      type TEXT NOT NULL GENERATED ALWAYS AS (json_extract(data, '$.type')) STORED,
      item TEXT GENERATED ALWAYS AS (json_extract(data, '$.item')) STORED,
      slate INTEGER GENERATED ALWAYS AS (json_extract(data, '$.slate')) STORED,
      slot INTEGER GENERATED ALWAYS AS (json_extract(data, '$.slot')) STORED,
      value REAL GENERATED ALWAYS AS (coalesce(json_extract(data, '$.stars'), json_extract(data, '$.interest'))) STORED,
      page ANY GENERATED ALWAYS AS (json_extract(data, '$.page')) STORED,
      screen TEXT GENERATED ALWAYS AS (json_extract(data, '$.screen')) STORED,
      PRIMARY KEY (session, seq)
    ) STRICT;

    CREATE INDEX events_by_type ON events (type, session, slate, slot);
    CREATE INDEX events_by_slot ON events (session, slate, slot, type);
    CREATE INDEX events_by_item ON events (item) WHERE item IS NOT NULL;
    CREATE INDEX sessions_by_visitor ON sessions (visitor);
  `);
}

function readableViews(database: Database): void {
  const event = (type: string): string =>
    `EXISTS (SELECT 1 FROM events e WHERE e.session = shown.session AND e.slate = shown.slate AND e.slot = shown.slot AND e.type = '${type}')`;
  database.exec(`
    CREATE VIEW impressions AS
    WITH shown AS (
      SELECT
        e.session,
        e.slate,
        e.data ->> '$.list' AS list,
        e.page,
        e.data ->> '$.method' AS method,
        place.value ->> '$.slot' AS slot,
        place.value ->> '$.item' AS item,
        place.value ->> '$.score' AS score,
        place.value ->> '$.propensity' AS propensity,
        max(place.value ->> '$.inView') AS in_view
      FROM events e, json_each(e.data, '$.items') place
      WHERE e.type = 'slate-shown'
      GROUP BY e.session, e.slate, place.value ->> '$.slot', place.value ->> '$.item'
    )
    SELECT
      shown.session, s.arm, s.visitor, s.replicate, s.status,
      shown.slate, shown.list, shown.page, shown.method, shown.slot, shown.item, shown.score, shown.propensity, shown.in_view,
      ${event('item-opened')} AS opened,
      ${event('item-watched')} AS watched,
      ${event('item-listed')} AS listed,
      (SELECT e.value FROM events e
        WHERE e.session = shown.session AND e.slate = shown.slate AND e.slot = shown.slot AND e.type = 'item-rated'
        ORDER BY e.seq DESC LIMIT 1) AS stars
    FROM shown JOIN sessions s ON s.id = shown.session;

    CREATE VIEW clicks AS
    SELECT e.session, s.arm, s.visitor, s.replicate, s.status, e.seq, e.time, e.slate, e.slot, e.item, i.title
    FROM events e JOIN sessions s ON s.id = e.session LEFT JOIN items i ON i.id = e.item
    WHERE e.type = 'item-opened';

    CREATE VIEW steps AS
    SELECT
      e.session, s.arm, s.visitor, s.replicate, s.status, e.seq, e.time, e.page, e.screen,
      e.data ->> '$.action' AS action,
      e.value AS interest,
      e.data ->> '$.fatigue' AS fatigue,
      e.data ->> '$.reason' AS reason
    FROM events e JOIN sessions s ON s.id = e.session
    WHERE e.type = 'step-taken';
  `);
}

/** What a visit did with items, in order of session, without touching the wide rows: one pass serves every metric. */
function analysisIndex(database: Database): void {
  database.exec(
    'CREATE INDEX events_by_session_item ON events (session, item, type, value) WHERE item IS NOT NULL',
  );
}

/** Exchanges with a model. They outlive a session that is deleted to be tried again: what was paid stays paid. */
function modelCalls(database: Database): void {
  database.exec(`
    CREATE TABLE calls (
      id INTEGER PRIMARY KEY,
      session INTEGER REFERENCES sessions (id) ON DELETE SET NULL,
      visitor TEXT NOT NULL,
      arm TEXT NOT NULL,
      replicate INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      purpose TEXT NOT NULL,
      operation TEXT NOT NULL CHECK (operation IN ('chat', 'embeddings')),
      model TEXT NOT NULL,
      served_by TEXT,
      mode TEXT,
      request_hash TEXT NOT NULL,
      raw TEXT,
      tokens_in INTEGER,
      tokens_out INTEGER,
      tokens_cached INTEGER,
      usd REAL,
      repair INTEGER NOT NULL CHECK (repair IN (0, 1)),
      attempts INTEGER NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('endpoint', 'cassette')),
      failure_kind TEXT,
      failure_message TEXT,
      wall_ms REAL NOT NULL
    ) STRICT;
    CREATE INDEX calls_by_session ON calls (session, seq);
  `);
}

/** What is to be run, and who is at work on it (ledger.ts). A session carries the token it was committed under. */
function planAndLeases(database: Database): void {
  database.exec(`
    CREATE TABLE plan (
      place INTEGER PRIMARY KEY,
      scenario TEXT NOT NULL,
      visitor TEXT NOT NULL REFERENCES visitors (id),
      arm TEXT NOT NULL,
      replicate INTEGER NOT NULL,
      token INTEGER NOT NULL DEFAULT 0,
      holder TEXT,
      heard TEXT,
      UNIQUE (arm, visitor, replicate)
    ) STRICT;
    CREATE INDEX plan_by_visitor ON plan (visitor);
    CREATE INDEX plan_by_token ON plan (token) WHERE holder IS NOT NULL;
    ALTER TABLE sessions ADD COLUMN token INTEGER;
    ALTER TABLE sessions ADD COLUMN tries INTEGER NOT NULL DEFAULT 1 CHECK (tries >= 1);
  `);
}

/** What came of each slate that a session asked of arms (slates.ts); sessions of before have nothing. */
function slatesAsked(database: Database): void {
  database.exec('ALTER TABLE sessions ADD COLUMN slates TEXT CHECK (slates IS NULL OR json_valid(slates))');
}
