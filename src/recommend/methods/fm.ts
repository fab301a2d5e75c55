// A factorisation machine: each value of a field has a weight and a vector, and two values interact by the product
// of their vectors. Rendle 2010, Factorization machines, equation 1 with order 2.

import { defineClickModel } from '../clicks/define.ts';
import { pairwise } from '../clicks/network.ts';
import { add } from '../kit/tensor.ts';

export const fm = defineClickModel({
  name: 'fm',
  summary: 'a factorisation machine over person, item and past (FM)',
  deviation: 0.1,
  plans: () => ({}),
  logOdds: (_parameters, { linear, vectors }) => add(linear, pairwise(vectors)),
});
