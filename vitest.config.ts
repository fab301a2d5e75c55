// Tests share their processes, so that compilers and the modules of a file are loaded once and not 170 times. What
// replaces a module (`vi.mock`) has a process of its own: in a shared one the replacement stays for files that come
// after. No limit of time but that of a test that hangs. Programs that tests start find what Node made of the sources
// for those before them.

import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const replacesModules = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => join('test', name))
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('vi.mock('));

export default defineConfig({
  test: {
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 3,
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: replacesModules, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: replacesModules } },
    ],
  },
});
