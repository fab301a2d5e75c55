// A folder with all folders above it, or an error that says why not. Node's own recursive mkdir never returns where a
// file system takes no folders (/proc), and calls the rest by codes.

import { accessSync, constants, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './error.ts';

/**
 * Makes the folder and what is missing above it; returns what was made, the uppermost first, nothing where it was
 * there. Throws a UsageError where it cannot be, or is there and takes no files.
 */
export function makeFolder(path: string): string[] {
  const missing: string[] = [];
  const made: string[] = [];
  let refused = 'No folder can be made at';
  try {
    for (let at = resolve(path); kindOf(at) !== 'folder'; at = dirname(at)) missing.unshift(at);
    for (const folder of missing) if (makesOne(folder)) made.push(folder);
    refused = 'Nothing can be written into';
    accessSync(path, constants.W_OK);
  } catch (cause) {
    for (const folder of made.reverse()) rmdirSync(folder);
    throw new UsageError(
      `${refused} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Choose a place where you may write and where no file stands in the way.',
    );
  }
  return made;
}

/** Throws a UsageError unless the folder is there or could be made. Leaves nothing behind. */
export function requireMakeable(path: string): void {
  for (const folder of makeFolder(path).reverse()) rmdirSync(folder);
}

/** False where somebody else made it in this moment. */
function makesOne(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (kindOf(folder) === 'folder') return false;
    throw error;
  }
}

function kindOf(path: string): 'folder' | 'file' | 'nothing' {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new Error(`${path} is a file`);
  return found === undefined ? 'nothing' : 'folder';
}
