// The layers between attention: embedding, RMSNorm, linear, feed-forward, dropout. Each is a pair: the plan of its
// weights under a name, and a function that finds them under that name. No hidden state, no classes.

import { filled, matrix, normal, type WeightPlans } from './parameters.ts';
import {
  add,
  dropEntries,
  einsum,
  mean,
  multiply,
  reciprocal,
  silu,
  sqrt,
  takeRows,
  type Tensor,
  type Tensors,
} from './tensor.ts';

/** The weight tensor of this name; a missing one is a defect of the model and is named. */
export function weight(parameters: Tensors, name: string): Tensor {
  const tensor = parameters[name];
  if (tensor === undefined) {
    throw new Error(`the model has no '${name}', only ${Object.keys(parameters).join(', ')}`);
  }
  return tensor;
}

/** Rows of length `width` with deviation 1 / √width, so that `embed` returns entries of deviation 1. */
export function embeddingPlan(name: string, rows: number, width: number): WeightPlans {
  return { [name]: normal([rows, width], 1 / Math.sqrt(width)) };
}

/** Indices [any shape] → [any shape, width], scaled by √width (Vaswani et al. 2017, section 3.4). */
export function embed(parameters: Tensors, name: string, indices: Tensor): Tensor {
  const table = weight(parameters, name);
  return takeRows(table, indices, Math.sqrt(table.shape[1]!));
}

export function normPlan(name: string, width: number): WeightPlans {
  return { [name]: filled([width], 1) };
}

/** x / √(mean x² + 10⁻⁶) × scale over the last axis (Zhang and Sennrich 2019). */
export function rmsNorm(parameters: Tensors, name: string, x: Tensor): Tensor {
  const size = mean(multiply(x, x), -1, true);
  return multiply(multiply(x, reciprocal(sqrt(add(size, 1e-6)))), weight(parameters, name));
}

export function linearPlan(name: string, inputs: number, outputs: number): WeightPlans {
  return { [`${name}.matrix`]: matrix(inputs, outputs), [`${name}.bias`]: filled([outputs], 0) };
}

/** x [batch, time, inputs] or [batch, inputs] → the same with `outputs` last. */
export function linear(parameters: Tensors, name: string, x: Tensor): Tensor {
  const subscripts = x.ndim === 3 ? 'bti,io->bto' : 'bi,io->bo';
  return add(einsum(subscripts, x, weight(parameters, `${name}.matrix`)), weight(parameters, `${name}.bias`));
}

export function feedForwardPlan(name: string, width: number, hidden: number): WeightPlans {
  return { ...linearPlan(`${name}.in`, width, hidden), ...linearPlan(`${name}.out`, hidden, width) };
}

/** Two linear layers with SiLU between: [batch, time, width] → the same. */
export function feedForward(parameters: Tensors, name: string, x: Tensor): Tensor {
  return linear(parameters, `${name}.out`, silu(linear(parameters, `${name}.in`, x)));
}

/** Where dropout is on: its rate and the step's seed. Every call site gets a stream of its own by its number. */
export interface Noise {
  readonly rate: number;
  drop(x: Tensor): Tensor;
}

/** No dropout: validation, serving. */
export const noNoise: Noise = { rate: 0, drop: (x) => x };

/** Dropout with a seed tensor (integer, []) that differs from step to step. */
export function dropout(rate: number, seed: Tensor): Noise {
  if (rate === 0) return noNoise;
  let site = 0;
  return { rate, drop: (x) => dropEntries(x, rate, add(seed, ++site)) };
}
