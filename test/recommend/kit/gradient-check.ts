// Gradients in float32, as training computes them, against differences of the same function in float64. The
// exponential of jax-js is good to seven digits in either, so the step is wide and the stencil of fourth order.

import type { Random } from '../../../src/base/random.ts';
import { initialise, toDevice, type WeightPlans } from '../../../src/recommend/kit/parameters.ts';
import {
  download,
  release,
  upload,
  uploadDoubles,
  uploadIntegers,
  withGradients,
  compiled,
  type Tensor,
  type Tensors,
} from '../../../src/recommend/kit/tensor.ts';

type Inputs = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: Float64Array | Int32Array }>
>;
type Function = (parameters: Tensors, inputs: Tensors) => Tensor;

const step = 0.02;
const placesPerWeight = 4;

/** |gradient − difference| / max(|difference|, a tenth of that weight's largest gradient): the largest met. */
export function largestGradientError(
  plans: WeightPlans,
  inputs: Inputs,
  loss: Function,
  random: Random,
  change: (gradient: number) => number = (gradient) => gradient,
): number {
  const host = initialise(plans, random);
  const single = onDevice(inputs, (values, shape) => upload(Float32Array.from(values), shape));
  const double = onDevice(inputs, uploadDoubles);
  const parameters = toDevice(host);
  const compute = compiled((p, b) => withGradients(p!, (inner) => loss(inner, b!)).gradients);
  const gradients = compute(parameters, single);
  const evaluate = compiled((p, b) => ({ loss: loss(p!, b!) }));
  const value = (name: string, place: number, move: number): number => {
    const moved = Object.fromEntries(
      Object.entries(host).map(([key, { shape, values }]) => {
        const doubles = Float64Array.from(values);
        if (key === name) doubles[place]! += move;
        return [key, uploadDoubles(doubles, shape)];
      }),
    );
    const outputs = evaluate(moved, double);
    const [found] = outputs.loss.ref.dataSync();
    release(outputs, moved);
    return found!;
  };
  let worst = 0;
  for (const [name, gradient] of Object.entries(gradients)) {
    const found = download(gradient);
    const largest = found.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    for (let trial = 0; trial < placesPerWeight; trial++) {
      const place = random.integer(found.length);
      const near = value(name, place, step) - value(name, place, -step);
      const far = value(name, place, 2 * step) - value(name, place, -2 * step);
      const difference = (8 * near - far) / (12 * step);
      const scale = Math.max(Math.abs(difference), largest / 10, 1e-6);
      worst = Math.max(worst, Math.abs(change(found[place]!) - difference) / scale);
    }
  }
  release(gradients, parameters, single, double);
  return worst;
}

function onDevice(
  inputs: Inputs,
  float: (values: Float64Array, shape: readonly number[]) => Tensor,
): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, values }]) => [
      name,
      values instanceof Int32Array ? uploadIntegers(values, shape) : float(values, shape),
    ]),
  );
}
