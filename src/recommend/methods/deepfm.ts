// DeepFM: a factorisation machine and a tower of layers read the same vectors; their log-odds are added.
// Guo et al. 2017, DeepFM: a factorization-machine based neural network for CTR prediction, equations 1-4.

import { defineClickModel } from '../clicks/define.ts';
import { flatWidth, head, headPlan, pairwise, sideBySide, tower, towerPlan } from '../clicks/network.ts';
import { add } from '../kit/tensor.ts';

export const deepfm = defineClickModel({
  name: 'deepfm',
  summary: 'a factorisation machine and deep layers on the same vectors (DeepFM)',
  deviation: 0.1,
  plans: (shape) => ({
    ...towerPlan('deep', flatWidth(shape), shape),
    ...headPlan('deep.head', shape.hidden),
  }),
  logOdds: (parameters, { linear, vectors }, shape, noise) => {
    const deep = tower(parameters, 'deep', sideBySide(vectors), shape, noise);
    return add(add(linear, pairwise(vectors)), head(parameters, 'deep.head', deep));
  },
});
