// Every layer and loss of the kit: gradients against differences in float64, at random places of every weight.

import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import {
  attendTo,
  attentionPlan,
  causalMask,
  intoGroups,
  keysAndValues,
  lazyAttentionPlan,
  segmentMask,
  selfAttention,
} from '../../../src/recommend/kit/attention.ts';
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
  tableCrossEntropy,
  weightedMean,
} from '../../../src/recommend/kit/losses.ts';
import { lossAndGradients } from '../../../src/recommend/kit/optimiser.ts';
import { initialise, normal, toDevice, type WeightPlans } from '../../../src/recommend/kit/parameters.ts';
import {
  download,
  minimum,
  multiply,
  openTensors,
  release,
  reshape,
  scope,
  sum,
  upload,
  uploadIntegers,
  type Tensor,
  type Tensors,
} from '../../../src/recommend/kit/tensor.ts';
import { lazyBody } from '../../../src/recommend/code-body.ts';
import { packedEpochs } from '../../../src/recommend/epochs.ts';
import { drawTargets, targetBatch, type Arrays } from '../../../src/recommend/semantic-batches.ts';
import { codesLoss, decoderPlans, sequenceLoss } from '../../../src/recommend/semantic-decoder.ts';
import { prefixesOf } from '../../../src/recommend/prefixes.ts';
import {
  contrastArrays,
  contrastLoss,
  judgeEncoding,
  judgePlanOf,
  judgePlans,
} from '../../../src/recommend/process-reward.ts';
import { termLoss, termPlans } from '../../../src/recommend/term-decoder.ts';
import { tokenise } from '../../../src/recommend/tokenise.ts';
import { encodingFor, stack, stackPlan } from '../../../src/recommend/kit/transformer.ts';
import { largestGradientError } from './gradient-check.ts';

const random = randomFrom('gradient-check');
const batch = 2;
const time = 4;
const width = 8;
const plan = { width, heads: 2, groups: 1, layers: 1, expansion: 2 };
const floats = (...shape: number[]) => ({
  shape,
  values: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});
const integers = (below: number, ...shape: number[]) => ({
  shape,
  values: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.integer(below)),
});
const x = floats(batch, time, width);
const direction = floats(batch, time, width);
const along = (made: Tensor, inputs: Tensors): Tensor => sum(multiply(made, inputs['direction']!));

/** Two blocks under the seed of the inputs; every call site of dropout has a stream of its own. */
function dropped(p: Tensors, b: Tensors, rate: number): Tensor {
  const noise = dropout(rate, b['noise']!);
  const masks = { self: causalMask(time) };
  return along(stack(p, 'stack', { ...plan, layers: 2 }, noise.drop(b['x']!), masks, noise), b);
}

const tokens = tokenise(
  Float64Array.from({ length: 40 }, () => random.normal()),
  4,
  { levels: 2, codes: 4, balanced: false },
  random,
);
const semantic = { shape: plan, levels: 3, codes: 4, length: time };
const histories = [Int32Array.of(1, 4, 2, 7), Int32Array.of(3, 3), Int32Array.of(5, 0)];
const packed = packedEpochs(histories, { length: time, rowsPerBatch: batch, start: 10 }, 1).rows(1);
const drawn = drawTargets(packed, 4, random);
const semanticInputs = asDoubles(targetBatch(packed, drawn, 4, tokens, semantic).arrays);

const prefixes = prefixesOf(tokens.full, semantic.levels);
const judge = judgePlanOf(semantic, prefixes.codes.length);
const lazyOf = (valuesApart: boolean) =>
  lazyBody({ ...semantic, shape: { ...plan, layers: 2 }, contexts: 2, valuesApart });
const [lazy, lazyApart] = [lazyOf(false), lazyOf(true)];
const termPlan = { shape: plan, rows: 12, used: 11, length: time };
const drawnItems = drawn.map((row) => row.map(({ item }) => item));
const contrast = asDoubles(contrastArrays(drawnItems, 2, prefixes, 4, random));

interface Case {
  readonly name: string;
  readonly plans: WeightPlans;
  readonly loss: (parameters: Tensors, inputs: Tensors) => Tensor;
}

const cases: readonly Case[] = [
  {
    name: 'embedding, the same row taken twice',
    plans: embeddingPlan('table', 12, width),
    loss: (p, b) => along(embed(p, 'table', b['rows']!), b),
  },
  {
    name: 'RMSNorm',
    plans: { ...normPlan('norm', width), ...linearPlan('before', width, width) },
    loss: (p, b) => along(rmsNorm(p, 'norm', linear(p, 'before', b['x']!)), b),
  },
  {
    name: 'linear and feed-forward',
    plans: feedForwardPlan('forward', width, 16),
    loss: (p, b) => along(feedForward(p, 'forward', b['x']!), b),
  },
  {
    name: 'self-attention with grouped keys and values, two segments in a row',
    plans: attentionPlan('self', plan),
    loss: (p, b) => {
      const source = keysAndValues(p, 'self', b['x']!, 1);
      const mask = multiply(segmentMask(b['pieces']!, b['pieces']!), 1);
      return along(attendTo(p, 'self', b['x']!, source, mask, noNoise), b);
    },
  },
  {
    name: 'causal self-attention with grouped keys and values, two segments in a row',
    plans: { ...attentionPlan('self', plan), ...linearPlan('before', width, width) },
    loss: (p, b) => {
      const mask = minimum(causalMask(time), segmentMask(b['pieces']!, b['pieces']!));
      return along(selfAttention(p, 'self', linear(p, 'before', b['x']!), 1, mask, noNoise), b);
    },
  },
  {
    name: 'two causal blocks with dropout, the same entries dropped each time',
    plans: stackPlan('stack', { ...plan, layers: 2 }, { cross: false }),
    loss: (p, b) => dropped(p, b, 0.3),
  },
  {
    name: 'attention to keys that are the values, without projections',
    plans: { ...lazyAttentionPlan('lazy', width), ...linearPlan('context', width, 4) },
    loss: (p, b) => {
      const shared = intoGroups(linear(p, 'context', b['direction']!), 1);
      const source = { keys: shared, values: shared };
      return along(attendTo(p, 'lazy', b['x']!, source, undefined, noNoise), b);
    },
  },
  {
    name: 'a decoder block over an encoding',
    plans: stackPlan('stack', plan, { cross: true }),
    loss: (p, b) => {
      const encoding = encodingFor(p, 'stack', plan, b['direction']!);
      return along(stack(p, 'stack', plan, b['x']!, { self: causalMask(time) }, noNoise, encoding), b);
    },
  },
  {
    name: 'full softmax over a tied table with padding rows',
    plans: { table: normal([12, width], 0.5), ...linearPlan('body', width, width) },
    loss: (p, b) =>
      weightedMean(tableCrossEntropy(linear(p, 'body', b['x']!), p['table']!, 11, b['rows']!), b['counts']!),
  },
  {
    name: 'cross-entropy over codes',
    plans: linearPlan('head', width, 12),
    loss: (p, b) => weightedMean(codeCrossEntropy(linear(p, 'head', b['x']!), b['rows']!), b['counts']!),
  },
  {
    name: 'the semantic decoder from histories to the loss of their next codes',
    plans: decoderPlans(semantic),
    loss: (p, b) => sequenceLoss(p, semantic, b, noNoise),
  },
  {
    name: 'the lazy decoder over a context that is key and value, in two contexts of one group',
    plans: lazy.plans,
    loss: (p, b) => codesLoss(lazy.logits(p, b, noNoise), semantic, b),
  },
  {
    name: 'the lazy decoder over two contexts with values apart from keys',
    plans: lazyApart.plans,
    loss: (p, b) => codesLoss(lazyApart.logits(p, b, noNoise), semantic, b),
  },
  {
    name: 'the decoder over words, two documents in a row, prompts not learned',
    plans: termPlans(termPlan),
    loss: (p, b) =>
      termLoss(
        p,
        termPlan,
        {
          ...b,
          inputs: b['rows']!,
          targets: b['rows']!,
          positions: b['rows4']!,
          segments: b['pieces']!,
          weights: b['counts']!,
        },
        noNoise,
      ),
  },
  {
    name: 'the judge of prefixes from the encoding to the contrast at every level',
    plans: { ...linearPlan('encoder', width, width), ...judgePlans(judge) },
    loss: (p, b) => {
      const encoded = linear(p, 'encoder', b['x']!);
      return contrastLoss(p, judge, b, judgeEncoding(p, judge, encoded), noNoise);
    },
  },
  {
    name: 'binary cross-entropy',
    plans: linearPlan('head', width, 4),
    loss: (p, b) =>
      sum(binaryCrossEntropy(linear(p, 'head', b['x']!), reshape(b['labels']!, [batch, time, 4]))),
  },
];

const inputs = {
  ...semanticInputs,
  ...contrast,
  x,
  direction,
  rows: integers(11, batch, time),
  rows4: integers(time, batch, time),
  pieces: { shape: [batch, time], values: Int32Array.from([0, 0, 1, 1, 0, 1, 1, -1]) },
  counts: { shape: [batch, time], values: Float64Array.from([1, 1, 0, 1, 1, 1, 1, 0]) },
  noise: { shape: [], values: Int32Array.of(7) },
  labels: { shape: [batch, time, 4], values: Float64Array.from({ length: 32 }, (_, i) => i % 2) },
};

function asDoubles(arrays: Arrays) {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      { shape, values: values instanceof Float32Array ? Float64Array.from(values) : values },
    ]),
  );
}

describe('gradients', () => {
  beforeAll(openTensors);

  it.each(cases)('$name: within 10⁻³ of the differences', ({ name, plans, loss }) => {
    const places = randomFrom('gradient-check', name);
    expect(largestGradientError(plans, inputs, loss, places)).toBeLessThan(1e-3);
  });

  it('dropout is on in its case: another rate and another seed give another loss, the same ones the same', () => {
    const parameters = toDevice(
      initialise(stackPlan('stack', { ...plan, layers: 2 }, { cross: false }), random),
    );
    const single = (values: Float64Array) => upload(Float32Array.from(values), [batch, time, width]);
    const [first, second] = [single(x.values), single(direction.values)];
    const loss = (rate: number, seed: number): number => {
      const noise = uploadIntegers(Int32Array.of(seed), []);
      const made = scope(() => ({ loss: dropped(parameters, { x: first, direction: second, noise }, rate) }));
      const value = download(made.loss)[0]!;
      release(made, { noise });
      return value;
    };
    const one = loss(0.3, 7);
    expect(loss(0.3, 7)).toBe(one);
    expect(loss(0.3, 8)).not.toBe(one);
    expect(loss(0, 7)).not.toBe(one);
    expect(loss(0, 8)).toBe(loss(0, 7));
    release(parameters, { first, second });
  });

  it('under the causal mask nothing flows from a place to what comes after it', () => {
    const plans = { ...attentionPlan('self', plan), steps: normal([time * batch, width], 1) };
    const parameters = toDevice(initialise(plans, random));
    const early = upload(
      Float32Array.from({ length: batch * time }, (_, place) => (place % time < 2 ? 1 : 0)),
      [batch, time, 1],
    );
    const { value, gradients } = lossAndGradients(
      (p, b) => {
        const steps = reshape(p['steps']!, [batch, time, width]);
        return sum(multiply(selfAttention(p, 'self', steps, 1, causalMask(time), noNoise), b['early']!));
      },
      parameters,
      { early },
    );
    const found = download(gradients['steps']!);
    const sizes = Array.from({ length: batch * time }, (_, place) =>
      Math.max(...found.subarray(place * width, (place + 1) * width).map(Math.abs)),
    );
    sizes.forEach((size, place) =>
      place % time < 2 ? expect(size).toBeGreaterThan(0) : expect(size).toBe(0),
    );
    release(gradients, parameters, { early, value });
  });

  it('a wrong gradient is found out', () => {
    const wrong = (p: Tensors, b: Tensors): Tensor => along(linear(p, 'forward', b['x']!), b);
    const plans = linearPlan('forward', width, width);
    expect(largestGradientError(plans, inputs, wrong, random, (gradient) => gradient * 1.01)).toBeGreaterThan(
      1e-3,
    );
  });
});
