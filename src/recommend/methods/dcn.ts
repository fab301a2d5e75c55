// Deep and cross network: every cross layer multiplies the vectors side by side, x₀, by a weighted sum of what it got,
// so that the order of interactions grows with the layers; a tower of layers stands beside them.
// Wang et al. 2017, Deep & cross network for ad click predictions, equations 3-6.

import { defineClickModel } from '../clicks/define.ts';
import { flatWidth, head, headPlan, sideBySide, tower, towerPlan } from '../clicks/network.ts';
import { weight } from '../kit/layers.ts';
import { filled, matrix, type WeightPlans } from '../kit/parameters.ts';
import { add, concatenate, multiply, reshape, sum } from '../kit/tensor.ts';

const crossLayers = 3;

export const dcn = defineClickModel({
  name: 'dcn',
  summary: 'explicit crosses of growing order beside deep layers (DCN)',
  deviation: 0.3,
  plans: (shape) => {
    const width = flatWidth(shape);
    const crosses = Array.from({ length: crossLayers }, (_, layer): WeightPlans => ({
      [`cross.${layer}.weights`]: matrix(width, 1),
      [`cross.${layer}.bias`]: filled([width], 0),
    }));
    return {
      ...(Object.assign({}, ...crosses) as WeightPlans),
      ...towerPlan('deep', width, shape),
      ...headPlan('head', width + shape.hidden),
    };
  },
  logOdds: (parameters, { linear, vectors }, shape, noise) => {
    const x0 = sideBySide(vectors);
    let x = x0;
    for (let layer = 0; layer < crossLayers; layer++) {
      const by = reshape(weight(parameters, `cross.${layer}.weights`), [1, flatWidth(shape)]);
      const product = multiply(x0, sum(multiply(x, by), -1, true));
      x = add(add(product, weight(parameters, `cross.${layer}.bias`)), x); // x₀ (xᵀw) + b + x
    }
    const deep = tower(parameters, 'deep', x0, shape, noise);
    return add(linear, head(parameters, 'head', concatenate([x, deep], 1)));
  },
});
