// A run that is refused leaves nothing behind: no folder, no half of one, and the run that was there before.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { createRunFolder } from '../../src/experiment/folder.ts';
import { small, smallInput } from '../experiment/small.ts';
import { lockFiles } from '../../src/store/lock.ts';
import { rememberingTerminal } from './terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-refused-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** An address at which nothing listens. */
let dead = '';
beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  dead = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((done) => server.close(done));
});

const [sound] = smallInput.arms;
const refused: [string, () => object, 1 | 2, RegExp][] = [
  ['more visitors than people', () => ({ population: { visitors: 90_000 } }), 2, /wants 90000 visitors/],
  ['a metric that is none', () => ({ metrics: { goal: 'applause' } }), 2, /applause/],
  ['a method that is none', () => ({ arms: [sound, { name: 'x', method: 'magic' }] }), 2, /magic/],
  ['settings that are none', () => ({ arms: [sound, { name: 'x', method: 'popularity', settings: { no: 1 } }] }), 2, /popularity/],
  ['a cap in dollars on a model without a price', () => ({ mind: 'llm', llm: { model: 'x', baseUrl: dead, budget: { usd: 1 } } }), 2, /x has none/],
  ['recorded answers that are not there', () => ({ mind: 'llm', llm: { model: 'x', cassette: { path: join(root, 'none.jsonl'), mode: 'replay' } } }), 1, /nothing to replay/],
  ['a server that is not there', () => ({ arms: [sound, { name: 'mine', url: dead }] }), 1, /The arm 'mine' cannot be asked/],
]; // prettier-ignore

it.each(refused)('for %s', async (_what, changes, code, says) => {
  const file = join(root, `refused-${refused.findIndex(([, other]) => other === changes)}.mjs`);
  writeFileSync(file, `export default ${JSON.stringify({ ...smallInput, ...changes() })};`);
  const out = join(root, 'deep', 'out');
  const terminal = rememberingTerminal();
  expect(await main(['run', file, '--out', out], verbs, '0', terminal)).toBe(code);
  expect(terminal.logged.join('\n')).toMatch(says);
  expect(terminal.logged.join('\n')).not.toMatch(/defect|    at /);
  expect(existsSync(join(root, 'deep'))).toBe(false);
});

it('with --force, and the former run is there still', async () => {
  const former = join(root, 'former');
  createRunFolder(former, small(), { program: '0', started: '', force: false });
  writeFileSync(join(former, 'events.sqlite'), 'a record');
  const file = join(root, 'again.mjs');
  writeFileSync(file, `export default ${JSON.stringify({ ...smallInput, metrics: { goal: 'applause' } })};`);
  expect(await main(['run', file, '--out', former, '--force'], verbs, '0', rememberingTerminal())).toBe(2);
  expect(readFileSync(join(former, 'events.sqlite'), 'utf8')).toBe('a record');
  expect(readdirSync(former)).toContain('run.json');
});

it('resume of a run that another version of the program began, by both versions', async () => {
  const begun = join(root, 'older');
  createRunFolder(begun, small(), { program: '0.0.9', started: '', force: false });
  const terminal = rememberingTerminal();
  expect(await main(['resume', begun], verbs, '0', terminal)).toBe(1);
  expect(terminal.logged.join('\n')).toMatch(
    /begun by Rehearsal 0\.0\.9, and this is Rehearsal \d+\.\d+\.\d+/,
  );
  expect(readdirSync(begun)).not.toContain('events.sqlite');
});

it('resume says that the scenario was edited since, and only then', async () => {
  const file = join(root, 'edited.mjs');
  writeFileSync(file, 'before');
  const begun = join(root, 'edited');
  createRunFolder(begun, small(), { program: '0.0.9', started: '', force: false, file });
  const told = async (): Promise<string> => {
    const terminal = rememberingTerminal();
    await main(['resume', begun], verbs, '0', terminal);
    return terminal.logged.join('\n');
  };
  expect(await told()).not.toContain('edited since');
  writeFileSync(file, 'after');
  expect(await told()).toContain(`${file} was edited since this run began.`);
  rmSync(file);
  expect(await told()).not.toContain('edited since');
});

it('with --force, where the model does not answer, and the former run is there with its answers', async () => {
  const former = join(root, 'paid');
  createRunFolder(former, small(), { program: '0', started: '', force: false });
  writeFileSync(join(former, 'answers.jsonl'), 'dear answers');
  const file = join(root, 'deaf.mjs');
  const asked = {
    ...smallInput,
    mind: 'llm',
    llm: { model: 'm', baseUrl: 'http://127.0.0.1:9/v1', attempts: 1 },
  };
  writeFileSync(file, `export default ${JSON.stringify(asked)};`);
  const terminal = rememberingTerminal();
  expect(await main(['run', file, '--out', former, '--force'], verbs, '0', terminal)).toBe(1);
  expect(readFileSync(join(former, 'answers.jsonl'), 'utf8')).toBe('dear answers');
  expect(
    readdirSync(former)
      .filter((name) => !lockFiles.includes(name))
      .sort(),
  ).toEqual(['answers.jsonl', 'run.json']);
  expect(readdirSync(root).filter((name) => name.endsWith('.former'))).toEqual([]);
});

it('with --force, where that would delete the answers to be replayed', async () => {
  const former = join(root, 'recorded');
  createRunFolder(former, small(), { program: '0', started: '', force: false });
  const answers = join(former, 'answers.jsonl');
  writeFileSync(answers, 'answers that were paid for');
  const file = join(root, 'replayed.mjs');
  const llm = { model: 'x', cassette: { path: answers, mode: 'replay' } };
  writeFileSync(file, `export default ${JSON.stringify({ ...smallInput, mind: 'llm', llm })};`);
  const terminal = rememberingTerminal();
  expect(await main(['run', file, '--out', former, '--force'], verbs, '0', terminal)).toBe(2);
  expect(terminal.logged.join('\n')).toMatch(/would be deleted with the former run/);
  expect(readFileSync(answers, 'utf8')).toBe('answers that were paid for');
});

it.each([
  ['a file', () => join(root, 'here'), /is a file/],
  ['below a file', () => join(root, 'here', 'deeper'), /is a file/],
  ['a place that takes no folders', () => '/proc/x', /No folder can be made/],
])('into %s, as wrong usage and before anything is trained', async (_what, out, says) => {
  writeFileSync(join(root, 'here'), 'a letter');
  const file = join(root, 'sound.mjs');
  writeFileSync(file, `export default ${JSON.stringify(smallInput)};`);
  const terminal = rememberingTerminal();
  expect(await main(['run', file, '--out', out(), '--force'], verbs, '0', terminal)).toBe(2);
  expect(terminal.logged.join('\n')).toMatch(says);
  expect(terminal.logged.join('\n')).not.toMatch(/defect|making arm/);
  expect(readFileSync(join(root, 'here'), 'utf8')).toBe('a letter');
});
