// A worker that serves run after run keeps few browsers, and none that is at work is closed.

import { expect, it } from 'vitest';
import { openBenches, type Benches } from '../../src/workers/benches.ts';

/** Benches that are made up, and what was done to them. */
function remembered(most: number) {
  const done: string[] = [];
  const benches = openBenches(most);
  const wanted = (key: string): Parameters<Benches['use']>[0] => ({
    key,
    coordinator: `coordinator of ${key}`,
    open: async () => {
      done.push(`open ${key}`);
      return { live: async () => undefined, close: async () => void done.push(`close ${key}`) };
    },
  });
  const use = (key: string, until: Promise<void> = Promise.resolve()): Promise<void> =>
    benches.use(wanted(key), () => until);
  return { benches, done, use, wanted };
}

it('a third run closes the bench that was used longest ago', async () => {
  const { done, use } = remembered(2);
  for (const run of ['a', 'b', 'a', 'c', 'a', 'b']) await use(run);
  expect(done).toEqual(['open a', 'open b', 'close b', 'open c', 'close c', 'open b']);
});

it('a bench in use stays, however long ago it was taken', async () => {
  const { benches, done, use } = remembered(1);
  const work = Promise.withResolvers<void>();
  const first = use('a', work.promise);
  await use('b');
  await benches.clear(async () => true);
  expect(done).toEqual(['open a', 'open b', 'close b']);
  work.resolve();
  await first;
  await use('a');
  expect(done).toEqual(['open a', 'open b', 'close b']);
});

it('an idle bench is closed when its run is over', async () => {
  const { benches, done, use } = remembered(2);
  await use('a');
  await use('b');
  await benches.clear(async (coordinator) => coordinator === 'coordinator of a');
  expect(done).toEqual(['open a', 'open b', 'close a']);
  await benches.close();
  expect(done.at(-1)).toBe('close b');
});

it('one that did not open is opened again by the next', async () => {
  const { benches, done, use, wanted } = remembered(2);
  const failing = { ...wanted('a'), open: () => Promise.reject(new Error('no catalogue')) };
  await expect(benches.use(failing, async () => undefined)).rejects.toThrow('no catalogue');
  await use('a');
  expect(done).toEqual(['open a']);
});
