// Adaptive factorisation: logarithmic neurons, exp(Σ w ln v), learn the powers in which fields are multiplied, so the
// order of an interaction is learned too; a tower of layers reads them.
// Cheng, Shen and Huang 2020, Adaptive factorization network, equations 4-8.

import { defineClickModel } from '../clicks/define.ts';
import { fieldCount, type ClickShape } from '../clicks/fields.ts';
import { head, headPlan, tower, towerPlan } from '../clicks/network.ts';
import { normPlan, rmsNorm, weight } from '../kit/layers.ts';
import { matrix } from '../kit/parameters.ts';
import { add, einsum, exp, log, multiply, reshape } from '../kit/tensor.ts';

/**
 * What is multiplied is 1 + v, so that a field without a value multiplies by 1 and powers begin near sums; it is made
 * positive by √((1 + v)² + floor²), the paper's absolute value with a floor, but smooth.
 */
const floor = 0.1;

/** Logarithmic neurons, each as wide as a field's vector. */
const neuronsOf = ({ hidden }: ClickShape): number => hidden / 4;

export const afn = defineClickModel({
  name: 'afn',
  summary: 'interactions whose order is learned, by logarithmic neurons (AFN)',
  deviation: 0.1,
  plans: (shape) => {
    const neurons = neuronsOf(shape);
    return {
      powers: matrix(fieldCount(shape.fields), neurons),
      ...normPlan('neurons.norm', neurons * shape.width),
      ...towerPlan('deep', neurons * shape.width, shape),
      ...headPlan('deep.head', shape.hidden),
    };
  },
  logOdds: (parameters, { linear, vectors }, shape, noise) => {
    const [rows] = vectors.shape as [number];
    const factors = add(vectors, 1);
    const logs = multiply(log(add(multiply(factors, factors), floor ** 2)), 0.5);
    const neurons = exp(einsum('rfd,fn->rnd', logs, weight(parameters, 'powers')));
    const flat = reshape(neurons, [rows, neuronsOf(shape) * shape.width]);
    const deep = tower(parameters, 'deep', rmsNorm(parameters, 'neurons.norm', flat), shape, noise);
    return add(linear, head(parameters, 'deep.head', deep));
  },
});
