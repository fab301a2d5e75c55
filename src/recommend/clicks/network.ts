// What a click model is made of above its fields, and the parts that several of them share: second-order interactions,
// and a tower of layers. A model is a plan of weights and a log-odds; see methods/fm.ts and its neighbours.

import { linear, linearPlan, type Noise } from '../kit/layers.ts';
import type { WeightPlans } from '../kit/parameters.ts';
import { multiply, silu, reshape, subtract, sum, type Tensor, type Tensors } from '../kit/tensor.ts';
import { fieldCount, type ClickInputs, type ClickShape } from './fields.ts';

export interface ClickNetwork {
  readonly name: string;
  readonly summary: string;
  /** Standard deviation in which the fields' vectors begin. */
  readonly deviation: number;
  /** The weights beside those of the fields. */
  plans(shape: ClickShape): WeightPlans;
  /** Log-odds of a click: [R]. */
  logOdds(parameters: Tensors, inputs: ClickInputs, shape: ClickShape, noise: Noise): Tensor;
}

/** Σ over pairs of fields of the product of their vectors, by ½ ((Σv)² − Σv²) (Rendle 2010, equation 6): [R]. */
export function pairwise(vectors: Tensor): Tensor {
  const whole = sum(vectors, 1);
  const squares = sum(multiply(vectors, vectors), 1);
  return multiply(sum(subtract(multiply(whole, whole), squares), -1), 0.5);
}

/** All vectors of a row side by side: [R, fields × width]. */
export function sideBySide(vectors: Tensor): Tensor {
  const [rows, fields, width] = vectors.shape as [number, number, number];
  return reshape(vectors, [rows, fields * width]);
}

export function flatWidth({ fields, width }: ClickShape): number {
  return fieldCount(fields) * width;
}

/** Hidden layers with SiLU (the papers have ReLU) and dropout: [R, inputs] → [R, hidden]. */
export function towerPlan(name: string, inputs: number, { hidden, layers }: ClickShape): WeightPlans {
  return Object.assign(
    {},
    ...Array.from({ length: layers }, (_, layer) =>
      linearPlan(`${name}.${layer}`, layer === 0 ? inputs : hidden, hidden),
    ),
  ) as WeightPlans;
}

export function tower(parameters: Tensors, name: string, x: Tensor, shape: ClickShape, noise: Noise): Tensor {
  let state = x;
  for (let layer = 0; layer < shape.layers; layer++)
    state = noise.drop(silu(linear(parameters, `${name}.${layer}`, state)));
  return state;
}

/** A last linear layer to one number a row: [R, inputs] → [R]. */
export function headPlan(name: string, inputs: number): WeightPlans {
  return linearPlan(name, inputs, 1);
}

export function head(parameters: Tensors, name: string, x: Tensor): Tensor {
  return reshape(linear(parameters, name, x), [x.shape[0]!]);
}
