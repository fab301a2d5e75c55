// What surrounds the training of any model: weights kept, found again, refused, and rescued where it diverges. The
// model is the smallest there is: a score for each item, pulled towards how often it was met.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkpointPath, defineModel } from '../../src/recommend/define-model.ts';
import { readCheckpoint, writeCheckpoint } from '../../src/recommend/kit/checkpoint.ts';
import { weightedMean } from '../../src/recommend/kit/losses.ts';
import { filled, initialise } from '../../src/recommend/kit/parameters.ts';
import { multiply, sqrt, subtract } from '../../src/recommend/kit/tensor.ts';
import { randomFrom } from '../../src/base/random.ts';
import type { TrainOptions, TrainingSet } from '../../src/recommend/recommender.ts';
import { requestOf } from '../contracts/recommender.ts';
import { circle } from './circle.ts';

const settings = z
  .object({
    steps: z.int().default(40),
    /** The step at which the gradient is no number; 0 for none. */
    flatAt: z.int().default(0),
  })
  .strict();

/** A loss √(mean of (p (w − 2))²): with p = 0 it is 0 and its gradient no number. */
const scoresOf = (revision?: number) =>
  defineModel({
    name: 'scores',
    summary: 'a score for each item',
    settings,
    revision,
    build: ({ table }, { steps, flatAt }, seed) => {
      const shape = [Math.ceil(table.itemIds.length / 4) * 4];
      const full = (value: number) => ({ shape, values: new Float32Array(shape[0]!).fill(value) });
      return {
        plan: {
          initial: initialise({ w: { ...filled(shape, 0), begin: { deviation: 1 } } }, randomFrom(seed)),
          loss: (parameters, batch) => {
            const far = multiply(subtract(parameters['w']!, 2), batch['p']!);
            return sqrt(weightedMean(multiply(far, far), batch['one']!));
          },
          optimiser: { rate: 0.01, warmUpSteps: 1, steps, decay: 0, clip: 1 },
          batch: (step) => ({
            tokens: 1,
            arrays: { p: full(step === flatAt ? 0 : 1 + 1 / step), one: full(1) },
          }),
        },
        serve: (parameters) => (request) =>
          table.itemIds
            .map((id, item) => ({ id, score: parameters['w']!.values[item]!, propensity: 1 }))
            .sort((a, b) => b.score - a.score)
            .slice(0, request.k),
      };
    },
  });
const scores = scoresOf();

/** The same steps, each person's in the opposite order. */
function backwards(set: TrainingSet): TrainingSet {
  return { ...set, interactions: set.interactions.map((row) => ({ ...row, time: -row.time })) };
}

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rehearsal-define-model-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Trains into the folder of this name and returns the bytes of the checkpoint. */
async function trained(into: string, given: object = {}, options: TrainOptions = {}): Promise<Buffer> {
  const keep = join(folder, into);
  const { version } = await scores.train(circle(), given, 1, { keep, data: 'circle', ...options });
  return readFileSync(checkpointPath(keep, 'scores', version));
}

describe('a checkpoint that does not fit is refused in words', () => {
  const train = (set: TrainingSet, given: object, seed: number, checkpoint: string) =>
    scores.train(set, given, seed, { checkpoint });
  const keptAt = async (): Promise<string> => {
    const { version } = await scores.train(circle(), {}, 1, { keep: folder, data: 'circle' });
    return checkpointPath(folder, 'scores', version);
  };

  it.each([
    ['other settings', circle(), { steps: 41 }, 1, /differs in the settings \(steps 41, not 40\)\.$/],
    ['another seed', circle(), {}, 2, /differs in the seed \(2, not 1\)\.$/],
    ['other data', circle(5), {}, 1, /differs in the data \(hash [0-9a-f]{12}, not [0-9a-f]{12}\)\.$/],
    [
      'another order of the same steps',
      backwards(circle()),
      {},
      1,
      /differs in the order of the histories \(hash [0-9a-f]{12}, not [0-9a-f]{12}\)\.$/,
    ],
    [
      'everything',
      circle(5),
      { flatAt: 50 },
      2,
      /the settings \(flatAt 50, not 0\), the seed \(2, not 1\) and the data \(hash/,
    ],
  ])('%s', async (_what, set, given, seed, message) => {
    const path = await keptAt();
    await expect(train(set, given, seed, path)).rejects.toThrowError(message);
    await expect(train(set, given, seed, path)).rejects.toThrowError(/was trained as scores on circle\./);
  });

  it('another revision of the model, beside whose weights new ones are trained', async () => {
    const path = await keptAt();
    const revised = scoresOf(2);
    await expect(revised.train(circle(), {}, 1, { checkpoint: path })).rejects.toThrowError(
      /differs in the model, which this version of Rehearsal makes otherwise\.$/,
    );
    const { version } = await revised.train(circle(), {}, 1, { keep: folder });
    expect(checkpointPath(folder, 'scores', version)).not.toBe(path);
    expect(readdirSync(folder).filter((name) => name.endsWith('.checkpoint'))).toHaveLength(2);
  });

  it('a training that is not finished', async () => {
    const path = await keptAt();
    const { header, parameters } = readCheckpoint(path);
    const doubled = { ...parameters, 'first w': parameters['w']! };
    writeCheckpoint(`${path}.part`, { header, parameters: doubled });
    await expect(train(circle(), {}, 1, `${path}.part`)).rejects.toMatchObject({
      message: `${path}.part is a scores whose training was not finished.`,
      hint: expect.stringContaining(`is called ${basename(path)}.`),
    });
  });

  it('another method', async () => {
    const path = await keptAt();
    const { header, parameters } = readCheckpoint(path);
    writeCheckpoint(path, { header: { ...header, method: 'others', version: 'o' }, parameters });
    await expect(train(circle(), {}, 1, path)).rejects.toThrowError(
      /trained as others on circle\. .* differs in the method \(scores, not others\)\.$/,
    );
  });

  it.each(['with', 'without'])('weights of another shape, %s digests', async (digests) => {
    const path = await keptAt();
    const { header } = readCheckpoint(path);
    if (digests === 'without') delete (header as { digests?: unknown }).digests;
    writeCheckpoint(path, { header, parameters: { w: { shape: [4], values: new Float32Array(4) } } });
    await expect(train(circle(), {}, 1, path)).rejects.toThrowError(
      /differs in the model, which this version of Rehearsal makes otherwise\.$/,
    );
  });

  it('one from before digests were written is served, and of other data it is said that nothing else differs', async () => {
    const path = await keptAt();
    const { header, parameters } = readCheckpoint(path);
    const { digests, ...old } = header;
    expect(Object.keys(digests!)).toEqual(['data', 'order']);
    writeCheckpoint(path, { header: old, parameters });
    expect((await train(circle(), {}, 1, path)).version).toBe(header.version);
    await expect(train(circle(5), {}, 1, path)).rejects.toThrowError(
      /differs in the data \(this checkpoint has no hash of its own\)\.$/,
    );
  });
});

it('a training whose weights nobody could keep does not begin', async () => {
  writeFileSync(join(folder, 'file'), '');
  const steps: number[] = [];
  const progress = ({ step }: { step: number }): void => void steps.push(step);
  await expect(trained('file/below', {}, { progress })).rejects.toThrow(/No folder can be made at .*below/);
  expect(steps).toEqual([]);
});

describe('a training that is stopped', () => {
  it.each([1, 20, 37, 39])('after step %i of 40 goes on to a checkpoint of the same bytes', async (last) => {
    const stop = new AbortController();
    const progress = ({ step }: { step: number }): void => void (step === last && stop.abort());
    await expect(trained('stopped', {}, { progress, interrupted: stop.signal })).rejects.toMatchObject({
      message: `The training was interrupted at step ${last} of 40.`,
    });
    expect((await trained('stopped')).equals(await trained('whole'))).toBe(true);
    expect(readdirSync(join(folder, 'stopped'))).toHaveLength(1);
  });
});

describe('a training that diverges', () => {
  it('leaves its last good weights as a checkpoint that can be served, and says where', async () => {
    const failed = await scores
      .train(circle(), { flatAt: 7 }, 1, { keep: folder, data: 'circle' })
      .then(() => undefined, (error: unknown) => error); // prettier-ignore
    const good = readdirSync(folder).find((name) => name.endsWith('.last-good'))!;
    expect(failed).toMatchObject({
      message: 'The training diverged: at step 7 the norm of the gradient is NaN.',
      hint: expect.stringContaining(
        `The weights of step 6, the last good ones, are in ${join(folder, good)}`,
      ),
    });
    const served = await scores.train(circle(), { flatAt: 7 }, 1, { checkpoint: join(folder, good) });
    expect((await served.recommend(requestOf({ k: 3 }))).items).toHaveLength(3);
    expect(readCheckpoint(join(folder, good)).header.figures).toMatchObject({ steps: 6, bestStep: 6 });
  });
});
