// Settings of the search alone do not train a model again, and what is found in place of a training is what the
// training would have made, byte by byte.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkpointPath } from '../../src/recommend/define-model.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { smallWorld } from '../contracts/recommender.ts';
import { toySettingsOf } from './toy-settings.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rehearsal-same-training-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Trains into a folder of this name; how many steps it took, and the checkpoint. */
async function trained(method: string, into: string, changes: object) {
  const keep = join(folder, into);
  let steps = 0;
  const progress = ({ step }: { step: number }): void => void (steps = step);
  const settings = { ...(toySettingsOf(method) as object), ...changes };
  const { version } = await methodNamed(method).train(smallWorld(), settings, 1, { keep, progress });
  const path = checkpointPath(keep, method, version);
  return { steps, path, bytes: readFileSync(path) };
}

const searches = [
  ['tiger', { beam: 5 }],
  ['promise', { beam: 5, proposals: 2, guided: '2', judge: 'popularity', order: 'sum' }],
  ['onerec-v2', { beam: 5 }],
  ['grlm', { beam: 5 }],
] as const;

it.each(searches)('%s with the search %j has the weights of another search', async (method, search) => {
  const first = await trained(method, 'shared', {});
  expect(first.steps).toBeGreaterThan(0);
  const found = await trained(method, 'shared', search);
  expect(found.steps).toBe(0);
  expect(found.path).not.toBe(first.path);
  const alone = await trained(method, 'alone', search);
  expect(alone.steps).toBe(first.steps);
  expect(found.bytes.equals(alone.bytes)).toBe(true);
});

it('a setting of the training, another seed or a damaged checkpoint are no such weights', async () => {
  const first = await trained('tiger', 'shared', {});
  expect((await trained('tiger', 'shared', { beam: 5, rate: 0.001 })).steps).toBeGreaterThan(0);
  const keep = join(folder, 'shared');
  let steps = 0;
  await methodNamed('tiger').train(smallWorld(), toySettingsOf('tiger'), 2, {
    keep,
    progress: ({ step }) => void (steps = step),
  });
  expect(steps).toBeGreaterThan(0);
  writeFileSync(first.path, first.bytes.subarray(0, -4));
  expect((await trained('tiger', 'shared', { beam: 5 })).steps).toBeGreaterThan(0);
});
