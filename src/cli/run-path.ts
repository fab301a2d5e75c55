// Where a run is that was named on the command line.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/error.ts';

/** The folder of a run given by path, or by name under runs/. UsageError when there is neither. */
export function pathOfRun(run: string): string {
  const found = [run, join('runs', run)].find((path) => existsSync(path) && statSync(path).isDirectory());
  if (found !== undefined) return found;
  throw new UsageError(`there is no run at ${run} or ${join('runs', run)}`, 'Runs are folders; see: ls runs');
}
