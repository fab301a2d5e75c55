// What training makes small: cross-entropy over a tied table, over per-level heads, and binary cross-entropy.
// Targets never become one-hot rows over a large vocabulary (gigabytes in jax-js).

import {
  add,
  arange,
  asFloat,
  constant,
  divide,
  einsum,
  equal,
  greaterEqual,
  log,
  max,
  maximum,
  multiply,
  reciprocal,
  reshape,
  softplus,
  subtract,
  sum,
  takeRows,
  type Tensor,
} from './tensor.ts';

/** Σ values × weights / max(Σ weights, 1): the mean over what counts. All [any shape]. */
export function weightedMean(values: Tensor, weights: Tensor): Tensor {
  return divide(sum(multiply(values, weights)), maximum(sum(weights), 1));
}

/**
 * log Σ exp over the last axis, with its gradient (the softmax) put in by hand: the value of p·x is made where p, the
 * softmax, is constant, and the rest is added as a constant. jax-js fuses the gradient of its own logsumexp into the
 * product that follows and computes each exponential many times over: six times slower at 1,700 logits. Here each
 * exponential is computed once.
 */
export function logSumExpOf(logits: Tensor): Tensor {
  const fixed = constant(logits);
  const highest = max(fixed, -1, true);
  const powers = expBelowZero(subtract(fixed, highest));
  const total = sum(powers, -1, true);
  const value = reshape(add(highest, log(total)), logits.shape.slice(0, -1));
  const mixed = sum(multiply(logits, multiply(powers, reciprocal(total))), -1);
  return add(mixed, constant(subtract(value, mixed)));
}

/**
 * exp x for x ≤ 0, to 2 × 10⁻⁵ of its value, and e⁻⁸⁷ below −87: (Taylor's sum to the fifth power at x / 256) ^ 256.
 * Sums and products only, which jax-js computes four at a time; its own exponential goes one by one, 3.6 times slower.
 */
function expBelowZero(x: Tensor): Tensor {
  const part = multiply(maximum(x, -87), 1 / 256);
  let power = add(multiply(part, 1 / 120), 1 / 24);
  for (const coefficient of [1 / 6, 1 / 2, 1, 1]) power = add(multiply(power, part), coefficient);
  for (let doubled = 1; doubled < 256; doubled *= 2) power = multiply(power, power);
  return power;
}

/**
 * −log softmax of `states` [batch, time, width] against every row of `table` [rows, width] at the target row
 * ([batch, time]): the full softmax with tied weights. Rows from `used` on are padding and take no probability.
 */
export function tableCrossEntropy(states: Tensor, table: Tensor, used: number, targets: Tensor): Tensor {
  const [batch, time, width] = states.shape as [number, number, number];
  const rows = table.shape[0]!;
  const padding = multiply(asFloat(greaterEqual(reshape(arange(rows), [1, rows]), used)), -1e9);
  const flat = reshape(states, [batch * time, width]);
  const logits = add(einsum('nd,vd->nv', flat, table), padding);
  // Twice half the row: takeRows needs a scale other than 1.
  const atTarget = multiply(sum(multiply(states, takeRows(table, targets, 0.5)), -1), 2);
  return subtract(reshape(logSumExpOf(logits), [batch, time]), atTarget);
}

/** −log softmax of logits [batch, time, codes] at the target code ([batch, time]); codes are few. */
export function codeCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const [batch, time, codes] = logits.shape as [number, number, number];
  const chosen = equal(reshape(targets, [batch, time, 1]), reshape(arange(codes), [1, 1, codes]));
  return subtract(logSumExpOf(logits), sum(multiply(logits, asFloat(chosen)), -1));
}

/** −log σ(score) for label 1 and −log(1 − σ(score)) for label 0; both [any shape], labels 0 or 1 as float. */
export function binaryCrossEntropy(scores: Tensor, labels: Tensor): Tensor {
  return subtract(softplus(scores), multiply(scores, labels));
}
