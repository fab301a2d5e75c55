// An errand of the queue cannot send a worker's screens anywhere but below the folder of runs.

import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { folderHere } from '../../src/workers/queue-worker.ts';

it('is the folder of the run, where it lies below the folder of runs', () => {
  for (const folder of [resolve('runs/demo'), resolve('runs/of/mine'), resolve('runs/..demo')])
    expect(folderHere({ run: 'demo', folder }, undefined)).toBe(folder);
});

it.each([
  '/etc',
  resolve('.'),
  resolve('runs'),
  resolve('runs-elsewhere/demo'),
  join(resolve('runs'), '/../demo'),
  `${resolve('runs')}/demo/../../elsewhere`,
  'runs/demo',
  '',
])('is refused at %j, and the message says where runs may lie', (folder) => {
  expect(() => folderHere({ run: 'demo', folder }, undefined)).toThrow(
    `Expected a run below ${resolve('runs')}, where this worker may write screens`,
  );
});

it('is the run of that name where --runs is given, whatever the errand says', () => {
  expect(folderHere({ run: 'demo', folder: '/etc' }, '/shared')).toBe('/shared/demo');
});
