// A file that appears whole or not at all: it is written beside its place and moved there. Where the disk has no room or
// the folder may not be written, the former file stands as it was and the error has a name.

import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { unwrittenFile } from './store-error.ts';

/**
 * Writes the file at `path`; a reader sees the old one or the new one, never half of it. Meanwhile it is `beside`, which has
 * a name by chance, so that two writers do not meet. Throws a StoreError where the file system refuses.
 */
export function writeWhole(path: string, text: string, beside = `${path}.${randomUUID()}.part`): void {
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw unwrittenFile(path, cause);
  }
}
