// A model's weights on the host: what they are called, how they begin, and their bytes. On the device they are
// plain tensors of the same names. Values are float32; the hash over them is what "same seed, same weights" means.

import { sha256 } from '../../base/hash.ts';
import type { Random } from '../../base/random.ts';
import { download, upload, type Tensors } from './tensor.ts';

/** How one weight array begins: normal with this standard deviation, or one value everywhere. */
export interface WeightPlan {
  readonly shape: readonly number[];
  readonly begin: { readonly deviation: number } | { readonly value: number };
}
export type WeightPlans = Readonly<Record<string, WeightPlan>>;

export interface Weights {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
/** Weights by name, in the order in which the plans named them. */
export type Parameters = Readonly<Record<string, Weights>>;

/** A matrix that keeps the scale of what passes: deviation 1 / √inputs. */
export function matrix(inputs: number, outputs: number): WeightPlan {
  return { shape: [inputs, outputs], begin: { deviation: 1 / Math.sqrt(inputs) } };
}

export function filled(shape: readonly number[], value: number): WeightPlan {
  return { shape, begin: { value } };
}

export function normal(shape: readonly number[], deviation: number): WeightPlan {
  return { shape, begin: { deviation } };
}

/** Draws the weights in the order of their names in the plan. */
export function initialise(plans: WeightPlans, random: Random): Parameters {
  return mapParameters(plans, ({ shape, begin }) => {
    const values = new Float32Array(sizeOf(shape));
    if ('value' in begin) return { shape, values: values.fill(begin.value) };
    for (let place = 0; place < values.length; place++) values[place] = random.normal() * begin.deviation;
    return { shape, values };
  });
}

/** Parameters of the same names and shapes, all zero: moments of an optimiser. */
export function zerosLike(parameters: Parameters): Parameters {
  return mapParameters(parameters, ({ shape, values }) => ({
    shape,
    values: new Float32Array(values.length),
  }));
}

/** Copies to the device; the tensors belong to the caller. */
export function toDevice(parameters: Parameters): Tensors {
  return mapParameters(parameters, ({ shape, values }) => upload(values, shape));
}

/** Copies from the device; the tensors stay. */
export function fromDevice(tensors: Tensors): Parameters {
  return mapParameters(tensors, (tensor) => ({ shape: tensor.shape, values: download(tensor) }));
}

export function countWeights(parameters: Parameters | WeightPlans): number {
  return Object.values(parameters).reduce((count, { shape }) => count + sizeOf(shape), 0);
}

/** SHA-256 over names, shapes and float32 bytes in order of name. */
export function weightsHash(parameters: Parameters): string {
  const parts = Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { shape, values }]) => `${name} ${shape.join('×')} ${sha256(bytesOf(values))}`);
  return sha256(parts.join('\n'));
}

/** Names and shapes as one text: equal for the weights of one model. */
export function shapesOf(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, { shape }]) => `${name} ${shape.join('×')}`)
    .sort()
    .join();
}

export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

/** The next multiple of 4: jax-js vectorises by four, and any other size runs several times slower. */
export function multipleOfFour(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function mapParameters<From, To>(
  parts: Readonly<Record<string, From>>,
  change: (part: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part)]));
}
