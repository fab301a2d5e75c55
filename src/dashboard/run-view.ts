// What the views of one run read: rows, replays, profiles, the result, all from the record and the folder, read-only.
// What is to be left out of a bundle is left out here, so that no page can show it by mistake.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import type { Result } from '../experiment/result.ts';
import { parseScenario } from '../experiment/scenario.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { readResult, runFiles } from '../report/write.ts';
import type { Database } from '../store/database.ts';
import { runValue } from '../store/read.ts';
import { modelCalls } from './model-calls.ts';
import type { ModelCall } from './model-calls.ts';
import { readReplay, screenSize } from './replay.ts';
import type { Frame, Replay, Size } from './replay.ts';
import { sessionRows, visitorRows } from './rows.ts';
import type { ItemRow, SessionRow, VisitorRow } from './rows.ts';
import { itemRows, tally } from './tally.ts';
import type { Tally } from './tally.ts';

/** What can be left out: who visitors are, what is known of them, what they thought, remembered and searched, pictures. */
export const redactions = ['visitors', 'profiles', 'thoughts', 'screens'] as const;
export type Redaction = (typeof redactions)[number];

/** A click or watch as the page of an item lists it. */
export interface Opening {
  readonly session: number;
  readonly step: number;
  readonly slot: number;
}

export interface RunView {
  readonly name: string;
  readonly scenario: Scenario;
  /** Null while the run is under way or where it was interrupted. */
  readonly result: Result | null;
  /** Sessions of the whole plan; null where the record does not say. */
  readonly planned: number | null;
  /** Names of the arms as sessions carry them, in the order of the scenario. */
  readonly arms: readonly string[];
  readonly hidden: ReadonlySet<Redaction>;
  sessions(): readonly SessionRow[];
  session(id: number): SessionRow | undefined;
  visitors(): readonly VisitorRow[];
  items(): readonly ItemRow[];
  tally(): Tally;
  title(item: string): string;
  /** What the record holds of a visitor's profile; null where it is hidden or there is none. */
  profile(visitor: string): unknown;
  replay(session: number): Replay;
  /** Null where the run kept no such picture, or pictures are hidden. */
  screen(hash: string): Size | null;
  openings(item: string): readonly Opening[];
  /** Exchanges with a model, in order; none where thoughts are hidden, since they are made of them. */
  calls(session: number): readonly ModelCall[];
  readonly database: Database;
  readonly folder: string;
}

/** The view of an opened record as it is now. Rows are read when first asked for, and then kept. */
export function runView(
  database: Database,
  folder: string,
  name: string,
  hidden: ReadonlySet<Redaction> = new Set(),
): RunView {
  const recorded = runValue(database, 'scenario');
  if (recorded === undefined) {
    throw new RehearsalError(`The run ${name} has not begun: its record holds no scenario yet.`, {
      hint: 'Wait a moment and look again.',
    });
  }
  const scenario = parseScenario(recorded, join(folder, runFiles.record));
  const result = existsSync(join(folder, runFiles.result)) ? readResult(folder) : null;
  const titles = once(
    () =>
      new Map(
        database.prepare('SELECT id, title FROM items').raw().all() as readonly (readonly [string, string])[],
      ),
  );
  const alias = once(() => aliases(database, hidden));
  const sessions = once(() =>
    sessionRows(database).map((row) => ({ ...row, visitor: alias().given(row.visitor) })),
  );
  const byId = once(() => new Map(sessions().map((row) => [row.id, row])));
  const counted = once(() => tally(database, sessions()));
  const visitors = once(() => {
    const found = visitorRows(database, sessionRows(database));
    return found.map((row) => ({ ...row, visitor: alias().given(row.visitor) }));
  });
  const items = once(() => itemRows(database, counted()));
  return {
    name,
    scenario,
    result,
    planned: z
      .int()
      .nullable()
      .parse(runValue(database, 'planned') ?? result?.stopping.planned.sessions ?? null),
    arms: scenario.design === 'interleaving' ? ['interleaved'] : scenario.arms.map((arm) => arm.name),
    hidden,
    sessions,
    session: (id) => byId().get(id),
    visitors,
    items,
    tally: counted,
    title: (item) => titles().get(item) ?? item,
    profile: (visitor) => (hidden.has('profiles') ? null : profileOf(database, alias().own(visitor), hidden)),
    replay: (session) => withoutThoughts(readReplay(database, session), hidden),
    screen: (hash) => (hidden.has('screens') ? null : screenSize(folder, hash)),
    openings: (item) => openingsOf(database, item),
    calls: (session) => (hidden.has('thoughts') ? [] : modelCalls(database, session)),
    database,
    folder,
  };
}

function aliases(
  database: Database,
  hidden: ReadonlySet<Redaction>,
): { given(id: string): string; own(alias: string): string } {
  if (!hidden.has('visitors')) return { given: (id) => id, own: (alias) => alias };
  const ids = database.prepare('SELECT id FROM visitors ORDER BY id').pluck().all() as readonly string[];
  const given = new Map(ids.map((id, place) => [id, `visitor-${place + 1}`]));
  const own = new Map([...given].map(([id, alias]) => [alias, id]));
  return { given: (id) => given.get(id) ?? 'unknown', own: (alias) => own.get(alias) ?? '' };
}

function profileOf(database: Database, visitor: string, hidden: ReadonlySet<Redaction>): unknown {
  const text = database.prepare('SELECT profile FROM visitors WHERE id = ?').pluck().get(visitor) as
    string | undefined;
  const profile = z.record(z.string(), z.unknown()).parse(text === undefined ? {} : JSON.parse(text));
  return hidden.has('visitors')
    ? Object.fromEntries(Object.entries(profile).filter(([key]) => key !== 'id'))
    : profile;
}

function withoutThoughts(replay: Replay, hidden: ReadonlySet<Redaction>): Replay {
  if (!hidden.has('thoughts')) return replay;
  const frames = replay.frames.map((frame): Frame => ({
    ...frame,
    step: { ...frame.step, reason: '', recalled: [], recallScores: [] },
    happened: frame.happened.map((event) =>
      event.type === 'search-made' ? { ...event, query: '…' } : event,
    ),
  }));
  return { ...replay, frames };
}

function openingsOf(database: Database, item: string): Opening[] {
  const rows = database
    .prepare(
      `SELECT e.session, e.slot, (
        SELECT count(*) FROM events f WHERE f.session = e.session AND f.type = 'step-taken' AND f.seq < e.seq) AS step
      FROM events e WHERE e.item = ? AND e.type = 'item-opened' ORDER BY e.session, e.seq`,
    )
    .all(item);
  return z.array(z.object({ session: z.int(), slot: z.int(), step: z.int() })).parse(rows);
}

function once<T>(work: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: work() }).value;
}
