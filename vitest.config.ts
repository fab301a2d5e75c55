// Tests share their processes, so that compilers and the modules of a file are loaded once and not 170 times. What
// replaces a module (`vi.mock`) has a process of its own: in a shared one the replacement stays for files that come
// after. No limit of time but that of a test that hangs. Programs that tests start find what Node made of the sources
// for those before them.

import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const replacesModules = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => join('test', name))
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('vi.mock('));

/** Files that take longest, first: whichever begins last must be short, or the other processes wait for it. */
const longest = [
  'experiment/broken-off',
  'workers/process-pool',
  'bench/torture',
  'bench/faults',
  'experiment/quote',
  'recommend/contract',
  'cli/run-model',
  'audit/injection',
  'audit/mind',
  'recommend/methods',
  'cli/augment',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return found === -1 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
