// Pre-norm blocks put together from the layers: a decoder-only or encoder stack (self → feed-forward) and a
// decoder that also looks at an encoding (self → cross → feed-forward). Sizes are given; nothing is read from a file.

import { attendTo, attentionPlan, keysAndValues, selfAttention, type HeadPlan } from './attention.ts';
import { feedForward, feedForwardPlan, normPlan, rmsNorm, type Noise } from './layers.ts';
import type { WeightPlans } from './parameters.ts';
import { add, type Tensor, type Tensors } from './tensor.ts';

export interface StackPlan extends HeadPlan {
  readonly layers: number;
  /** Width of the feed-forward layer over the model's width. */
  readonly expansion: number;
}

export interface Encoding {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** Weights of `layers` blocks and a last norm. `cross` adds attention to an encoding to each. */
export function stackPlan(name: string, plan: StackPlan, { cross }: { cross: boolean }): WeightPlans {
  let plans: WeightPlans = normPlan(`${name}.norm`, plan.width);
  for (let layer = 0; layer < plan.layers; layer++) {
    const block = `${name}.${layer}`;
    plans = {
      ...plans,
      ...normPlan(`${block}.self-norm`, plan.width),
      ...attentionPlan(`${block}.self`, plan),
      ...(cross ? normPlan(`${block}.cross-norm`, plan.width) : {}),
      ...(cross ? attentionPlan(`${block}.cross`, plan) : {}),
      ...normPlan(`${block}.forward-norm`, plan.width),
      ...feedForwardPlan(`${block}.forward`, plan.width, plan.width * plan.expansion),
    };
  }
  return plans;
}

/** Keys and values of an encoding [batch, source, width] for every layer of a decoder: made once, used at each step. */
export function encodingFor(parameters: Tensors, name: string, plan: StackPlan, encoded: Tensor): Encoding[] {
  return Array.from({ length: plan.layers }, (_, layer) =>
    keysAndValues(parameters, `${name}.${layer}.cross`, encoded, plan.groups),
  );
}

/** An encoding as tensors by name, to leave a compiled function; `whose` tells two encodings apart. */
export function encodingByName(encoding: readonly Encoding[], whose = ''): Tensors {
  return Object.fromEntries(
    encoding.flatMap(({ keys, values }, layer) => [
      [`${whose}keys ${layer}`, keys],
      [`${whose}values ${layer}`, values],
    ]),
  );
}

/** The encoding of so many layers among tensors by name. */
export function encodingNamed(tensors: Tensors, layers: number, whose = ''): Encoding[] {
  return Array.from({ length: layers }, (_, layer) => ({
    keys: tensors[`${whose}keys ${layer}`]!,
    values: tensors[`${whose}values ${layer}`]!,
  }));
}

/** x [batch, time, width] through the blocks and the last norm. */
export function stack(
  parameters: Tensors,
  name: string,
  plan: StackPlan,
  x: Tensor,
  masks: { readonly self?: Tensor; readonly cross?: Tensor },
  noise: Noise,
  encoding?: readonly Encoding[],
): Tensor {
  let state = x;
  for (let layer = 0; layer < plan.layers; layer++) {
    const block = `${name}.${layer}`;
    const looked = rmsNorm(parameters, `${block}.self-norm`, state);
    state = add(
      state,
      noise.drop(selfAttention(parameters, `${block}.self`, looked, plan.groups, masks.self, noise)),
    );
    const source = encoding?.[layer];
    if (source !== undefined) {
      const asked = rmsNorm(parameters, `${block}.cross-norm`, state);
      state = add(
        state,
        noise.drop(attendTo(parameters, `${block}.cross`, asked, source, masks.cross, noise)),
      );
    }
    const thought = rmsNorm(parameters, `${block}.forward-norm`, state);
    state = add(state, noise.drop(feedForward(parameters, `${block}.forward`, thought)));
  }
  return rmsNorm(parameters, `${name}.norm`, state);
}
