import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { besideOf, clearUnfinished, isUnfinished, writeWhole } from '../../src/base/whole-file.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-whole-file-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);
beforeEach(() => {
  for (const name of readdirSync(root)) rmSync(at(name), { recursive: true });
});

/** Puts an unfinished file there on which nobody wrote for so many minutes. */
function abandon(path: string, minutes: number): void {
  writeFileSync(path, 'half');
  const then = Date.now() / 1000 - 60 * minutes;
  utimesSync(path, then, then);
}

it('a file is replaced whole, and stays as it was where it cannot be', () => {
  writeWhole(at('a'), 'one');
  writeWhole(at('a'), Uint8Array.of(0x74, 0x77, 0x6f));
  expect(readFileSync(at('a'), 'utf8')).toBe('two');
  mkdirSync(join(root, 'taken', 'inside'), { recursive: true });
  expect(() => writeWhole(at('taken'), 'x')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(root).sort()).toEqual(['a', 'taken']);
});

it('what a killed writer left is cleared, and nothing that only looks like it', () => {
  const others = [
    'report.html',
    'a.checkpoint.part',
    'a.checkpoint.writing',
    'b.part',
    `${crypto.randomUUID()}.jpg`,
  ];
  for (const name of others) abandon(at(name), 600);
  abandon(besideOf(at('report.html')), 0);
  abandon(at(`a.checkpoint.part.${crypto.randomUUID()}.writing`), 600);
  clearUnfinished(root);
  expect(readdirSync(root).sort()).toEqual(others.sort());
});

it('what somebody may still be writing stays where an age is asked for', () => {
  abandon(besideOf(at('old')), 61);
  abandon(besideOf(at('young')), 59);
  clearUnfinished(root, 3_600_000);
  const left = readdirSync(root);
  expect(left).toEqual([expect.stringMatching(/^young\./)]);
  expect(left.every(isUnfinished)).toBe(true);
});
