import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { encoderDecoderBody, forwardMultiplications, lazyBody } from '../../src/recommend/code-body.ts';
import { readCheckpoint } from '../../src/recommend/kit/checkpoint.ts';
import { deviceBatch } from '../../src/recommend/kit/fit.ts';
import { countWeights, initialise, toDevice } from '../../src/recommend/kit/parameters.ts';
import { compiled, download, openTensors, release } from '../../src/recommend/kit/tensor.ts';
import { lazyPlans } from '../../src/recommend/lazy-decoder.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { newestSteps } from '../../src/recommend/newest.ts';
import { nextItemBatch } from '../../src/recommend/semantic-validation.ts';
import { tokenise } from '../../src/recommend/tokenise.ts';
import { requestOf } from '../contracts/recommender.ts';
import { circle, onTheCircle } from './circle.ts';

const slow = { timeout: 240_000 };
const settings = {
  scale: 'xs',
  levels: 2,
  codes: 4,
  beam: 13,
  epochs: 12,
  history: 8,
  rate: 0.01,
  validationPeople: 0,
};

/** Three codes of 64 for 64 items, none to tell apart: the sizes of the paper's comparison at 64 wide. */
function comparedPlans(history: number) {
  const random = randomFrom('lazy');
  const vectors = Float64Array.from({ length: 256 * 8 }, () => random.normal());
  const tokens = tokenise(vectors, 8, { levels: 2, codes: 64, balanced: false }, random);
  const shape = { width: 64, heads: 4, groups: 4, layers: 2, expansion: 4 };
  const plan = { shape, levels: 3, codes: 64, length: history };
  const lazy = { ...plan, shape: { ...shape, layers: 4 }, contexts: 1, valuesApart: false };
  return { plan, lazy, tokens, random };
}

describe('onerec-v2', () => {
  beforeAll(openTensors);

  it('learns from newest steps alone what follows, whether or not heads share their keys', slow, async () => {
    const keep = mkdtempSync(join(tmpdir(), 'onerec-'));
    try {
      const losses: number[] = [];
      for (const groups of [1, 2]) {
        const recommender = await methodNamed('onerec-v2').train(circle(), { ...settings, groups }, 1, {
          keep,
        });
        for (const [past, next] of onTheCircle) {
          const { items } = await recommender.recommend(requestOf({ history: past, k: 13 }));
          expect(items[0]!.id).toBe(next);
        }
        const file = readdirSync(keep).find((name) => name.includes(recommender.version.slice(0, 16)))!;
        losses.push(Number(readCheckpoint(join(keep, file)).header.figures['loss']));
      }
      expect(Math.abs(losses[0]! - losses[1]!)).toBeLessThan(0.05);
    } finally {
      rmSync(keep, { recursive: true });
    }
  });

  it('asks no less of an encoder and decoder: equal blocks, and the multiplications of the paper', () => {
    for (const [history, saving] of [
      [52, 0.86],
      [152, 0.93],
      [512, 0.97],
    ] as const) {
      const { plan, lazy, tokens, random } = comparedPlans(history);
      const [encoding, lazily] = [encoderDecoderBody(plan), lazyBody(lazy)];
      const blocks = (plans: typeof encoding.plans): number =>
        countWeights(
          Object.fromEntries(
            Object.entries(plans).filter(
              ([name, { shape }]) => /^(encoder|decoder|lazy)\.\d/.test(name) && shape.length === 2,
            ),
          ),
        );
      expect(blocks(lazily.plans)).toBe(56 * 64 * 64);
      expect(blocks(encoding.plans)).toBe(56 * 64 * 64);
      const cases = [{ past: Int32Array.of(1, 2, 3), next: 4 }];
      const [full, less] = [encoding, lazily].map((body, at) =>
        forwardMultiplications(body, nextItemBatch(cases, 1, tokens, at === 0 ? plan : lazy), random),
      );
      expect(Math.abs(1 - less! / full! - saving)).toBeLessThan(0.015);
    }
  });

  it('has no weights that make keys or values of the history, and one tensor is both', () => {
    const { lazy } = comparedPlans(52);
    const names = Object.keys(lazyPlans(lazy));
    expect(names.filter((name) => /cross\.(key|value)/.test(name))).toEqual([]);
    expect(names.filter((name) => name.startsWith('context.norm'))).toHaveLength(1);
    const apart = Object.keys(lazyPlans({ ...lazy, valuesApart: true, contexts: 2 }));
    expect(apart.filter((name) => name.startsWith('context.norm'))).toHaveLength(4);
  });

  it.each([false, true])(
    'with values apart %s, keys and values are cut from the context one after the other',
    (apart) => {
      const { lazy, tokens, random } = comparedPlans(12);
      const plan = { ...lazy, valuesApart: apart, contexts: 2 };
      const body = lazyBody(plan);
      const parameters = toDevice(initialise(body.plans, random));
      const read = compiled((weights, batch) => body.model.read(weights!, batch!));
      const batch = deviceBatch(nextItemBatch([{ past: Int32Array.of(5, 6), next: 0 }], 1, tokens, plan));
      const outputs = read(parameters, batch);
      const parts = ['keys 0', 'values 0', 'keys 1', 'values 1'].map((name) =>
        download(outputs[name]!).join(),
      );
      expect(new Set(parts).size).toBe(apart ? 4 : 2);
      expect(parts[0] === parts[1]).toBe(!apart);
      release(outputs, batch, parameters);
    },
  );

  it('no token of the context sees another', () => {
    const { lazy, tokens, random } = comparedPlans(12);
    const body = lazyBody(lazy);
    const parameters = toDevice(initialise(body.plans, random));
    const read = compiled((weights, batch) => body.model.read(weights!, batch!));
    const keysOf = (...past: number[]): Float32Array => {
      const batch = deviceBatch(nextItemBatch([{ past: Int32Array.from(past), next: 0 }], 1, tokens, lazy));
      const outputs = read(parameters, batch);
      const keys = download(outputs['keys 0']!);
      release(outputs, batch);
      return keys;
    };
    const [one, other] = [keysOf(5, 6, 7), keysOf(5, 9, 7)];
    const token = (keys: Float32Array, place: number) => keys.slice(place * 64, (place + 1) * 64);
    expect(token(one, 1)).toEqual(token(other, 1));
    expect(token(one, 2)).not.toEqual(token(other, 2));
    expect(token(one, 3)).toEqual(token(other, 3));
    release(parameters);
  });

  it('refuses groups that do not divide the heads, and more contexts than layers', async () => {
    await expect(
      methodNamed('onerec-v2').train(circle(), { ...settings, groups: 3 }, 1),
    ).rejects.toThrowError(/divide the 2 heads/);
    await expect(
      methodNamed('onerec-v2').train(circle(), { ...settings, contexts: 3 }, 1),
    ).rejects.toThrowError(/at most 2 contexts/);
  });
});

describe('training on the newest step', () => {
  it('meets every step of every history once an epoch, with what came before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 6 }),
        (histories, rows) => {
          const sequences = histories.map((one) => Int32Array.from(one));
          const newest = newestSteps(sequences, { rows, length: 4 }, 1);
          const met = Array.from({ length: newest.stepsPerEpoch }, (_, at) => newest.cases(at + 1)).flat();
          const wanted = histories.flatMap((one) =>
            one.map((next, at) => [...one.slice(Math.max(0, at - 3), at), '→', next].join(' ')),
          );
          const found = met.map(({ past, next }) => [...past, '→', next].join(' '));
          expect(found.sort()).toEqual(wanted.sort());
          const again = newestSteps(sequences, { rows, length: 4 }, 1);
          expect(again.cases(newest.stepsPerEpoch + 1)).toEqual(newest.cases(newest.stepsPerEpoch + 1));
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });
});
