// A disk of a few hundred kilobytes, for tests of what happens when it is full. It needs root and Linux.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Fills it but for so many bytes, to the page. */
  fill(leaving: number): void;
  remove(): void;
}

/** Null where no such disk can be made. */
export function smallDisk(kilobytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'rehearsal-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]);
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true });
    return null;
  }
  return {
    path,
    fill: (leaving) => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(join(path, 'filler'), new Uint8Array(Math.max(0, bavail * bsize - leaving)));
    },
    remove: () => {
      spawnSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
