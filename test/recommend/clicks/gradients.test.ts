// Every click model from its batch to its loss: gradients against differences in float64.

import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { itemSchema } from '../../../src/catalogue/item.ts';
import { momentBatch } from '../../../src/recommend/clicks/batches.ts';
import { featuresOf } from '../../../src/recommend/clicks/features.ts';
import { clickShape } from '../../../src/recommend/clicks/define.ts';
import { clickLoss, clickPlans } from '../../../src/recommend/clicks/scoring.ts';
import { clickMethods } from '../../../src/recommend/click-methods.ts';
import { normal, type WeightPlans } from '../../../src/recommend/kit/parameters.ts';
import { openTensors } from '../../../src/recommend/kit/tensor.ts';
import { largestGradientError } from '../kit/gradient-check.ts';

const items = Array.from({ length: 8 }, (_, at) =>
  itemSchema.parse({
    id: `item-${at}`,
    title: 'An item',
    year: 1990 + 5 * (at % 2),
    genres: at % 3 === 0 ? ['war'] : ['war', 'love'],
  }),
);
const features = featuresOf(
  items,
  ['u', 'v'],
  ['u', 'v'].map((id) => ({ id, gender: 'female' })),
);
const batch = momentBatch(
  [
    { visitor: 1, past: Int32Array.of(3, 4), candidates: [1, 2], clicked: [true, false] },
    { visitor: 2, past: Int32Array.of(), candidates: [5, 1], clicked: [false, true] },
  ],
  2,
  { features, history: 4, seed: 1 },
);
const inputs = Object.fromEntries(
  Object.entries(batch.arrays).map(([name, { shape, values }]) => [
    name,
    { shape, values: values instanceof Float32Array ? Float64Array.from(values) : values },
  ]),
);

/**
 * All weights at random and of some size: those that begin at zero would hide a wrong gradient behind them, and small
 * ones make gradients that drown in the seven digits of jax-js's exponential.
 */
function awake(plans: WeightPlans): WeightPlans {
  return Object.fromEntries(
    Object.entries(plans).map(([name, plan]) => [
      name,
      name.endsWith('.norm') ? plan : normal(plan.shape, 0.4),
    ]),
  );
}

describe('gradients', () => {
  beforeAll(openTensors);

  it.each(clickMethods)('$name: within 10⁻³ of the differences', ({ network }) => {
    const shape = clickShape(features, 'all', 'xs');
    const loss = clickLoss(network, shape, 0);
    const plans = awake(clickPlans(network, features, shape));
    const error = largestGradientError(
      plans,
      inputs,
      (parameters, arrays) => loss(parameters, arrays, arrays['labels']!),
      randomFrom('click-gradients', network.name),
    );
    expect(error).toBeLessThan(1e-3);
  });
});
