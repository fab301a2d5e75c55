// How the arms of an experiment are made: what is wrong with one is told before any is, and whoever watches may end it.

import { afterAll, expect, it } from 'vitest';
import { prepareExperiment } from '../../src/experiment/build.ts';
import { catalogue, popularityArm, small, temporaryFolder } from './small.ts';

/** Weights are kept below the folder that a command is given in. */
const home = process.cwd();
const root = temporaryFolder();
afterAll(() => {
  process.chdir(home);
  root.remove();
});

it('settings of a later arm that cannot be are told with its name, before any arm is made', async () => {
  const logged: string[] = [];
  const arms = [popularityArm, { name: 'late', method: 'sasrec', settings: { epoch: 3 } }];
  const prepared = prepareExperiment(small({ arms }), catalogue, (line) => logged.push(line));
  await expect(prepared).rejects.toMatchObject({
    message: expect.stringMatching(/^arm late: .*'sasrec'[^]*"epoch"/),
    exitCode: 2,
  });
  expect(logged).toEqual([]);
});

it('an arm that trains nothing is said to, before visitors meet its random weights', async () => {
  const arms = [
    popularityArm,
    { name: 'untrained', method: 'sasrec', settings: { scale: 'xs', epochs: 0, history: 8 } },
  ];
  process.chdir(root.path);
  const logged: string[] = [];
  await prepareExperiment(small({ arms }), catalogue, (line) => logged.push(line));
  expect(logged.filter((line) => line.includes('epochs=0'))).toEqual([
    'arm untrained: epochs=0 trains nothing; it has its first, random weights',
  ]);
});

it('whoever watches the making of arms hears of training and grading, and may end it', async () => {
  const arms = [
    popularityArm,
    { name: 'small', method: 'sasrec', settings: { scale: 'xs', epochs: 30, history: 8 } },
  ];
  process.chdir(root.path);
  const [stop, told] = [new AbortController(), [] as string[]];
  const prepared = prepareExperiment(small({ arms, seed: 77 }), catalogue, () => undefined, {
    training: (arm) => ({
      interrupted: stop.signal,
      progress: ({ step }) => {
        told.push(`${arm}, step ${step}`);
        if (step === 2) stop.abort();
      },
    }),
    grading: (arm, people) => (done) => void told.push(`${arm}, ${done} of ${people}`),
  });
  await expect(prepared).rejects.toMatchObject({
    message: expect.stringMatching(/^arm small: The training was interrupted at step 2 of /),
    exitCode: 3,
  });
  expect(told.filter((line) => line.startsWith('small'))).toEqual(['small, step 1', 'small, step 2']);
  expect(told).toContain('popularity, 3 of 3');
});
