// Checkpoints that are cut, changed or made up, given to `serve`: one clear message each, and the file is left alone.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sha256 } from '../../src/base/hash.ts';
import { randomFrom } from '../../src/base/random.ts';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { checkpointHash, readCheckpoint, writeCheckpoint } from '../../src/recommend/kit/checkpoint.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { onlyClearly, stateOf } from './clearly.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sound = join(root, 'sound.checkpoint');
writeCheckpoint(sound, {
  header: { method: 'sasrec', version: 'f'.repeat(64), data: 'small', settings: {}, seed: 1, figures: { steps: 2 } },
  parameters: {
    items: { shape: [3, 2], values: Float32Array.from([1, 2, 3, 4, 5, 6]) },
    bias: { shape: [2], values: Float32Array.from([0, -1]) },
  },
}); // prettier-ignore
const whole = readFileSync(sound);
const end = whole.indexOf(10);
const header = JSON.parse(whole.subarray(0, end).toString()) as Record<string, unknown>;
const weights = whole.subarray(end + 1);

/** The file with another first line and other weights, whose hash is right unless the line states one. */
function made(changes: object, payload: Uint8Array = weights): Buffer {
  const { sha256: _before, ...described } = { ...header, ...changes } as Parameters<
    typeof checkpointHash
  >[0] & {
    sha256?: unknown;
  };
  const line = JSON.stringify({ ...described, sha256: checkpointHash(described, payload), ...changes });
  return Buffer.concat([Buffer.from(`${line}\n`), payload]);
}
const floats = (...values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const without = (field: string): Buffer => made({ [field]: undefined });
const noise = (seed: number, bytes: number): Buffer => {
  const random = randomFrom('hostile checkpoint', seed);
  return Buffer.from(Array.from({ length: bytes }, () => random.integer(256)));
};
/** One bit of the weights turned. */
const turned = (seed: number): Buffer => {
  const copy = Buffer.from(whole);
  copy[end + 1 + randomFrom('turned', seed).integer(weights.length)]! ^= 1 << (seed % 8);
  return copy;
};
const one = (shape: readonly unknown[], name: unknown = 'items') => ({ arrays: [{ name, shape }] });

const spoilt: Readonly<Record<string, Uint8Array>> = {
  'an empty file': Buffer.alloc(0),
  'one byte': Buffer.from('{'),
  'a line end': Buffer.from('\n'),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((seed) => [`noise ${seed}`, noise(seed, 4000)])),
  'NULs': Buffer.alloc(4000),
  'a picture': Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(9, 500)]),
  'a page': Buffer.from('<!doctype html>\n<title>Not found</title>\n'),
  'a pickle': Buffer.concat([Buffer.from('\x80\x04cos\nsystem\n(S"true"\ntR.', 'latin1')]),
  'a database': Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100)]),
  'an endless first line': Buffer.alloc(3_000_000, '['),
  'a first line that is no object': Buffer.concat([Buffer.from('[1, 2]\n'), weights]),
  'a first line that is null': Buffer.concat([Buffer.from('null\n'), weights]),
  'brackets without end': Buffer.from(`${'['.repeat(100_000)}\n`),
  'UTF-16': Buffer.from(`\ufeff${whole.subarray(0, end).toString()}\n`, 'utf16le'),
  'no weights': whole.subarray(0, end + 1),
  'no line end': whole.subarray(0, end),
  'half the first line': whole.subarray(0, end >> 1),
  'weights cut by one byte': whole.subarray(0, -1),
  'weights cut by one number': whole.subarray(0, -4),
  'weights and more': Buffer.concat([whole, Buffer.from('more')]),
  'two checkpoints in one': Buffer.concat([whole, whole]),
  ...Object.fromEntries([1, 2, 3, 4].map((seed) => [`a bit turned ${seed}`, turned(seed)])),
  ...Object.fromEntries(
    ['format', 'method', 'version', 'data', 'seed', 'figures', 'arrays', 'sha256'].map((field) => [`no ${field}`, without(field)]),
  ),
  'another format': made({ format: 'rehearsal-checkpoint-3' }),
  ...Object.fromEntries(
    [{ version: 'e'.repeat(64) }, { seed: 2 }, { figures: { steps: 3 } }, { settings: { scale: 'l' } },
      { arrays: [{ name: 'bias', shape: [3, 2] }, { name: 'items', shape: [2] }] }, { format: 'rehearsal-checkpoint-1' },
    ].map((change) => [`another ${Object.keys(change)[0]} with the old hash`, made({ ...change, sha256: header['sha256'] })]),
  ),
  'a seed that is no whole number': made({ seed: 1.5 }),
  'a seed that is text': made({ seed: '1' }),
  'figures that are a list': made({ figures: [1] }),
  'arrays that are an object': made({ arrays: { items: [3, 2] } }),
  'another hash': made({ sha256: 'f'.repeat(64) }),
  'a hash that is a number': made({ sha256: 7 }),
  'a shape that is too large': made(one([1_000_000, 1_000_000])),
  'a shape beyond all numbers': made(one(Array.from({ length: 40 }, () => 2 ** 50))),
  'a shape that is too small': made(one([1])),
  'a shape below nothing': made(one([-3, -2])),
  'a shape of parts': made(one([1.5, 2])),
  'a shape of words': made(one(['3', 2])),
  'a name that is none': made(one([8], null)),
  'two arrays of one name': made({ arrays: [{ name: 'items', shape: [4] }, { name: 'items', shape: [4] }] }),
  'a weight that is no number': made(one([2]), floats(1, Number.NaN)),
  'a weight without end': made(one([2]), floats(Number.POSITIVE_INFINITY, 1)),
}; // prettier-ignore

it('a sound checkpoint is read, one whose array has a name of the language, too', () => {
  expect(Object.keys(readCheckpoint(sound).parameters)).toEqual(['items', 'bias']);
  const before = join(root, 'before.checkpoint');
  writeFileSync(before, made({ format: 'rehearsal-checkpoint-1', sha256: sha256(weights) }));
  expect(readCheckpoint(before)).toEqual(readCheckpoint(sound));
  const odd = join(root, 'odd.checkpoint');
  writeFileSync(odd, made({ arrays: [{ name: '__proto__', shape: [8] }] }));
  expect(Object.keys(readCheckpoint(odd).parameters)).toEqual(['__proto__']);
});

it(`refuses all of ${Object.keys(spoilt).length + 2} others, each clearly`, async () => {
  const told: string[] = [];
  const tried = async (name: string, path: string): Promise<void> => {
    const before = stateOf(root);
    const terminal = rememberingTerminal();
    const code = await main(['serve', '--method', 'sasrec', '--checkpoint', path], verbs, '0', terminal);
    told.push(...onlyClearly(name, code, terminal));
    if (stateOf(root) !== before) told.push(`${name}: something was written`);
  };
  for (const [name, bytes] of Object.entries(spoilt)) {
    const path = join(root, 'spoilt.checkpoint');
    writeFileSync(path, bytes);
    await tried(name, path);
  }
  await tried('nothing', join(root, 'nowhere'));
  mkdirSync(join(root, 'folder.checkpoint'));
  await tried('a folder', join(root, 'folder.checkpoint'));
  expect(told).toEqual([]);
  expect(Object.keys(spoilt).length).toBeGreaterThanOrEqual(50);
});
