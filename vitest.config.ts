// Tests share their processes, so that compilers and the modules of a file are loaded once and not 170 times. What
// replaces a module has a process of its own. No limit of time but that of a test that hangs.

import { defineConfig } from 'vitest/config';

const replacesModules = ['test/catalogue/folder-failure.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: replacesModules, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: replacesModules } },
    ],
  },
});
