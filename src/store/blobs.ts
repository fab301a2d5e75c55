// Screens of a run by the hash of their picture: screens/<first two>/<hash>.jpg, the marks beside it as .json.
// Written once and never changed; a path is built only from a checked hash, never from what a caller names.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RehearsalError } from '../base/error.ts';
import { canonicalJson, sha256 } from '../base/hash.ts';
import { besideOf, clearUnfinished } from '../base/whole-file.ts';
import { unwrittenFile } from './store-error.ts';

/** What is kept of a screen; `marks` is any JSON (the marks are a function of the picture they are drawn in). */
export interface ScreenBlob {
  /** SHA-256 of `image`, lower-case hex. */
  readonly hash: string;
  readonly image: Uint8Array;
  readonly marks: unknown;
}

export interface Blobs {
  /** Writes the screen unless it is there already. Throws if the hash is not that of the picture. */
  saveScreen(screen: ScreenBlob): Promise<void>;
}

/** The screens under a run's folder. */
export function blobs(folder: string): Blobs {
  const saving = new Map<string, Promise<void>>();

  return {
    saveScreen(screen) {
      const underway = saving.get(screen.hash) ?? save(folder, screen);
      saving.set(screen.hash, underway);
      const over = (): boolean => saving.delete(screen.hash);
      underway.then(over, over);
      return underway;
    },
  };
}

/** A screen as it was kept, its picture checked against its hash; null where the run did not keep it. */
export function keptScreen(folder: string, hash: string): ScreenBlob | null {
  const path = screenPath(folder, hash);
  if (!existsSync(path)) return null;
  const image = readFileSync(path);
  requireHash(image, hash, path);
  return { hash, image, marks: JSON.parse(readFileSync(marksPath(folder, hash), 'utf8')) };
}

/** Path of a screen's JPEG in a run's folder. Throws unless `hash` is 64 lower-case hexadecimal digits. */
export function screenPath(folder: string, hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) {
    throw new RehearsalError(
      `Expected a SHA-256 in 64 hexadecimal digits, got ${JSON.stringify(hash.slice(0, 80))}.`,
      {
        hint: 'The hashes of screens stand in the step-taken events.',
      },
    );
  }
  return join(folder, 'screens', hash.slice(0, 2), `${hash}.jpg`);
}

/** Path of the marks beside a screen's JPEG. */
export function marksPath(folder: string, hash: string): string {
  return screenPath(folder, hash).replace(/\.jpg$/, '.json');
}

/** No screen takes a minute to be written. Workers at the queue may still be at some of a run that was killed. */
const longestSavingMs = 60_000;

/** Removes what killed writers left among the screens under a run's folder. */
export function clearUnfinishedScreens(folder: string): void {
  const screens = join(folder, 'screens');
  if (!existsSync(screens)) return;
  for (const below of readdirSync(screens, { withFileTypes: true }))
    if (below.isDirectory()) clearUnfinished(join(screens, below.name), longestSavingMs);
}

/** The picture is written last: where it stands, the marks stand too. */
async function save(folder: string, screen: ScreenBlob): Promise<void> {
  const path = screenPath(folder, screen.hash);
  if (existsSync(path)) return;
  requireHash(screen.image, screen.hash, path);
  await mkdir(dirname(path), { recursive: true });
  await saveWhole(marksPath(folder, screen.hash), canonicalJson(screen.marks));
  await saveWhole(path, screen.image);
}

/**
 * Processes in containers share the folder and often have the same number, so what is unfinished has a name by chance.
 * Whoever comes second finds the same bytes in place, where a file system may refuse to replace them.
 */
async function saveWhole(path: string, data: string | Uint8Array): Promise<void> {
  const unfinished = besideOf(path);
  try {
    await writeFile(unfinished, data);
    await rename(unfinished, path).catch((cause: unknown) => {
      if (!existsSync(path)) throw cause;
    });
  } catch (cause) {
    throw unwrittenFile(`The screen ${path}`, cause);
  } finally {
    await rm(unfinished, { force: true });
  }
}

function requireHash(image: Uint8Array, hash: string, path: string): void {
  const actual = sha256(image);
  if (actual === hash) return;
  throw new RehearsalError(`The picture for ${path} has the hash ${actual}: it is damaged or misnamed.`, {
    hint: 'Delete the file and run the session again.',
  });
}
