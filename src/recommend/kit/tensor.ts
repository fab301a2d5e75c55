// Tensors with owned reference counts: the only file that knows @jax-js/jax. In jax-js an operation consumes its
// operands; here it does not. Everything made inside a `scope` is freed at its end except what the scope returns,
// so model code reads as formulae and cannot leak. Names follow NumPy. Not a tensor library: only what models use.

import { defaultDevice, init, jit, lax, nn, numpy as np, random, valueAndGrad } from '@jax-js/jax';
import { RehearsalError } from '../../base/error.ts';
import { withKeptInstances } from './kernel-instances.ts';

export type Tensor = np.Array;
/** Tensors by name: parameters, a batch, outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

type Scope = Tensor[];
let current: Scope | undefined;

/** Loads the WebAssembly backend; to be awaited once before the first tensor is made. */
export async function openTensors(): Promise<void> {
  const devices = await init('wasm');
  if (!devices.includes('wasm')) throw new Error(`jax-js offers ${devices.join(', ')}, but not wasm`);
  defaultDevice('wasm');
}

/**
 * Runs `make` and frees every tensor it made except those it returns. Returned tensors belong to the surrounding
 * scope; outside of any scope they belong to the caller, who gives them to `release`.
 */
export function scope<Made extends Tensors>(make: () => Made): Made {
  const outer = current;
  const own: Scope = [];
  current = own;
  let made: Made;
  try {
    made = make();
    for (const tensor of Object.values(made)) void tensor.ref;
  } finally {
    current = outer;
    for (const tensor of own) tensor.dispose();
  }
  if (outer !== undefined) outer.push(...Object.values(made));
  return made;
}

/** Frees tensors that a scope or a compiled function returned to a caller outside of any scope. */
export function release(...groups: readonly Tensors[]): void {
  for (const tensors of groups) for (const tensor of Object.values(tensors)) tensor.dispose();
}

function made(tensor: Tensor): Tensor {
  if (current === undefined) {
    tensor.dispose();
    throw new Error('a tensor was made outside of any scope; nobody would free it');
  }
  current.push(tensor);
  return tensor;
}

/** A float32 tensor owned by the caller, copied from `data` (row-major). */
export function upload(data: Float32Array, shape: readonly number[]): Tensor {
  return np.array(data.slice(), { shape: [...shape] });
}

/** A float64 tensor owned by the caller: to check gradients, never to train. */
export function uploadDoubles(data: Float64Array, shape: readonly number[]): Tensor {
  return np.array(data.slice(), { shape: [...shape], dtype: np.float64 });
}

/** An int32 tensor owned by the caller: indices. */
export function uploadIntegers(data: Int32Array, shape: readonly number[]): Tensor {
  return np.array(data.slice(), { shape: [...shape], dtype: np.int32 });
}

/** A copy of the values, row-major. Waits for the computation. */
export function download(tensor: Tensor): Float32Array {
  const data = withKeptInstances(() => tensor.ref.dataSync());
  if (data instanceof Float32Array) return data.slice();
  throw new Error(`expected a float32 tensor, but got ${tensor.dtype}`);
}

/**
 * The function compiled for the shapes it meets, one compilation each. Inputs are not consumed; outputs belong to
 * the caller, or to the scope the call stands in. Throws a RehearsalError where the tensors do not go into the memory
 * of WebAssembly.
 */
export function compiled<Output extends Tensors>(
  compute: (...inputs: Tensors[]) => Output,
): (...inputs: Tensors[]) => Output {
  const program = jit((...inputs: Tensors[]) => {
    const outputs = scope(() => compute(...inputs));
    return outputs as Tensors;
  });
  return (...inputs) => {
    const owned = inputs.map((tensors) =>
      Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.ref])),
    );
    let outputs: Output;
    try {
      outputs = program(...owned) as Output;
    } catch (cause) {
      throw isOutOfMemory(cause) ? tooLarge(cause) : cause;
    }
    if (current !== undefined) current.push(...Object.values(outputs));
    return outputs;
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /memory/i.test(error.message);
}

function tooLarge(cause: unknown): RehearsalError {
  return new RehearsalError('A step of the model needs more than the 4 GiB of memory that WebAssembly has.', {
    hint: "Make it smaller: a shorter 'history', fewer 'rows' where the method has them, or a smaller --scale.",
    cause,
  });
}

/** The scalar `compute` returns and its gradient by each parameter; inside a scope only. */
export function withGradients(
  parameters: Tensors,
  compute: (parameters: Tensors) => Tensor,
): { readonly value: Tensor; readonly gradients: Tensors } {
  const differentiate = valueAndGrad(
    (inner: Tensors): Tensor => scope(() => ({ value: compute(inner) })).value,
  );
  const outer = current;
  current = undefined;
  let value: Tensor;
  let gradients: Tensors;
  try {
    const copies = Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, tensor.ref]));
    [value, gradients] = differentiate(copies) as unknown as [Tensor, Tensors];
  } finally {
    current = outer;
  }
  made(value);
  for (const tensor of Object.values(gradients)) made(tensor);
  return { value, gradients };
}

type Operand = Tensor | number;
const kept = (operand: Operand): Operand => (typeof operand === 'number' ? operand : operand.ref);

export const add = (a: Tensor, b: Operand): Tensor => made(a.ref.add(kept(b)));
export const subtract = (a: Tensor, b: Operand): Tensor => made(a.ref.sub(kept(b)));
export const multiply = (a: Tensor, b: Operand): Tensor => made(a.ref.mul(kept(b)));
export const divide = (a: Tensor, b: Operand): Tensor => made(a.ref.div(kept(b)));
export const exp = (a: Tensor): Tensor => made(np.exp(a.ref));
export const log = (a: Tensor): Tensor => made(np.log(a.ref));
export const sqrt = (a: Tensor): Tensor => made(np.sqrt(a.ref));
export const reciprocal = (a: Tensor): Tensor => made(np.reciprocal(a.ref));
export const minimum = (a: Tensor, b: Operand): Tensor => made(np.minimum(a.ref, kept(b)));
export const maximum = (a: Tensor, b: Operand): Tensor => made(np.maximum(a.ref, kept(b)));
export const equal = (a: Tensor, b: Operand): Tensor => made(a.ref.equal(kept(b)));
export const greaterEqual = (a: Tensor, b: Operand): Tensor => made(a.ref.greaterEqual(kept(b)));
export const silu = (a: Tensor): Tensor => made(nn.silu(a.ref));
export const softplus = (a: Tensor): Tensor => made(nn.softplus(a.ref));
/** Over the last axis. */
export const softmax = (a: Tensor): Tensor => made(nn.softmax(a.ref, -1));
/** Over the last axis. */
export const logSoftmax = (a: Tensor): Tensor => made(nn.logSoftmax(a.ref, -1));
export const reshape = (a: Tensor, shape: readonly number[]): Tensor => made(a.ref.reshape([...shape]));
export const concatenate = (parts: readonly Tensor[], axis: number): Tensor =>
  made(
    np.concatenate(
      parts.map((part) => part.ref),
      axis,
    ),
  );
/** Sum over the axes, all where none is given. */
export const sum = (a: Tensor, axis: number | number[] | null = null, keepdims = false): Tensor =>
  made(np.sum(a.ref, axis, { keepdims }));
export const mean = (a: Tensor, axis: number | number[] | null = null, keepdims = false): Tensor =>
  made(np.mean(a.ref, axis, { keepdims }));
/** Largest entry along an axis. */
export const max = (a: Tensor, axis: number, keepdims = false): Tensor =>
  made(np.max(a.ref, axis, { keepdims }));
/** 0, 1, …, count − 1 as integers. */
export const arange = (count: number): Tensor => made(np.arange(count).astype(np.int32));
/** Integers or truth values as float32. */
export const asFloat = (a: Tensor): Tensor => made(a.ref.astype(np.float32));
export const asIntegers = (a: Tensor): Tensor => made(a.ref.astype(np.int32));
/** The entries from `start` up to `end` along one axis. */
export function slice(a: Tensor, axis: number, start: number, end: number): Tensor {
  const ranges = a.shape.map((_, place): [] | [number, number] => (place === axis ? [start, end] : []));
  return made(a.ref.slice(...ranges));
}

/**
 * Rows of a table, [rows, …] by indices [any shape] → [any shape, …], times `scale`. The scale must not be 1: the
 * gradient of a bare take that is summed throws "scatter input is not imm" under jit (a canary test watches it).
 */
export function takeRows(table: Tensor, indices: Tensor, scale: number): Tensor {
  if (scale === 1) throw new Error('takeRows needs a scale other than 1');
  const rows = np.take(table.ref, indices.ref, 0);
  return made(rows.mul(scale));
}

/** The same values, through which no gradient flows. */
export const constant = (a: Tensor): Tensor => made(lax.stopGradient(a.ref));

let counted: number | undefined;

/** Einstein summation of two operands; every matrix product of the kit goes through here, and is counted. */
export function einsum(subscripts: string, a: Tensor, b: Tensor): Tensor {
  if (counted !== undefined) counted += multiplications(subscripts, a.shape, b.shape);
  return made(np.einsum(subscripts, a.ref, b.ref));
}

function multiplications(subscripts: string, a: readonly number[], b: readonly number[]): number {
  const [left = '', right = ''] = subscripts.split('->', 1)[0]!.split(',');
  const sizes = new Map([...left].map((letter, axis) => [letter, a[axis]!]));
  [...right].forEach((letter, axis) => sizes.set(letter, b[axis]!));
  return [...sizes.values()].reduce((product, size) => product * size, 1);
}

/** Multiply-accumulates of all matrix products that `compute` makes; nothing is compiled, everything is freed. */
export function countMultiplications(compute: () => void): number {
  const outer = counted;
  counted = 0;
  try {
    scope(() => {
      compute();
      return {};
    });
    return counted;
  } finally {
    counted = outer;
  }
}

/** Each entry set to 0 with probability `rate`, the others divided by 1 − rate. `seed` is an integer tensor, []. */
export function dropEntries(a: Tensor, rate: number, seed: Tensor): Tensor {
  const kept = random.bernoulli(random.key(seed.ref), 1 - rate, [...a.shape]);
  return made(np.where(kept, a.ref.mul(1 / (1 - rate)), 0));
}
