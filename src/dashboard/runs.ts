// The runs that can be looked at: folders with a record, by name. Names are looked up among those found and never
// joined into a path. Records are opened read-only, and read anew when something was added to them.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { runFiles } from '../report/write.ts';
import { openDatabase, wholeRecord } from '../store/database.ts';
import type { Database } from '../store/database.ts';
import { runView } from './run-view.ts';
import type { RunView } from './run-view.ts';

/** A line of the list of runs; what cannot be read says why. */
export type RunLine =
  | {
      readonly kind: 'readable';
      readonly name: string;
      readonly started: string | null;
      readonly view: RunView;
    }
  | {
      readonly kind: 'unreadable';
      readonly name: string;
      readonly started: string | null;
      readonly why: string;
    };

export interface Runs {
  /** All runs, the newest first. */
  list(): RunLine[];
  /** The run of this name as it is now; undefined when there is none. Throws where it cannot be read. */
  view(name: string): RunView | undefined;
  close(): void;
}

interface Opened {
  readonly database: Database;
  readonly inode: number;
  readonly stamp: string;
  readonly view: RunView;
}

/** The runs below `root`, and of `also` the one folder, wherever it lies. */
export function openRuns(root: string, also?: string): Runs {
  const opened = new Map<string, Opened>();

  const folders = (): Map<string, string> => {
    const below = existsSync(root)
      ? readdirSync(root, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(root, entry.name))
      : [];
    const all = [...below, ...(also === undefined ? [] : [also])].map((path) => resolve(path));
    return new Map(
      all.filter((path) => existsSync(join(path, runFiles.record))).map((path) => [basename(path), path]),
    );
  };

  const view = (name: string): RunView | undefined => {
    const folder = folders().get(name);
    if (folder === undefined) return undefined;
    const record = join(folder, runFiles.record);
    const inode = statSync(record).ino;
    let known = opened.get(name);
    if (known !== undefined && known.inode !== inode) {
      known.database.close();
      opened.delete(name);
      known = undefined;
    }
    const database = known?.database ?? openDatabase(record, { readonly: true });
    try {
      return wholeRecord(record, () => {
        const stamp = stampOf(database, folder);
        if (known?.stamp === stamp) return known.view;
        const fresh = runView(database, folder, name);
        opened.set(name, { database, inode, stamp, view: fresh });
        return fresh;
      });
    } catch (error) {
      if (known === undefined) database.close();
      throw error;
    }
  };

  const lineOf = (name: string, folder: string): RunLine => {
    const started = startedOf(folder);
    try {
      return { kind: 'readable', name, started, view: view(name)! };
    } catch (error) {
      if (!(error instanceof RehearsalError)) throw error;
      return { kind: 'unreadable', name, started, why: `${error.message} ${error.hint}` };
    }
  };

  return {
    list: () =>
      [...folders()]
        .map(([name, folder]) => lineOf(name, folder))
        .sort((a, b) => compare(b.started ?? '', a.started ?? '') || compare(a.name, b.name)),
    view,
    close: () => {
      for (const { database } of opened.values()) database.close();
      opened.clear();
    },
  };
}

/** Changes whenever a session, a result or a fact about the run was added. */
function stampOf(database: Database, folder: string): string {
  const last = database.prepare("SELECT coalesce(max(id), 0) || ' ' || count(*) FROM sessions").pluck().get();
  const facts = database.prepare('SELECT count(*) FROM run').pluck().get();
  const result = statSync(join(folder, runFiles.result), { throwIfNoEntry: false });
  return JSON.stringify([last, facts, result?.mtimeMs ?? null]);
}

const manifestPart = z.object({ started: z.string() });

/** When a run began, ISO 8601; null where its folder does not say. */
export function startedOf(folder: string): string | null {
  const path = join(folder, 'run.json');
  if (!existsSync(path)) return null;
  try {
    return manifestPart.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.started ?? null;
  } catch {
    return null;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
