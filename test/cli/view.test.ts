// `view` serves until it is interrupted; `report --html` writes files, and both say what they do not know.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { partingRun } from '../dashboard/parting.ts';
import { temporaryFolder } from '../experiment/small.ts';
import { rememberingTerminal } from './terminal.ts';

const root = temporaryFolder();
const run = join(root.path, 'a run');
beforeAll(() => partingRun(run, 2, 3));
afterAll(() => root.remove());

it('view answers at the address it prints until it is interrupted', async () => {
  const terminal = rememberingTerminal();
  const ended = main(['view', run, '--port', '0'], verbs, '0', terminal);
  await expect.poll(() => terminal.out.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [url] = terminal.out;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/runs\/a%20run$/);
  const page = await (await fetch(url!)).text();
  expect(page).toContain('Where do they part?');
  terminal.interruption.abort();
  expect(await ended).toBe(0);
  await expect(fetch(url!)).rejects.toThrow();
});

it('report --html writes files to open, once', async () => {
  const out = join(root.path, 'out');
  const terminal = rememberingTerminal();
  expect(await main(['report', run, '--html', out, '--redact', 'visitors'], verbs, '0', terminal)).toBe(0);
  expect(existsSync(join(out, 'index.html'))).toBe(true);
  expect(terminal.documents[0]).toMatchObject({ sessions: 2, redacted: ['visitors'] });
  expect(await main(['report', run, '--html', out], verbs, '0', rememberingTerminal())).toBe(2);
});

it.each([
  [['view', 'nowhere'], /no run at nowhere/],
  [['view', '.'], /holds no record/],
  [['report', run, '--html', join(root.path, 'x'), '--redact', 'faces'], /does not know 'faces'/],
  [['report', run, '--redact', 'visitors'], /--redact needs --html/],
  [['view', run, '--port', '99999'], /--port expects/],
])('%j is wrong usage', async (words, message) => {
  const terminal = rememberingTerminal();
  expect(await main(words, verbs, '0', terminal)).toBe(2);
  expect(terminal.logged.join('\n')).toMatch(message);
});
