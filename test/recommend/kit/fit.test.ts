import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { causalMask } from '../../../src/recommend/kit/attention.ts';
import { readCheckpoint, writeCheckpoint } from '../../../src/recommend/kit/checkpoint.ts';
import {
  deviceBatch,
  fit,
  type FitPlan,
  type Fitted,
  type HostBatch,
  type Snapshot,
} from '../../../src/recommend/kit/fit.ts';
import {
  dropout,
  embed,
  embeddingPlan,
  linear,
  linearPlan,
  noNoise,
  weight,
} from '../../../src/recommend/kit/layers.ts';
import { codeCrossEntropy, weightedMean } from '../../../src/recommend/kit/losses.ts';
import { rateAt, trainingStep } from '../../../src/recommend/kit/optimiser.ts';
import {
  initialise,
  normal,
  toDevice,
  weightsHash,
  zerosLike,
} from '../../../src/recommend/kit/parameters.ts';
import { fileKeeper } from '../../../src/recommend/kit/snapshot.ts';
import {
  add,
  compiled,
  download,
  multiply,
  openTensors,
  release,
  sqrt,
  takeRows,
  type Tensor,
  type Tensors,
} from '../../../src/recommend/kit/tensor.ts';
import { stack, stackPlan } from '../../../src/recommend/kit/transformer.ts';

// The copy task: four tokens and the same four again. Only attention to the place three back solves it.
const symbols = 8;
const half = 4;
const length = 2 * half;
const shape = { width: 32, heads: 4, groups: 2, layers: 2, expansion: 2 };
const plans = {
  ...embeddingPlan('symbols', symbols, shape.width),
  places: normal([length, shape.width], 0.3),
  ...stackPlan('body', shape, { cross: false }),
  ...linearPlan('head', shape.width, symbols),
};

function logits(parameters: Tensors, batch: Tensors, noise = noNoise): Tensor {
  const x = add(
    embed(parameters, 'symbols', batch['inputs']!),
    multiply(takeRows(weight(parameters, 'places'), batch['places']!, 2), 0.5),
  );
  return linear(parameters, 'head', stack(parameters, 'body', shape, x, { self: causalMask(length) }, noise));
}

function copyBatch(step: number): HostBatch {
  const random = randomFrom('copy-task', step);
  const rows = 16;
  const inputs = new Int32Array(rows * length);
  const targets = new Int32Array(rows * length);
  const weights = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const word = Array.from({ length: half }, () => random.integer(symbols));
    for (let place = 0; place < length; place++) {
      const at = row * length + place;
      inputs[at] = word[place % half]!;
      targets[at] = word[(place + 1) % half]!;
      weights[at] = place >= half - 1 && place < length - 1 ? 1 : 0;
    }
  }
  const places = Int32Array.from({ length: rows * length }, (_, at) => at % length);
  const of = (values: Int32Array | Float32Array) => ({ shape: [rows, length], values });
  return {
    tokens: rows * half,
    arrays: { inputs: of(inputs), targets: of(targets), weights: of(weights), places: of(places) },
  };
}

function copyPlan(steps: number, fields: Partial<FitPlan> = {}): FitPlan {
  return {
    initial: initialise(plans, randomFrom('copy-weights')),
    loss: (parameters, batch, seed) =>
      weightedMean(
        codeCrossEntropy(logits(parameters, batch, dropout(0.05, seed)), batch['targets']!),
        batch['weights']!,
      ),
    optimiser: { rate: 0.004, warmUpSteps: 20, steps, decay: 0.01, clip: 1 },
    batch: copyBatch,
    seed: 1,
    ...fields,
  };
}

describe('fit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-fit-'));
  beforeAll(openTensors);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('solves a copy task, which needs attention to one place', { timeout: 240_000 }, async () => {
    const fitted = await fit(copyPlan(250));
    const predict = compiled((p, b) => ({ logits: logits(p!, b!) }));
    const parameters = toDevice(fitted.parameters);
    const host = copyBatch(100_000);
    const batch = deviceBatch(host);
    const outputs = predict(parameters, batch);
    const found = download(outputs.logits);
    release(outputs, batch, parameters);
    const { targets, weights } = host.arrays as Record<string, { values: Int32Array | Float32Array }>;
    let right = 0;
    let all = 0;
    for (let at = 0; at < targets!.values.length; at++) {
      if (weights!.values[at] === 0) continue;
      const row = found.subarray(at * symbols, (at + 1) * symbols);
      if (row.indexOf(Math.max(...row)) === targets!.values[at]) right++;
      all++;
    }
    expect(right / all).toBeGreaterThan(0.95);
  });

  it('gives the same weights for the same seed, and others for another', async () => {
    const hash = async (seed: number) => weightsHash((await fit(copyPlan(6, { seed }))).parameters);
    const first = await hash(1);
    expect(await hash(1)).toBe(first);
    expect(await hash(2)).not.toBe(first);
  });

  it('goes on from a stop to the same bytes', async () => {
    const header = { method: 'copy', version: 'v1', data: 'copies', settings: {}, seed: 1 };
    const { initial } = copyPlan(10);
    const score = (parameters: Tensors): number => download(parameters['head.bias']!)[0]!;
    const validation = { every: 4, patience: 100, score };
    const whole = await fit(copyPlan(10, { validation }));
    const keeper = fileKeeper(join(folder, 'copy.part'), header, initial);
    const stop = new AbortController();
    const progress = ({ step }: { step: number }): void => void (step === 7 && stop.abort());
    const stopped = fit(copyPlan(10, { validation, keeper, progress, interrupted: stop.signal }));
    await expect(stopped).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/step 7 of 10/),
    });
    const told: (readonly [number, number])[] = [];
    const resumed = await fit(
      copyPlan(10, { validation, keeper, progress: ({ from, step }) => void told.push([from, step]) }),
    );
    expect(weightsHash(resumed.parameters)).toBe(weightsHash(whole.parameters));
    expect(resumed.looks).toEqual(whole.looks);
    expect(told).toEqual([
      [7, 8],
      [7, 9],
      [7, 10],
    ]);
    const other = fileKeeper(join(folder, 'copy.part'), { ...header, version: 'v2' }, initial);
    expect(other.load()).toBeUndefined();
  });

  it('a snapshot of another model, or without its step, is refused with what to do', async () => {
    const path = join(folder, 'foreign.part');
    const header = { method: 'copy', version: 'v1', data: 'd', settings: {}, seed: 1 };
    const { initial } = copyPlan(4);
    const keeper = fileKeeper(path, header, initial);
    const stop = new AbortController();
    const progress = ({ step }: { step: number }): void => void (step === 2 && stop.abort());
    const stopped = fit(copyPlan(4, { keeper, progress, interrupted: stop.signal }));
    await expect(stopped).rejects.toMatchObject({ exitCode: 3 });
    const kept = readCheckpoint(path);
    writeCheckpoint(path, { ...kept, header: { ...kept.header, figures: { stfp: 4 } } });
    expect(() => keeper.load()).toThrow(
      /foreign.part is not a whole checkpoint: it does not say at which step/,
    );
    const { 'first head.bias': moved, ...others } = kept.parameters;
    writeCheckpoint(path, { ...kept, parameters: { ...others, 'first head.bibs': moved! } });
    const refused = fit(copyPlan(4, { keeper }));
    await expect(refused).rejects.toThrow(/foreign.part was left by a training of another model/);
  });

  it('a snapshot from before losses were kept is gone on with, and the loss is said to be unknown', async () => {
    const path = join(folder, 'old.part');
    const keeper = fileKeeper(
      path,
      { method: 'copy', version: 'v1', data: 'd', settings: {}, seed: 1 },
      copyPlan(1).initial,
    );
    const stop = new AbortController();
    const progress = ({ step }: { step: number }): void => void (step === 18 && stop.abort());
    const stopped = fit(copyPlan(20, { keeper, progress, interrupted: stop.signal }));
    await expect(stopped).rejects.toMatchObject({ exitCode: 3 });
    const whole = await fit(copyPlan(20));
    expect((await fit(copyPlan(20, { keeper }))).loss).toBe(whole.loss);
    const { header, parameters } = readCheckpoint(path);
    const { losses, ...old } = parameters;
    expect(losses!.shape).toEqual([2]);
    writeCheckpoint(path, { header, parameters: old });
    expect((await fit(copyPlan(20, { keeper }))).loss).toBe(whole.loss);
    expect((await fit(copyPlan(19, { keeper }))).loss).toBeNull();
  });

  it('keeps the weights of the best look, and ends when patience is over', async () => {
    const scores = [1, 3, 2, 2, 2, 9];
    let look = 0;
    const validation = { every: 1, patience: 3, score: () => scores[look++]! };
    const fitted = await fit(copyPlan(50, { validation }));
    expect(fitted).toMatchObject({ steps: 5, bestStep: 2 });
    const two = await fit(copyPlan(50, { validation: { every: 1, patience: 1, score: () => -look++ } }));
    expect(two).toMatchObject({ steps: 2, bestStep: 1 });
  });

  it('stops at a loss that is no number, says where, and goes on once its cause is gone', async () => {
    const batch = (step: number): HostBatch => {
      const host = copyBatch(step);
      if (step === 3) host.arrays['weights']!.values.fill(Number.NaN);
      return host;
    };
    await expect(fit(copyPlan(9, { batch }))).rejects.toThrowError(/diverged: at step 3 the loss is NaN/);
    let kept: Snapshot | undefined;
    const keeper = { load: () => undefined, save: (snapshot: Snapshot) => (kept = snapshot) };
    await expect(fit(copyPlan(9, { batch, keeper }))).rejects.toMatchObject({
      hint: expect.stringContaining('The same command goes on from step 2 and stops there again.'),
    });
    expect(kept).toMatchObject({ step: 2 });
    const last = await fit(copyPlan(9, { batch: copyBatch, keeper: { ...keeper, load: () => kept } }));
    expect(weightsHash(last.parameters)).toBe(weightsHash((await fit(copyPlan(9))).parameters));
  });

  describe('where the loss is a number and its gradient is not', () => {
    /** √(mean of (p w)²) is 0 where p is 0, and its gradient there 0 × ∞. */
    const rootPlan = (steps: number, flatAt: number, fields: Partial<FitPlan> = {}): FitPlan => ({
      initial: initialise({ w: normal([4, 4], 1) }, randomFrom('root')),
      loss: (parameters, batch) => {
        const scaled = multiply(parameters['w']!, batch['p']!);
        return sqrt(weightedMean(multiply(scaled, scaled), batch['one']!));
      },
      optimiser: { rate: 0.1, warmUpSteps: 1, steps, decay: 0, clip: 1 },
      batch: (step) => ({
        tokens: 1,
        arrays: {
          p: { shape: [4, 4], values: new Float32Array(16).fill(step === flatAt ? 0 : 1) },
          one: { shape: [4, 4], values: new Float32Array(16).fill(1) },
        },
      }),
      seed: 1,
      ...fields,
    });
    const header = { method: 'root', version: 'v', data: 'd', settings: {}, seed: 1 };

    it.each([
      ['in the middle', 9],
      ['at the last step', 3],
    ])('the training stops %s, and no weight that is no number is kept', async (_where, steps) => {
      const keeper = fileKeeper(join(folder, 'root.part'), header, rootPlan(1, 1).initial);
      keeper.forget();
      await expect(fit(rootPlan(steps, 3, { keeper }))).rejects.toThrowError(
        /diverged: at step 3 the norm of the gradient is NaN/,
      );
      expect(keeper.load()).toMatchObject({ step: 2 });
    });

    it('the weights of the best look are rescued where there is one, else those of the last step', async () => {
      const scores = [1, 3, 2];
      const validation = { every: 1, patience: 9, score: () => scores.shift()! };
      const steps: number[] = [];
      const rescue = (good: Fitted): string => `place ${steps.push(good.bestStep)}`;
      await expect(fit(rootPlan(9, 4, { rescue, validation }))).rejects.toMatchObject({
        hint: expect.stringContaining('The weights of step 2, the last good ones, are in place 1'),
      });
      await expect(fit(rootPlan(9, 4, { rescue }))).rejects.toMatchObject({
        hint: expect.stringContaining('The weights of step 3, the last good ones, are in place 2'),
      });
      await expect(fit(rootPlan(9, 1, { rescue }))).rejects.toMatchObject({
        hint: expect.not.stringContaining('place'),
      });
      expect(steps).toEqual([2, 3]);
    });

    it('a look without a score is none, nor is it passed over by the same command', async () => {
      const keeper = fileKeeper(join(folder, 'look.part'), header, rootPlan(1, 1).initial);
      const validation = { every: 2, patience: 9, score: () => scores.shift()! };
      const scores = [1, Number.NaN, Number.NaN];
      for (let again = 0; again < 2; again++) {
        await expect(fit(rootPlan(4, 0, { validation, keeper }))).rejects.toMatchObject({
          message: 'The training diverged: at step 4 the validation score is NaN.',
          hint: expect.stringContaining('goes on from step 2 and stops there again'),
        });
      }
    });
  });

  it('holds no tensor longer than a step: reference counts stay flat over 2,000 steps', () => {
    const step = trainingStep((p, b) => weightedMean(multiply(p['w']!, b['x']!), b['x']!), {
      rate: 1e-3,
      warmUpSteps: 1,
      steps: 2000,
      decay: 0,
      clip: 1,
    });
    const host = initialise({ w: normal([64, 64], 1) }, randomFrom(1));
    const device = () => toDevice(zerosLike(host));
    let state = { parameters: toDevice(host), first: device(), second: device() };
    const batch = deviceBatch({
      tokens: 1,
      arrays: { x: { shape: [64, 64], values: new Float32Array(4096).fill(0.5) } },
    });
    const resident: number[] = [];
    for (let at = 1; at <= 2000; at++) {
      const outcome = step(state, batch, at, at);
      download(outcome.loss);
      release(state.parameters, state.first, state.second, { a: outcome.loss, b: outcome.norm });
      state = outcome.state;
      if (at % 500 === 0) resident.push(process.memoryUsage().arrayBuffers + process.memoryUsage().external);
      for (const tensor of [batch['x']!, state.parameters['w']!]) expect(tensor.refCount).toBe(1);
    }
    // Sixteen kilobytes a tensor: one left behind at each step would be 24 megabytes.
    expect(resident.at(-1)! - resident[0]!).toBeLessThan(8e6);
    release(state.parameters, state.first, state.second, batch);
  });
});

describe('rateAt', () => {
  it('rises to the rate over the warm-up and falls to a tenth of it', () => {
    const settings = { rate: 2, warmUpSteps: 10, steps: 110, decay: 0, clip: 1 };
    expect(rateAt(5, settings)).toBe(1);
    expect(rateAt(10, settings)).toBe(2);
    expect(rateAt(60, settings)).toBeCloseTo(1.1, 12);
    expect(rateAt(110, settings)).toBeCloseTo(0.2, 12);
  });
});

describe('a checkpoint file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-checkpoint-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'a.checkpoint');
  const header = {
    method: 'copy',
    version: 'v',
    data: 'd',
    settings: { scale: 's' },
    seed: 3,
    figures: { steps: 1 },
  };

  it('comes back as it was written, to the bit', () => {
    const parameters = initialise(plans, randomFrom(5));
    writeCheckpoint(path, { header, parameters });
    const read = readCheckpoint(path);
    expect(read.header).toEqual(header);
    expect(weightsHash(read.parameters)).toBe(weightsHash(parameters));
  });

  it('is written beside what others are still writing', () => {
    writeFileSync(`${path}.writing`, 'half');
    writeCheckpoint(path, { header, parameters: initialise(plans, randomFrom(5)) });
    expect(readFileSync(`${path}.writing`, 'utf8')).toBe('half');
    expect(readCheckpoint(path).header).toEqual(header);
  });

  it('takes away what killed writers left an hour ago or before', () => {
    const left = [`${path}.${randomUUID()}.writing`, `${path}.part.${randomUUID()}.part`];
    for (const each of left) writeFileSync(each, 'half');
    utimesSync(left[1]!, 0, 0);
    writeCheckpoint(path, { header, parameters: initialise(plans, randomFrom(5)) });
    expect(left.map((each) => existsSync(each))).toEqual([true, false]);
    rmSync(left[0]!);
  });

  it('is refused when it is missing, cut, changed or something else', () => {
    const bytes = readFileSync(path);
    const written = (data: Buffer | string): string => {
      const other = join(folder, 'b.checkpoint');
      writeFileSync(other, data);
      return other;
    };
    expect(() => readCheckpoint(join(folder, 'none'))).toThrowError(/no checkpoint at/);
    expect(() => readCheckpoint(written(bytes.subarray(0, bytes.length - 5)))).toThrowError(
      /bytes of weights where/,
    );
    expect(() => readCheckpoint(written(bytes.subarray(0, 20)))).toThrowError(/first line/);
    const changed = Buffer.from(bytes);
    changed[changed.length - 1]! ^= 1;
    expect(() => readCheckpoint(written(changed))).toThrowError(/hash/);
    expect(() => readCheckpoint(written('{"format": "other"}\n'))).toThrowError(/first line/);
  });
});
