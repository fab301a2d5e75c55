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
import { afterAll, expect, it } from 'vitest';
import { RehearsalError } from '../../src/base/error.ts';
import { newFolder, unwritten } from '../../src/base/new-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-new-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a new folder is seen when it is settled and not before, in the place of a former one', () => {
  const place = join(root, 'above', 'place');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'old.txt'), 'old');
  const written = newFolder(place, { replaces: true });
  writeFileSync(join(written.path, 'new.txt'), 'new');
  expect(readdirSync(place)).toEqual(['old.txt']);
  written.settle();
  written.discard();
  expect(readdirSync(place)).toEqual(['new.txt']);
  expect(readdirSync(join(root, 'above'))).toEqual(['place']);
});

it('one that is discarded leaves the former one as it was, and nothing beside it', () => {
  const place = join(root, 'kept');
  mkdirSync(place);
  writeFileSync(join(place, 'old.txt'), 'old');
  const written = newFolder(place);
  writeFileSync(join(written.path, 'half.txt'), 'half');
  written.discard();
  expect(readFileSync(join(place, 'old.txt'), 'utf8')).toBe('old');
  expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(existsSync(written.path)).toBe(false);
});

it('what the system refused is told in words; a defect stays a defect', () => {
  const refused = unwritten(
    'out',
    Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }),
  );
  expect(refused).toBeInstanceOf(RehearsalError);
  expect(String(refused)).toMatch(/out could not be written: ENOSPC/);
  const defect = new TypeError('x is undefined');
  expect(unwritten('out', defect)).toBe(defect);
});

it('of two that are begun for one place the first to settle stays, and the other says so', () => {
  const place = join(root, 'wanted');
  mkdirSync(place);
  const [one, two] = [newFolder(place), newFolder(place)];
  writeFileSync(join(one.path, 'one.txt'), 'one');
  writeFileSync(join(two.path, 'two.txt'), 'two');
  one.settle();
  expect(() => two.settle()).toThrow(/was filled by another command meanwhile/);
  for (const each of [one, two]) each.discard();
  expect(readdirSync(place)).toEqual(['one.txt']);
  expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
});
