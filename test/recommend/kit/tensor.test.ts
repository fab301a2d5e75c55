import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { selfAttention, attentionPlan } from '../../../src/recommend/kit/attention.ts';
import { inBatches } from '../../../src/recommend/kit/batching.ts';
import { noNoise } from '../../../src/recommend/kit/layers.ts';
import { packPieces, piecesOf, writeRows } from '../../../src/recommend/kit/packing.ts';
import { initialise, toDevice } from '../../../src/recommend/kit/parameters.ts';
import {
  add,
  compiled,
  countMultiplications,
  download,
  dropEntries,
  einsum,
  multiply,
  openTensors,
  release,
  scope,
  sum,
  takeRows,
  upload,
  uploadIntegers,
  withGradients,
} from '../../../src/recommend/kit/tensor.ts';

const ones = (...shape: number[]) =>
  upload(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);

describe('tensors', () => {
  beforeAll(openTensors);

  it('what does not go into the memory of WebAssembly is told as such, and leaves it usable', () => {
    const [rows, columns] = [ones(50_000, 1), ones(1, 50_000)];
    const table = compiled((inputs) => ({ table: add(inputs!['rows']!, inputs!['columns']!) }));
    expect(() => table({ rows, columns })).toThrow(/needs more than the 4 GiB of memory/);
    const [few, more] = [ones(2, 1), ones(1, 3)];
    const { table: small } = table({ rows: few, columns: more });
    expect([...download(small!)]).toEqual([2, 2, 2, 2, 2, 2]);
    release({ rows, columns, few, more, small: small! });
  });

  it('an operation consumes nothing; a scope frees all but what it returns', () => {
    const x = ones(2, 2);
    const { kept } = scope(() => {
      const twice = add(x, x);
      expect(twice.refCount).toBe(1);
      return { kept: multiply(twice, twice) };
    });
    expect([x.refCount, kept.refCount]).toEqual([1, 1]);
    expect([...download(kept)]).toEqual([4, 4, 4, 4]);
    release({ x, kept });
    expect(() => x.refCount === 0 && download(x)).toThrowError();
  });

  it('nothing can be made where nobody would free it', () => {
    const x = ones(2);
    expect(() => add(x, 1)).toThrowError(/outside of any scope/);
    release({ x });
  });

  it('the gradient of summed rows needs the scale that takeRows insists on (canary of a bug in jax-js)', () => {
    const [table, rows] = [ones(4, 4), uploadIntegers(Int32Array.of(1, 1, 3, 0), [4])];
    const compute = compiled(
      (p) => withGradients(p!, (inner) => sum(takeRows(inner['table']!, rows, 2))).gradients,
    );
    const { table: gradient } = compute({ table });
    expect([...download(gradient!)].filter((_, at) => at % 4 === 0)).toEqual([2, 4, 0, 2]);
    release({ table, rows, gradient: gradient! });
    expect(() => takeRows(table, rows, 1)).toThrowError(/other than 1/);
  });

  it('counts the multiplications of attention as its formula does', () => {
    const [batch, time, width, groups] = [2, 12, 16, 2] as const;
    const parameters = toDevice(initialise(attentionPlan('a', { width, heads: 4, groups }), randomFrom(1)));
    const x = ones(batch, time, width);
    const grouped = (width / 4) * groups;
    const counted = countMultiplications(() => selfAttention(parameters, 'a', x, groups, undefined, noNoise));
    expect(counted).toBe(
      batch * time * (2 * width * width + 2 * width * grouped) + 2 * batch * time * time * width,
    );
    expect(countMultiplications(() => einsum('nd,vd->nv', ones(3, 5), ones(7, 5)))).toBe(105);
    release(parameters, { x });
  });

  it('dropout keeps the mean and repeats for a seed', () => {
    const x = ones(64, 64);
    const dropped = (seed: number): Float32Array => {
      const key = uploadIntegers(Int32Array.of(seed), []);
      const outputs = scope(() => ({ y: dropEntries(x, 0.25, key) }));
      const values = download(outputs.y);
      release(outputs, { key });
      return values;
    };
    const values = dropped(3);
    expect(values.filter((value) => value === 0).length / values.length).toBeCloseTo(0.25, 1);
    expect(values.reduce((total, value) => total + value, 0) / values.length).toBeCloseTo(1, 1);
    expect(dropped(3)).toEqual(values);
    expect(dropped(4)).not.toEqual(values);
    release({ x });
  });
});

describe('packing', () => {
  const anySequences = fc.array(
    fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 30 }).map((steps) => Int32Array.from(steps)),
    { minLength: 1, maxLength: 20 },
  );

  it('predicts every step once, from the one before it, and loses no piece', () => {
    fc.assert(
      fc.property(anySequences, fc.constantFrom(4, 8, 16), (sequences, length) => {
        const pieces = sequences.flatMap((sequence, source) =>
          piecesOf(sequence, length, 99).map((piece) => ({ ...piece, source })),
        );
        const pairs = (all: readonly { inputs: Int32Array; targets: Int32Array }[]): string[] =>
          all
            .flatMap(({ inputs, targets }) => [...inputs].map((input, at) => `${input}>${targets[at]}`))
            .sort();
        const wanted = sequences.flatMap((sequence) =>
          [...sequence].map((target, at) => `${at === 0 ? 99 : sequence[at - 1]}>${target}`),
        );
        expect(pairs(pieces)).toEqual(wanted.sort());
        const rows = packPieces(pieces, length, randomFrom(1));
        expect(pairs(rows.flat())).toEqual(wanted);
        const written = writeRows(rows, rows.length + 1, length, 99);
        expect(written.weights.reduce((total, one) => total + one, 0)).toBe(wanted.length);
        for (let at = 0; at < written.inputs.length; at++) {
          expect(written.segments[at] === -1).toBe(written.weights[at] === 0);
          const source = written.sources[at]!;
          expect(source === -1).toBe(written.segments[at] === -1);
          if (source >= 0) expect(sequences[source]).toContain(written.targets[at]);
          if (at % length > 0 && written.positions[at]! > 0) {
            expect(written.segments[at]).toBe(written.segments[at - 1]);
          }
        }
      }),
      { numRuns: 50, seed: 5 },
    );
  });
});

describe('inBatches', () => {
  it('answers each call with its own output, at most `size` at once, and rejects a failed batch alone', async () => {
    const sizes: number[] = [];
    const ask = inBatches(4, (inputs: readonly number[]) => {
      sizes.push(inputs.length);
      if (inputs.includes(-1)) throw new Error('no');
      return inputs.map((input) => input * 2);
    });
    const answers = await Promise.allSettled([1, 2, 3, 4, -1, 5].map((input) => ask(input)));
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      2,
      4,
      6,
      8,
      'failed',
      'failed',
    ]);
    expect(sizes).toEqual([4, 2]);
    expect(await ask(9)).toBe(18);
  });
});
