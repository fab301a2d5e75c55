// A file system that does not replace what another worker has put in place meanwhile. It is made to refuse by name.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { sha256 } from '../../src/base/hash.ts';
import { blobs, marksPath, screenPath } from '../../src/store/blobs.ts';

const refusing = vi.hoisted(() => ({ code: 'EPERM', isFirst: true }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const rename: typeof real.rename = async (from, to) => {
    if (refusing.isFirst) await real.copyFile(from, to);
    throw Object.assign(new Error(`${refusing.code}: refused`), { code: refusing.code });
  };
  return { ...real, rename };
});

const root = mkdtempSync(join(tmpdir(), 'rehearsal-taken-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  refusing.isFirst = true;
});
const image = new TextEncoder().encode('a picture');
const screen = { hash: sha256(image), image, marks: [] };
const filesOf = (folder: string): string[] => readdirSync(join(folder, 'screens', screen.hash.slice(0, 2)));

test.each(['EPERM', 'EEXIST', 'ENOENT', 'EBUSY'])(
  'a screen that is in place is saved, whatever %s says',
  async (code) => {
    refusing.code = code;
    const folder = join(root, code);
    await blobs(folder).saveScreen(screen);
    expect(existsSync(screenPath(folder, screen.hash))).toBe(true);
    expect(existsSync(marksPath(folder, screen.hash))).toBe(true);
    expect(filesOf(folder)).toHaveLength(2);
  },
);

test('a screen that is not in place is not saved, and nothing of it is left', async () => {
  Object.assign(refusing, { code: 'EPERM', isFirst: false });
  const folder = join(root, 'absent');
  await expect(blobs(folder).saveScreen(screen)).rejects.toThrow(/could not be written/);
  expect(filesOf(folder)).toEqual([]);
});
