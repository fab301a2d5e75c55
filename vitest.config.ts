// Tests share their processes, so that compilers and the modules of a file are loaded once and not 170 times. What
// replaces a module has a process of its own. No limit of time but that of a test that hangs. Programs that tests start
// find what Node made of the sources for those before them.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const replacesModules = ['test/catalogue/folder-failure.test.ts'];

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
