// Where runs are tormented: a folder with a small catalogue and a scenario of short visits, in which runs are started as a
// person would start them, and what can be read of them from outside: phase and record. It harms nothing.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { builtIn } from '../catalogue/builtin.ts';
import { catalogueRoot, writeCatalogue } from '../catalogue/folder.ts';
import type { ScenarioInput } from '../experiment/scenario.ts';
import { checkRecord } from '../store/check.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { completedKeys, eventsDigest } from '../store/read.ts';
import { processesIn, signal } from './processes.ts';

/** Where a run is, as its folder shows, in order. */
export const phases = ['starting', 'making arms', 'workers starting', 'sessions', 'ending'] as const;
export type Phase = (typeof phases)[number];

export interface Ground {
  readonly root: string;
  /** Writes a scenario under its name, to be given as NAME.mjs. */
  declare(scenario: ScenarioInput): void;
  /** Starts the program in the folder; nothing of what it says is kept. */
  start(words: readonly string[]): ChildProcess;
  /** Starts it, with more in its environment, and reads its one JSON document, and how it ended. */
  ask(
    words: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): { readonly child: ChildProcess; readonly told: Promise<Told> };
  /** Processes that were started here, directly or not, and are still there. */
  processes(): number[];
  /** Ends what is left of them and removes the folder. */
  clear(): Promise<void>;
}

/** What a command answered: an error, or what became of a run. */
export interface Told {
  readonly ended: number | NodeJS.Signals;
  readonly status: string;
  /** Why, in the program's own words; empty where it has none. */
  readonly reason: string;
  readonly calls: number | null;
}

const toldSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }),
  z.object({
    status: z.string(),
    reason: z.string().default(''),
    cost: z.object({ calls: z.number() }).optional(),
  }),
]);

/** What a record holds. */
export interface Found {
  /** Keys of the sessions that are complete. */
  readonly keys: ReadonlySet<string>;
  readonly digest: string;
  /** Checks of the record that failed, in words. */
  readonly broken: readonly string[];
  readonly planned: number;
  readonly sessions: number;
  /** Failed sessions by their reason. */
  readonly failed: Readonly<Record<string, number>>;
}

/** The catalogue of the ground: the built-in films, and people enough for a few visitors. */
export const tinyName = 'tiny';
const people = 60;
const program = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** Makes the folder, below `parent` where it is given. */
export function openGround(parent: string = tmpdir()): Ground {
  const root = mkdtempSync(join(parent, 'rehearsal-torture-'));
  const report = { importer: 'built-in', source: 'memory', files: [], dropped: [], changed: [] };
  writeCatalogue(
    {
      catalogue: { ...builtIn({ people }).catalogue, name: tinyName },
      report: { ...report, rows: 0, items: 0, people: 0, interactions: 0 },
    },
    join(root, catalogueRoot),
  );
  const processes = (): number[] => processesIn(root);
  return {
    root,
    declare: (scenario) =>
      writeFileSync(join(root, `${scenario.name}.mjs`), `export default ${JSON.stringify(scenario)};`),
    start: (words) => spawn(process.execPath, [program, ...words], { cwd: root, stdio: 'ignore' }),
    ask: (words, environment = {}) => {
      const child = spawn(process.execPath, [program, ...words, '--json'], {
        cwd: root,
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
      const told = once(child, 'close').then(([code, name]): Told => {
        const over = (name as NodeJS.Signals | null) ?? (code as number);
        if (out === '') return { ended: over, status: 'gone', reason: '', calls: null };
        const answer = toldSchema.parse(JSON.parse(out));
        if ('error' in answer)
          return { ended: over, status: 'refused', reason: answer.error.message, calls: null };
        return {
          ended: over,
          status: answer.status,
          reason: answer.reason,
          calls: answer.cost?.calls ?? null,
        };
      });
      return { child, told };
    },
    processes,
    clear: async () => {
      for (const pid of processes()) signal(pid, 'SIGKILL');
      while (processes().length > 0) await pause(20);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** How far a run had come when its present process was started. */
export interface Before {
  readonly sessions: number;
  /** The highest token of its leases. */
  readonly token: number;
}

/** How far the record of a folder has come. */
export function progressOf(folder: string): Before & { readonly planned: number } {
  return reading(folder, { sessions: 0, token: 0, planned: 0 }, (database) => {
    const one = (sql: string): number => Number(database.prepare(sql).pluck().get());
    return {
      sessions: one('SELECT count(*) FROM sessions'),
      token: one('SELECT coalesce(max(token), 0) FROM plan'),
      planned: one('SELECT count(*) FROM plan'),
    };
  });
}

/** Keys of the complete sessions that another process would find now. */
export function committedIn(folder: string): ReadonlySet<string> {
  return reading(folder, new Set(), completedKeys);
}

/** Reads a record that others write; `none` where there is no record yet. */
function reading<Read>(folder: string, none: Read, read: (database: Database) => Read): Read {
  const record = join(folder, 'events.sqlite');
  if (!existsSync(record)) return none;
  try {
    const database = openDatabase(record, { readonly: true });
    try {
      return read(database);
    } finally {
      database.close();
    }
  } catch {
    return none; // The tables are being made.
  }
}

/** The phase of the process `pid` that has the run since it stood at `before`. */
export function phaseOf(folder: string, pid: number, before: Before): Phase {
  const { sessions, token, planned } = progressOf(folder);
  const isWhole = planned > 0 && sessions >= planned;
  // A run that ends gives its folder back before its process is gone.
  if (isWhole && before.sessions < planned) return 'ending';
  if (ownerOf(folder) !== pid) return 'starting';
  if (isWhole) return 'ending';
  if (token <= before.token) return 'making arms';
  return sessions <= before.sessions ? 'workers starting' : 'sessions';
}

/** Who has written into owner.json that the run is its own. */
function ownerOf(folder: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as { pid: number }).pid;
  } catch {
    return undefined; // Nobody has it, or the line is being written.
  }
}

/** What the record of a folder holds, and what is wrong with it. */
export function lookAt(folder: string): Found {
  const database = openDatabase(join(folder, 'events.sqlite'));
  try {
    const count = (table: string): number =>
      Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    const reasons = database
      .prepare("SELECT failure_kind FROM sessions WHERE status = 'failed'")
      .pluck()
      .all() as string[];
    return {
      keys: completedKeys(database),
      digest: eventsDigest(database),
      broken: checkRecord(database, folder).flatMap(({ name, isOk, detail }) =>
        isOk ? [] : [`${name}: ${detail}`],
      ),
      planned: count('plan'),
      sessions: count('sessions'),
      failed: Object.fromEntries(
        [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [reason, all.length]),
      ),
    };
  } finally {
    database.close();
  }
}

/** A scenario of two arms on the small catalogue, with changes. */
export const smallRun = (visitors: number, more: Partial<ScenarioInput> = {}): ScenarioInput => ({
  name: 'small',
  question: 'What goes wrong?',
  catalogue: tinyName,
  arms: [
    { name: 'popularity', method: 'popularity' },
    { name: 'chance', method: 'random' },
  ],
  population: { visitors, minimumHistory: 10 },
  site: { pages: 1 },
  ...more,
});
