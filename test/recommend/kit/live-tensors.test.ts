// Reference counts as a property: whatever is composed of the kit's operations, once its outputs are released the
// backend holds what it held before, be it run at once, compiled, or with gradients; and a server holds the same after
// a hundred requests as after the first.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { attentionPlan, causalMask, selfAttention } from '../../../src/recommend/kit/attention.ts';
import {
  dropout,
  embed,
  embeddingPlan,
  feedForward,
  feedForwardPlan,
  linear,
  linearPlan,
  noNoise,
  normPlan,
  rmsNorm,
} from '../../../src/recommend/kit/layers.ts';
import {
  binaryCrossEntropy,
  codeCrossEntropy,
  logSumExpOf,
  tableCrossEntropy,
} from '../../../src/recommend/kit/losses.ts';
import { trainingStep } from '../../../src/recommend/kit/optimiser.ts';
import { initialise, toDevice, zerosLike } from '../../../src/recommend/kit/parameters.ts';
import {
  add,
  asFloat,
  compiled,
  concatenate,
  constant,
  download,
  exp,
  greaterEqual,
  log,
  logSoftmax,
  max,
  maximum,
  mean,
  minimum,
  multiply,
  openTensors,
  reciprocal,
  release,
  reshape,
  scope,
  silu,
  slice,
  softmax,
  softplus,
  sqrt,
  subtract,
  sum,
  upload,
  uploadIntegers,
  type Tensor,
  type Tensors,
} from '../../../src/recommend/kit/tensor.ts';
import { methods } from '../../../src/recommend/methods.ts';
import { requestOf, smallWorld } from '../../contracts/recommender.ts';
import { toySettingsOf } from '../toy-settings.ts';
import { countTensors, type Held } from './live-tensors.ts';

const [batch, time, width] = [2, 4, 8];
const heads = { width, heads: 2, groups: 1 };
const plans = {
  ...embeddingPlan('table', 12, width),
  ...normPlan('norm', width),
  ...linearPlan('linear', width, width),
  ...feedForwardPlan('forward', width, 16),
  ...attentionPlan('self', heads),
};

/** What may be done with one or two tensors [batch, time, width]; each gives another of that shape. */
type Operation = (a: Tensor, b: Tensor, p: Tensors, inputs: Tensors) => Tensor;
const wide = (a: Tensor): Tensor => reshape(a, [batch, time, 1]);
const operations: Readonly<Record<string, Operation>> = {
  add: (a, b) => add(a, b),
  subtract: (a, b) => subtract(a, b),
  multiply: (a, b) => multiply(a, b),
  'divide by a root': (a, b) => multiply(a, reciprocal(sqrt(add(multiply(b, b), 1)))),
  minimum: (a, b) => minimum(a, b),
  maximum: (a, b) => maximum(a, b),
  'negative exponential': (a) => exp(multiply(multiply(a, a), -1)),
  logarithm: (a) => log(softplus(a)),
  silu: (a) => silu(a),
  softmax: (a) => softmax(a),
  logSoftmax: (a) => logSoftmax(a),
  constant: (a, b) => add(a, constant(b)),
  'less its mean': (a) => subtract(a, mean(a, -1, true)),
  'less its largest': (a) => subtract(a, max(a, -1, true)),
  'by its sum': (a, b) => multiply(a, wide(sum(b, -1))),
  'its own logsumexp': (a) => add(a, wide(logSumExpOf(a))),
  'where it is larger': (a, b) => multiply(a, asFloat(greaterEqual(a, b))),
  'in another shape and back': (a) =>
    reshape(multiply(reshape(a, [batch, time * width]), 2), [batch, time, width]),
  'halves of two': (a, b) => concatenate([slice(a, 2, 0, 4), slice(b, 2, 4, width)], 2),
  'a norm': (a, _b, p) => rmsNorm(p, 'norm', a),
  'a linear layer': (a, _b, p) => linear(p, 'linear', a),
  'a feed-forward layer': (a, _b, p) => feedForward(p, 'forward', a),
  'an embedding': (a, _b, p, { rows }) => add(a, embed(p, 'table', rows!)),
  'self-attention': (a, _b, p) => selfAttention(p, 'self', a, 1, causalMask(time), noNoise),
  dropout: (a, _b, _p, { seed }) => dropout(0.3, seed!).drop(a),
  'the loss over a table': (a, b, p, { rows }) => add(b, wide(tableCrossEntropy(a, p['table']!, 11, rows!))),
  'the loss over codes': (a, b, _p, { codes }) => add(b, wide(codeCrossEntropy(a, codes!))),
  'the binary loss': (a, b) => binaryCrossEntropy(a, asFloat(greaterEqual(b, 0))),
};
const names = Object.keys(operations);

/** Steps of a program: an operation, and which of the tensors made so far it takes. */
const anyProgram = fc.array(
  fc.record({ name: fc.constantFrom(...names), a: fc.nat({ max: 9 }), b: fc.nat({ max: 9 }) }),
  { minLength: 1, maxLength: 5 },
);
type Program = readonly { readonly name: string; readonly a: number; readonly b: number }[];

function run(program: Program, p: Tensors, inputs: Tensors): Tensor {
  const made = [inputs['x']!, inputs['y']!];
  for (const { name, a, b } of program)
    made.push(operations[name]!(made[a % made.length]!, made[b % made.length]!, p, inputs));
  return made.at(-1)!;
}

let held: () => Held;
let stop: () => void;
beforeAll(async () => {
  await openTensors();
  ({ held, stop } = await countTensors());
});
afterAll(() => stop());

describe('what is composed of the operations of the kit', () => {
  const random = randomFrom('live-tensors');
  const floats = () => Float32Array.from({ length: batch * time * width }, () => random.normal());
  const integers = (below: number) => Int32Array.from({ length: batch * time }, () => random.integer(below));
  const opened = () => ({
    inputs: {
      x: upload(floats(), [batch, time, width]),
      y: upload(floats(), [batch, time, width]),
      rows: uploadIntegers(integers(11), [batch, time]),
      codes: uploadIntegers(integers(width), [batch, time]),
      seed: uploadIntegers(Int32Array.of(5), []),
    },
    parameters: toDevice(initialise(plans, random)),
  });

  /** Runs `compute`, reads and releases what it returns, and compares with what was held before it. */
  function leavesNothing(compute: () => Tensors): void {
    const before = held();
    const outputs = compute();
    for (const tensor of Object.values(outputs)) download(tensor);
    release(outputs);
    expect(held()).toEqual(before);
  }

  it('run at once, leaves nothing behind', () => {
    const { inputs, parameters } = opened();
    fc.assert(
      fc.property(anyProgram, (program) =>
        leavesNothing(() => scope(() => ({ made: run(program, parameters, inputs) }))),
      ),
      { numRuns: 60, seed: 1, examples: names.map((name) => [[{ name, a: 0, b: 1 }]]) },
    );
    release(inputs, parameters);
  });

  it('compiled, leaves nothing behind after the first call', () => {
    const { inputs, parameters } = opened();
    fc.assert(
      fc.property(anyProgram, (program) => {
        const compute = compiled((p, b) => ({ made: run(program, p!, b!) }));
        release(compute(parameters, inputs));
        for (let call = 0; call < 2; call++) leavesNothing(() => compute(parameters, inputs));
      }),
      { numRuns: 40, seed: 2 },
    );
    release(inputs, parameters);
  });

  it('trained for a step, leaves the new state behind and nothing else', () => {
    const { inputs } = opened();
    const host = initialise(plans, random);
    const state = {
      parameters: toDevice(host),
      first: toDevice(zerosLike(host)),
      second: toDevice(zerosLike(host)),
    };
    const settings = { rate: 0.01, warmUpSteps: 1, steps: 9, decay: 0.01, clip: 1 };
    fc.assert(
      fc.property(anyProgram, (program) => {
        // Every weight has a part in the loss, so that each has a gradient.
        const all = (p: Tensors): Tensor =>
          Object.values(p).map((weight) => sum(multiply(weight, weight))).reduce((a, b) => add(a, b)); // prettier-ignore
        const step = trainingStep((p, b) => add(mean(run(program, p, b)), all(p)), settings);
        const compute = (): Tensors => {
          const { state: next, loss, norm } = step(state, inputs, 1, 5);
          release(next.first, next.second);
          return { ...next.parameters, ' loss': loss, ' norm': norm };
        };
        release(compute());
        leavesNothing(compute);
      }),
      { numRuns: 12, seed: 3 },
    );
    release(inputs, state.parameters, state.first, state.second);
  });

  it('a tensor that nobody releases is found out', () => {
    const before = held();
    const numbers = () => upload(floats(), [batch, time, width]);
    let forgotten: Tensor | undefined;
    const forgets = (): Tensors => {
      forgotten = numbers();
      return { made: numbers() };
    };
    expect(() => leavesNothing(forgets)).toThrowError();
    expect(held()).toEqual({ arrays: before.arrays + 1, bytes: before.bytes + 4 * batch * time * width });
    forgotten!.dispose();
    expect(held()).toEqual(before);
  });
});

describe('a model that serves', () => {
  const withWeights = Object.values(methods).filter((method) => method.hasWeights);

  it.each(withWeights)('$name holds as much after a hundred requests as after the first', async (method) => {
    const world = smallWorld();
    const settings = { ...(toySettingsOf(method.name) as object), epochs: 0 };
    const recommender = await method.train(world, settings, 1);
    const request = (at: number) => {
      const history = Array.from({ length: at % 6 }, (_, step) => ({ item: `item-${(at * 7 + step * 5) % 60}`, time: step, value: 5 })); // prettier-ignore
      return requestOf({ history, k: 10, seed: at });
    };
    await recommender.recommend(request(0));
    const [before, memory] = [held(), process.memoryUsage()];
    for (let at = 0; at < 100; at++) await recommender.recommend(request(at));
    expect(held()).toEqual(before);
    const { arrayBuffers, external } = process.memoryUsage();
    expect(arrayBuffers + external - memory.arrayBuffers - memory.external).toBeLessThan(8e6);
  });
});
