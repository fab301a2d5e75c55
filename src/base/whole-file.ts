// A file that appears whole or not at all: it is written beside its place, under a name by chance so that two writers do
// not meet, and moved there. What a writer killed meanwhile left behind is known by that name and cleared later.

import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wallDate } from './clock.ts';

/** Where the file at `path` is written until it is whole. */
export const besideOf = (path: string): string => `${path}.${randomUUID()}.part`;

/** Whether a file of this name is an unfinished one; checkpoints once had an ending of their own. */
export const isUnfinished = (name: string): boolean =>
  /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(part|writing)$/.test(name);

/**
 * Writes the file at `path`; a reader sees the old one or the new one, never half of it. Throws what the file system
 * says where it refuses; the former file then stands and nothing else.
 */
export function writeWhole(path: string, data: string | Uint8Array, beside = besideOf(path)): void {
  try {
    writeFileSync(beside, data);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
}

/**
 * Removes unfinished files of a folder, not of those below: all, or those on which nobody wrote for so many milliseconds.
 * What may not be removed stays.
 */
export function clearUnfinished(folder: string, idleMs = -Infinity): void {
  const latest = Date.parse(wallDate()) - idleMs;
  for (const name of readdirSync(folder).filter(isUnfinished)) {
    const path = join(folder, name);
    try {
      if (statSync(path).mtimeMs <= latest) rmSync(path);
    } catch {
      // Its writer has moved it meanwhile, or it is another person's: nothing depends on it.
    }
  }
}
