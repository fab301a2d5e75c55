// Wide and deep: a linear model with crossed features remembers, a tower of layers generalises; their log-odds are
// added. The crosses are pairs of a tag of the past and a tag of the item, each pair with a weight of its own.
// Cheng et al. 2016, Wide & deep learning for recommender systems, equations 1-3.

import { defineClickModel } from '../clicks/define.ts';
import { flatWidth, head, headPlan, sideBySide, tower, towerPlan } from '../clicks/network.ts';
import { weight } from '../kit/layers.ts';
import { filled } from '../kit/parameters.ts';
import { add, einsum, multiply, sum } from '../kit/tensor.ts';

export const wideDeep = defineClickModel({
  name: 'wide-deep',
  summary: 'a linear model with crossed tags beside deep layers (Wide & Deep)',
  deviation: 0.3,
  plans: (shape) => ({
    crosses: filled([shape.tags, shape.tags], 0),
    ...towerPlan('deep', flatWidth(shape), shape),
    ...headPlan('deep.head', shape.hidden),
  }),
  logOdds: (parameters, { linear, vectors, crossed }, shape, noise) => {
    const deep = tower(parameters, 'deep', sideBySide(vectors), shape, noise);
    const both = add(linear, head(parameters, 'deep.head', deep));
    const tags = crossed();
    if (tags === null) return both;
    const wanted = einsum('rp,pi->ri', tags.past, weight(parameters, 'crosses'));
    return add(both, sum(multiply(wanted, tags.item), -1));
  },
});
