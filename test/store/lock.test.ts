// One writer a run: a live or stopped process keeps the lock, a dead one never does.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { createRunFolder } from '../../src/experiment/folder.ts';
import { lockFolder } from '../../src/store/lock.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { small } from '../experiment/small.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-lock-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

async function holderOf(folder: string): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'lock-holder.ts');
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout!, 'data');
  return child;
}

test('a live process keeps the lock, a stopped one too, and a killed one gives it back', async () => {
  const folder = join(root, 'held');
  const child = await holderOf(folder);
  const taken = new RegExp(`is being run by process ${child.pid} on .* its last sign of life was \\d+ s ago`);
  expect(() => lockFolder(folder)).toThrow(taken);
  child.kill('SIGSTOP');
  expect(() => lockFolder(folder)).toThrow(taken);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = lockFolder(folder);
  expect(lock.abandonedBy).toMatchObject({ pid: child.pid });
  lock.release();
});

test('a lock given back leaves no owner, and is taken again without a word of a former one', () => {
  const folder = join(root, 'returned');
  lockFolder(folder).release();
  expect(existsSync(join(folder, 'owner.json'))).toBe(false);
  const again = lockFolder(folder);
  expect(again.abandonedBy).toBeNull();
  expect(() => lockFolder(folder)).toThrow(/is being run by process/);
  again.release();
});

test('a folder in which no run was begun is gone with its lock; one that holds anything stays', () => {
  const folder = join(root, 'deep', 'unused');
  lockFolder(folder).release();
  expect(existsSync(join(root, 'deep'))).toBe(false);
  const lock = lockFolder(folder);
  writeFileSync(join(folder, 'run.json'), '{}');
  lock.release();
  expect(readdirSync(folder).sort()).toEqual(['run.json', 'run.lock']);
});

test('a damaged owner file hides who has the lock and nothing else', async () => {
  const folder = join(root, 'damaged');
  const child = await holderOf(folder);
  writeFileSync(join(folder, 'owner.json'), '{');
  expect(() => lockFolder(folder)).toThrow(/is being run by another process/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockFolder(folder).release();
});

test('a live run is refused by resume and by run --force, and nothing of it is touched', async () => {
  const scenario = small();
  const folder = createRunFolder(join(root, 'live'), scenario, { program: '0', started: '', force: false });
  writeFileSync(folder.record, 'being written');
  mkdirSync(join(folder.path, 'screens'));
  const file = join(root, 'small.mjs');
  writeFileSync(file, `export default ${JSON.stringify(scenario)};`);
  const child = await holderOf(folder.path);
  for (const words of [
    ['resume', folder.path],
    ['run', file, '--out', folder.path, '--force'],
  ]) {
    const terminal = rememberingTerminal();
    expect(await main(words, verbs, '0', terminal)).toBe(1);
    expect(terminal.logged.join('\n')).toContain(`is being run by process ${child.pid}`);
    expect(terminal.logged.join('\n')).not.toContain('defect');
  }
  expect(readFileSync(folder.record, 'utf8')).toBe('being written');
  expect(existsSync(join(folder.path, 'screens'))).toBe(true);
});
