// AdamW with warm-up, cosine decay and clipping of the whole gradient (Kingma and Ba 2015; Loshchilov and Hutter
// 2019). Pure: parameters and moments in, parameters and moments out. One compiled step does loss, gradient and update.

import {
  add,
  compiled,
  divide,
  minimum,
  multiply,
  reciprocal,
  scope,
  sqrt,
  subtract,
  sum,
  upload,
  uploadIntegers,
  withGradients,
  type Tensor,
  type Tensors,
} from './tensor.ts';

export interface OptimiserSettings {
  /** Highest learning rate, reached after the warm-up. */
  readonly rate: number;
  readonly warmUpSteps: number;
  /** Steps of the whole training: the cosine reaches a tenth of `rate` there. */
  readonly steps: number;
  /** Decoupled decay, on arrays of two or more axes only. */
  readonly decay: number;
  /** Largest norm of the whole gradient. */
  readonly clip: number;
}

const beta1 = 0.9;
const beta2 = 0.98;
const epsilon = 1e-8;
const lastShare = 0.1;

/** The usual course of a training: warm-up over the first epoch, at most 200 steps, then down to its end. */
export function courseOf(rate: number, stepsPerEpoch: number, epochs: number): OptimiserSettings {
  return {
    rate,
    warmUpSteps: Math.max(1, Math.min(200, stepsPerEpoch)),
    steps: stepsPerEpoch * epochs,
    decay: 0.01,
    clip: 1,
  };
}

/** Learning rate at `step` (from 1): linear to `rate`, then a cosine down to a tenth of it. */
export function rateAt(step: number, { rate, warmUpSteps, steps }: OptimiserSettings): number {
  if (step <= warmUpSteps) return (rate * step) / warmUpSteps;
  const way = Math.min(1, (step - warmUpSteps) / Math.max(1, steps - warmUpSteps));
  return rate * (lastShare + (1 - lastShare) * 0.5 * (1 + Math.cos(Math.PI * way)));
}

/** What a training has reached: on the device, owned by the trainer. */
export interface TrainingState {
  readonly parameters: Tensors;
  /** First and second moments of the gradient. */
  readonly first: Tensors;
  readonly second: Tensors;
}

/** The loss of a batch; `seed` is an integer tensor for dropout, another one at each step. */
export type Loss = (parameters: Tensors, batch: Tensors, seed: Tensor) => Tensor;

export interface StepOutcome {
  readonly state: TrainingState;
  readonly loss: Tensor;
  /** Norm of the whole gradient before clipping. */
  readonly norm: Tensor;
}

/** A compiled step. Neither state nor batch is consumed; the outcome belongs to the caller. */
export function trainingStep(
  loss: Loss,
  settings: OptimiserSettings,
): (state: TrainingState, batch: Tensors, step: number, seed: number) => StepOutcome {
  const program = compiled((parameters, first, second, batch, control) => {
    const { value, gradients } = withGradients(parameters!, (inner) =>
      loss(inner, batch!, control!['seed']!),
    );
    const names = Object.keys(parameters!);
    const squares = names.map((name) => sum(multiply(gradients[name]!, gradients[name]!)));
    const norm = sqrt(squares.reduce((total, square) => add(total, square)));
    const shrink = minimum(divide(reciprocal(add(norm, 1e-12)), 1 / settings.clip), 1);
    const updated: Record<string, Tensor> = { loss: value, norm };
    for (const name of names) {
      const gradient = multiply(gradients[name]!, shrink);
      const old = parameters![name]!;
      const m = add(multiply(first![name]!, beta1), multiply(gradient, 1 - beta1));
      const v = add(multiply(second![name]!, beta2), multiply(multiply(gradient, gradient), 1 - beta2));
      const direction = multiply(
        multiply(m, control!['correction1']!),
        reciprocal(add(sqrt(multiply(v, control!['correction2']!)), epsilon)),
      );
      const decayed = old.ndim < 2 ? direction : add(direction, multiply(old, settings.decay));
      updated[`parameter ${name}`] = subtract(old, multiply(decayed, control!['rate']!));
      updated[`first ${name}`] = m;
      updated[`second ${name}`] = v;
    }
    return updated;
  });
  return (state, batch, step, seed) => {
    const scalar = (value: number): Tensor => upload(Float32Array.of(value), []);
    const control = {
      rate: scalar(rateAt(step, settings)),
      correction1: scalar(1 / (1 - beta1 ** step)),
      correction2: scalar(1 / (1 - beta2 ** step)),
      seed: uploadIntegers(Int32Array.of(seed), []),
    };
    const outputs: Tensors = program(state.parameters, state.first, state.second, batch, control);
    for (const tensor of Object.values(control)) tensor.dispose();
    const part = (prefix: string): Tensors =>
      Object.fromEntries(Object.keys(state.parameters).map((name) => [name, outputs[`${prefix} ${name}`]!]));
    return {
      state: { parameters: part('parameter'), first: part('first'), second: part('second') },
      loss: outputs['loss']!,
      norm: outputs['norm']!,
    };
  };
}

/** Value of the loss and its gradients at one point, not compiled: for checks. */
export function lossAndGradients(
  loss: Loss,
  parameters: Tensors,
  batch: Tensors,
): { readonly value: Tensor; readonly gradients: Tensors } {
  const outputs = scope(() => {
    const seed = uploadIntegers(Int32Array.of(1), []);
    const { value, gradients } = withGradients(parameters, (inner) => loss(inner, batch, seed));
    seed.dispose();
    return { ...gradients, ' loss': value };
  });
  const { ' loss': value, ...gradients } = outputs;
  return { value: value!, gradients };
}
