// A training is kept once for every search: settings that only the search reads make another version of a recommender,
// but no other weights. The checkpoint of one version is found by that of another, and never taken on trust: what makes
// a version is put together again with the other's search.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from '../base/error.ts';
import { readCheckpoint, type Checkpoint, type CheckpointHeader } from './kit/checkpoint.ts';

/** Settings with those of `names` as another has them. */
export function withSearchOf(
  settings: unknown,
  other: unknown,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const theirs = Object(other) as Readonly<Record<string, unknown>>;
  return {
    ...(settings as Readonly<Record<string, unknown>>),
    ...Object.fromEntries(
      names.filter((name) => Object.hasOwn(theirs, name)).map((name) => [name, theirs[name]]),
    ),
  };
}

/** The first checkpoint of the method in the folder, by name, that `isSame` knows; damaged ones are passed over. */
export function keptTraining(
  folder: string,
  method: string,
  isSame: (header: CheckpointHeader) => boolean,
): Checkpoint | undefined {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names
    .filter((one) => one.startsWith(`${method}-`) && one.endsWith('.checkpoint'))
    .sort()) {
    const found = soundCheckpoint(join(folder, name));
    if (found !== undefined && isSame(found.header)) return found;
  }
  return undefined;
}

function soundCheckpoint(path: string): Checkpoint | undefined {
  try {
    return readCheckpoint(path);
  } catch (error) {
    if (error instanceof RehearsalError) return undefined;
    throw error;
  }
}
