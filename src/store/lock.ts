// One process at a time writes a run. The lock is the operating system's, on the file run.lock: it is given back when
// its process dies, however it dies, so there is no stale lock to be judged. owner.json beside it says who has it and,
// by its time, when that process last gave a sign of life; it is for people and decides nothing.

import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { wallDate } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { makeFolder } from '../base/make-folder.ts';
import { takeLock } from './database.ts';
import { writeWhole } from './whole-file.ts';

const ownerSchema = z.object({ pid: z.int(), host: z.string(), since: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

export interface FolderLock {
  /** Who had the lock before and died without giving it back. */
  readonly abandonedBy: Owner | null;
  release(): void;
}

/** What the lock itself puts into a folder. */
export const lockFiles: readonly string[] = ['run.lock', 'run.lock-journal', 'owner.json', 'owner.json.part'];
const beatMs = 2000;

/** Takes the lock of a run's folder, which is made if it is absent, and is gone again if nothing else is put into it. Throws a RehearsalError that names who has it, a StoreError where the disk is full. */
export function lockFolder(folder: string): FolderLock {
  const made = makeFolder(folder);
  const ownerPath = join(folder, 'owner.json');
  const letGo = takeLock(join(folder, 'run.lock'));
  const before = ownerAt(ownerPath);
  if (letGo === null) throw takenError(folder, before, ownerPath);
  const giveBack = (): void => {
    // Where no run was begun nothing is left. The files go while they are locked, so nobody can hold one that is gone.
    const isUnused = !existsSync(folder) || readdirSync(folder).every((name) => lockFiles.includes(name));
    for (const name of isUnused ? lockFiles : ['owner.json']) rmSync(join(folder, name), { force: true });
    letGo();
    if (isUnused) for (const path of made.reverse()) removeEmpty(path);
  };
  const owner: Owner = { pid: process.pid, host: hostname(), since: wallDate() };
  try {
    writeWhole(ownerPath, `${JSON.stringify(owner)}\n`, `${ownerPath}.part`);
  } catch (error) {
    giveBack();
    throw error;
  }
  const beat = setInterval(() => giveSign(ownerPath), beatMs);
  beat.unref();
  return {
    abandonedBy: before,
    release() {
      clearInterval(beat);
      giveBack();
    },
  };
}

/** Another process may have taken the folder in this moment: then it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Sets the time of the file, which needs no room on a full disk. */
function giveSign(path: string): void {
  const now = new Date(wallDate());
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // The folder was removed under us; the record will say so when it is next written.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function takenError(folder: string, owner: Owner | null, path: string): RehearsalError {
  if (owner === null)
    return new RehearsalError(`${folder} is being run by another process.`, {
      hint: 'Wait for it or stop it, then try again.',
    });
  const { pid, host, since } = owner;
  const seconds = Math.max(0, Math.round((Date.parse(wallDate()) - statSync(path).mtimeMs) / 1000));
  return new RehearsalError(
    `${folder} is being run by process ${pid} on ${host} since ${since}; its last sign of life was ${seconds} s ago.`,
    {
      hint:
        seconds > (10 * beatMs) / 1000
          ? `It seems to be stopped. Let it go on (kill -CONT ${pid}) or end it (kill -KILL ${pid}), then try again; nothing that is recorded is lost.`
          : `Wait for it, or stop it with Ctrl-C or kill ${pid}; then try again. 'rehearsal view' shows it while it goes on.`,
    },
  );
}

function ownerAt(path: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
