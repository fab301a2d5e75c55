// Two processes that train, or write, the same at the same moment: neither breaks the other.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/recommend/kit/checkpoint.ts';
import { methodNamed } from '../../../src/recommend/methods.ts';
import { circle } from '../circle.ts';

const program = join(import.meta.dirname, 'side-by-side.ts');
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rehearsal-side-by-side-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts both and returns what they told; what they said on stderr is thrown. */
function both(what: string): Promise<readonly string[]> {
  return Promise.all(
    ['0', '1'].map(
      (own) =>
        new Promise<string>((resolve, reject) => {
          const child = spawn(process.execPath, [program, what, folder, own]);
          let [told, complaint] = ['', ''];
          child.stdout.on('data', (part) => (told += part));
          child.stderr.on('data', (part) => (complaint += part));
          child.on('close', (code) => (code === 0 ? resolve(told) : reject(new Error(complaint))));
        }),
    ),
  );
}

it('two trainings of one model at once give the weights of one alone, and one checkpoint', async () => {
  const weights = await both('train');
  const settings = { scale: 'xs', epochs: 3, history: 8, validationPeople: 8, patience: 60 };
  const alone = await methodNamed('sasrec').train(circle(), settings, 1);
  expect(weights).toEqual([alone.weights, alone.weights]);
  const files = readdirSync(folder).filter((name) => !name.startsWith('here-'));
  expect(files).toHaveLength(1);
  readCheckpoint(join(folder, files[0]!));
});

it('a checkpoint that two processes write again and again is whole whenever it is read', async () => {
  const path = join(folder, 'shared.checkpoint');
  let isOver = false;
  const writing = both('write').finally(() => (isOver = true));
  let reads = 0;
  while (!isOver) {
    if (existsSync(path)) {
      const { values } = readCheckpoint(path).parameters['w']!;
      expect(values.every((value) => value === values[0])).toBe(true);
      reads++;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await writing).toEqual(['written', 'written']);
  expect(reads).toBeGreaterThan(0);
  expect(readdirSync(folder).filter((name) => !name.startsWith('here-'))).toEqual(['shared.checkpoint']);
});
