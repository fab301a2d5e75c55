// Options that say where sessions are lived: what cannot be is refused before anything is made.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { temporaryFolder } from '../experiment/small.ts';
import { rememberingTerminal } from './terminal.ts';

it.each([
  [['--workers', '2', '--queue', 'redis://127.0.0.1:1'], /--workers and --queue exclude each other/],
  [['--workers', '0'], /--workers expects 1 to 64, not 0/],
  [['--lease', '30'], /--lease is for --workers and --queue/],
  [['--workers', '2', '--lease', '1'], /--lease expects 5 to 3600 seconds, not 1/],
])('%j is a wrong usage', async (options, said) => {
  const root = temporaryFolder();
  const out = join(root.path, 'run');
  const terminal = rememberingTerminal();
  const words = ['run', 'scenarios/hello.ts', '--out', out, ...options];
  expect(await main(words, verbs, '0', terminal)).toBe(2);
  expect(terminal.logged.join('\n')).toMatch(said);
  expect(existsSync(out)).toBe(false);
  root.remove();
});
