import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { makeFolder, requireMakeable } from '../../src/base/make-folder.ts';

// Root may write anywhere, so the system's refusal is played.
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof import('node:fs')>();
  const accessSync: typeof actual.accessSync = (path, mode) => {
    if (String(path).endsWith('sealed')) throw new Error(`EACCES: permission denied, access '${path}'`);
    actual.accessSync(path, mode);
  };
  return { ...actual, accessSync };
});

const root = mkdtempSync(join(tmpdir(), 'rehearsal-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a folder is made with what is missing above it, which is told', () => {
  const path = join(root, 'a', 'b');
  expect(makeFolder(path)).toEqual([join(root, 'a'), path]);
  expect(makeFolder(path)).toEqual([]);
});

it('trying whether a folder could be made leaves nothing', () => {
  requireMakeable(join(root, 'c', 'd'));
  expect(existsSync(join(root, 'c'))).toBe(false);
});

// Node's recursive mkdirSync never comes back from /proc.
it.each([
  ['a place that takes no folders', '/proc/x/y'],
  ['a file', join(root, 'file')],
  ['a place below a file', join(root, 'file', 'x')],
  ['a name that is too long', join(root, 'made', 'x'.repeat(300))],
  ['a name with a NUL', join(root, 'made', 'x\0')],
])('%s is refused in words, and what was made on the way is gone', (_what, path) => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(path)).toThrow(UsageError);
  expect(() => makeFolder(path)).toThrow(/No folder can be made at/);
  expect(existsSync(join(root, 'made'))).toBe(false);
});

it('a folder that takes no files is told as that, and stays', () => {
  const path = join(root, 'sealed');
  mkdirSync(path);
  expect(() => makeFolder(path)).toThrow(/^Nothing can be written into .*sealed: EACCES/);
  expect(() => requireMakeable(path)).toThrow(UsageError);
  expect(existsSync(path)).toBe(true);
});
