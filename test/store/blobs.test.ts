// Screens by hash: written once, read back checked, and never a path that a caller made up.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sha256 } from '../../src/base/hash.ts';
import { blobs, keptScreen, marksPath, screenPath } from '../../src/store/blobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-blobs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const image = new TextEncoder().encode('a picture');
const screen = { hash: sha256(image), image, marks: [{ number: 1, role: 'card' }] };

test('a screen comes back, and is written once however often it is saved', async () => {
  const screens = blobs(folder);
  await Promise.all(Array.from({ length: 20 }, () => screens.saveScreen(screen)));
  const written = statSync(screenPath(folder, screen.hash)).mtimeMs;
  await blobs(folder).saveScreen(screen);
  expect(statSync(screenPath(folder, screen.hash)).mtimeMs).toBe(written);
  const read = keptScreen(folder, screen.hash)!;
  expect({ ...read, image: new Uint8Array(read.image) }).toEqual(screen);
  expect(readdirSync(join(folder, 'screens', screen.hash.slice(0, 2))).sort()).toEqual([
    `${screen.hash}.jpg`,
    `${screen.hash}.json`,
  ]);
});

test('those who save one screen at once, with one process number, are no harm to each other', async () => {
  const shared = join(folder, 'shared');
  await Promise.all(Array.from({ length: 20 }, () => blobs(shared).saveScreen(screen)));
  expect(readdirSync(join(shared, 'screens', screen.hash.slice(0, 2))).sort()).toEqual([
    `${screen.hash}.jpg`,
    `${screen.hash}.json`,
  ]);
});

test('a hash that is not one makes no path', async () => {
  for (const hash of [
    '',
    '../../etc/passwd',
    'A'.repeat(64),
    `${'a'.repeat(63)}/`,
    `${'a'.repeat(64)}\n`,
    'a'.repeat(65),
  ]) {
    expect(() => screenPath(folder, hash)).toThrow(/64 hexadecimal digits/);
    expect(() => marksPath(folder, hash)).toThrow(/64 hexadecimal digits/);
  }
});

test('a picture under a foreign hash is refused, and a damaged one is noticed', async () => {
  const foreign = sha256('other');
  await expect(blobs(folder).saveScreen({ ...screen, hash: foreign })).rejects.toThrow(/damaged or misnamed/);
  expect(existsSync(screenPath(folder, foreign))).toBe(false);
  expect(keptScreen(folder, foreign)).toBeNull();
  await blobs(folder).saveScreen(screen);
  writeFileSync(screenPath(folder, screen.hash), 'changed');
  expect(() => keptScreen(folder, screen.hash)).toThrow(/damaged or misnamed/);
});
