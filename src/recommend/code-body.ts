// The two bodies that can write codes after a history, behind one shape: the encoder and decoder of tiger, and the
// lazy decoder of OneRec-V2. A body is its weights, its logits in training and its two halves of a search.

import { encoderDecoder } from './encoder-decoder.ts';
import { encodingByName, encodingNamed } from './kit/transformer.ts';
import { deviceBatch, type HostBatch } from './kit/fit.ts';
import { noNoise, type Noise } from './kit/layers.ts';
import { initialise, toDevice, type WeightPlans } from './kit/parameters.ts';
import { countMultiplications, release, type Tensor, type Tensors } from './kit/tensor.ts';
import { lazyDecode, lazyPlans, processedContext, type LazyPlan } from './lazy-decoder.ts';
import { decode, decoderPlans, encode, opened, type DecoderPlan } from './semantic-decoder.ts';
import type { CodeModel } from './semantic-search.ts';
import type { Random } from '../base/random.ts';

export interface CodeBody {
  readonly plans: WeightPlans;
  /** Logits [rows, sequences × depth, codes] of a batch of histories and what is written after them. */
  logits(parameters: Tensors, batch: Tensors, noise: Noise): Tensor;
  readonly model: CodeModel;
}

export function encoderDecoderBody(plan: DecoderPlan): CodeBody {
  return {
    plans: decoderPlans(plan),
    logits(parameters, batch, noise) {
      const encoded = encode(parameters, plan, batch, noise);
      return decode(parameters, plan, batch, opened(parameters, plan, encoded), noise);
    },
    model: encoderDecoder(plan),
  };
}

export function lazyBody(plan: LazyPlan): CodeBody {
  return {
    plans: lazyPlans(plan),
    logits: (parameters, batch, noise) =>
      lazyDecode(parameters, plan, batch, processedContext(parameters, plan, batch, noise), noise),
    model: {
      read: (parameters, batch) => encodingByName(processedContext(parameters, plan, batch, noNoise)),
      write: (parameters, read, batch) =>
        lazyDecode(parameters, plan, batch, encodingNamed(read, plan.contexts), noNoise),
    },
  };
}

/** Multiply-accumulates of one forward pass over a batch, in its matrix products; a backward pass takes two more. */
export function forwardMultiplications(body: CodeBody, host: HostBatch, random: Random): number {
  const parameters = toDevice(initialise(body.plans, random));
  const batch = deviceBatch(host);
  const count = countMultiplications(() => void body.logits(parameters, batch, noNoise));
  release(parameters, batch);
  return count;
}
