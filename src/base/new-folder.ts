// A folder that appears complete or not at all: it is filled beside its place and moved there at the end. What stood
// there before is replaced by that move alone, and put back where the move fails.

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RehearsalError } from './error.ts';
import { makeFolder } from './make-folder.ts';

export interface NewFolder {
  /** Where to write meanwhile. */
  readonly path: string;
  /** Moves it to its place. Throws a RehearsalError where that fails. */
  settle(): void;
  /** Removes what was written but never settled. To be called at the end in any case. */
  discard(): void;
}

/**
 * Begins a folder that is to stand at `place`, where nothing or an empty folder stands unless one may be replaced. Throws a
 * UsageError where none can be made beside it.
 */
export function newFolder(place: string, { replaces = false } = {}): NewFolder {
  const whole = resolve(place);
  makeFolder(dirname(whole));
  const beside = mkdtempSync(join(dirname(whole), '.writing-'));
  const [path, former] = [join(beside, 'new'), join(beside, 'old')];
  mkdirSync(path);
  let stranded = false;
  return {
    path,
    settle: () => {
      try {
        // The system moves a folder onto an empty one and onto no other: what came meanwhile stays.
        if (replaces && existsSync(whole)) renameSync(whole, former);
        renameSync(path, whole);
      } catch (cause) {
        if (isTaken(cause)) {
          throw new RehearsalError(`${place} was filled by another command meanwhile.`, {
            hint: 'What it wrote is there, and this is gone: choose another folder.',
            cause,
          });
        }
        stranded = !putBack(former, whole);
        if (!stranded) throw unwritten(place, cause);
        throw new RehearsalError(`${place} could not be written, and the former one is now in ${former}.`, {
          hint: `Move it back to ${place}.`,
          cause,
        });
      }
    },
    discard: () => {
      if (!stranded) rmSync(beside, { recursive: true, force: true });
    },
  };
}

/** What to throw when a new folder cannot be filled: what the system refused in words, anything else as it is, a damaged record that was read among it. */
export function unwritten(place: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause) || String(cause.code).startsWith('SQLITE_')) return cause;
  return new RehearsalError(`${place} could not be written: ${cause.message}`, {
    hint: 'What was there before is there still. Check the disk and who may write.',
    cause,
  });
}

const isTaken = (cause: unknown): boolean =>
  ['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '');

function putBack(former: string, whole: string): boolean {
  try {
    if (existsSync(former)) renameSync(former, whole);
    return true;
  } catch {
    return false;
  }
}
