// Files of a run that appear whole or not at all, and whose faults have a name: where the disk has no room or the folder
// may not be written, the former file stands as it was.

import { writeWhole as writeOrThrow } from '../base/whole-file.ts';
import { unwrittenFile } from './store-error.ts';

/** Writes the file at `path`, meanwhile at `beside` where that is given. Throws a StoreError where the file system refuses. */
export function writeWhole(path: string, text: string, beside?: string): void {
  try {
    writeOrThrow(path, text, beside);
  } catch (cause) {
    throw unwrittenFile(path, cause);
  }
}
