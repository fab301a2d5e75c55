// Options that say where sessions are lived: what cannot be is refused before anything is made.

import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { temporaryFolder } from '../experiment/small.ts';
import { rememberingTerminal } from './terminal.ts';

it.each([
  [['--workers', '2', '--queue', 'redis://127.0.0.1:1'], /--workers and --queue exclude each other/],
  [['--workers', '0'], /--workers expects a whole number from 1 to 64, got '0'/],
  [['--lease', '30'], /--lease is for --workers and --queue/],
  [['--workers', '2', '--lease', '1'], /--lease expects a whole number from 5 to 3600, got '1'/],
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

it('work wants an address of Redis, and one that is wrong is never shown with its password', async () => {
  const told = async (words: readonly string[], environment: Record<string, string>): Promise<string> => {
    const terminal = rememberingTerminal({ environment });
    expect(await main(['work', ...words], verbs, '0', terminal)).toBe(2);
    return terminal.logged.join('\n');
  };
  expect(await told([], {})).toMatch(
    /work needs the address of Redis\nGive --queue URL, or REHEARSAL_QUEUE=URL/,
  );
  for (const wrong of [
    'http://:hunter2@host',
    'redis://:hunter2',
    ':hunter2@host:6379',
    'redis:/:hunter2@host',
  ]) {
    expect(await told(['--queue', wrong], {})).toMatch(/Expected the address of Redis/);
    expect(await told([], { REHEARSAL_QUEUE: wrong })).not.toContain('hunter2');
  }
});

it('REHEARSAL_QUEUE names the queue, the option wins, and the password stays hidden', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told = async (words: readonly string[], environment: Record<string, string>): Promise<string> => {
    const terminal = rememberingTerminal({ environment });
    expect(await main(words, verbs, '0', terminal)).toBe(1);
    return terminal.logged.join('\n');
  };
  const environment = { REHEARSAL_QUEUE: `redis://:hunter2@${at}` };
  const root = temporaryFolder();
  const run = ['run', 'scenarios/hello.ts', '--visitors', '3', '--out', join(root.path, 'run')];
  for (const words of [['work'], run]) {
    const said = await told(words, environment);
    expect(said).toContain(`Redis does not answer at redis://${at}`);
    expect(said).not.toContain('hunter2');
  }
  expect(existsSync(join(root.path, 'run')), 'a folder of a run that could not begin').toBe(false);
  expect(await told(['work', '--queue', 'redis://127.0.0.1:1'], environment)).toContain(
    'at redis://127.0.0.1:1:',
  );
  server.close();
  root.remove();
});
