// Whether a path that somebody else wrote stays in the folder where it belongs.

import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether `path` lies below `folder`; links are followed where there is something at both. */
export function isInside(folder: string, path: string): boolean {
  const real = existsSync(folder) && existsSync(path) ? realpathSync : resolve;
  const way = relative(real(folder), real(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
