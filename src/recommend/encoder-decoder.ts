// The encoder and decoder of semantic-decoder.ts as a model that can be searched.

import { noNoise } from './kit/layers.ts';
import type { Tensors } from './kit/tensor.ts';
import type { Encoding } from './kit/transformer.ts';
import { decode, encode, opened, type DecoderPlan } from './semantic-decoder.ts';
import type { CodeModel } from './semantic-search.ts';

/** Histories are encoded once; the decoder's keys and values of them are kept for the search. */
export function encoderDecoder(plan: DecoderPlan): CodeModel {
  return {
    read: (parameters, batch) =>
      encodingByName(opened(parameters, plan, encode(parameters, plan, batch, noNoise))),
    write: (parameters, read, batch) => decode(parameters, plan, batch, namedEncoding(read, plan), noNoise),
  };
}

/** An encoding as tensors by name, to leave a compiled function. */
export function encodingByName(encoding: readonly Encoding[]): Tensors {
  return Object.fromEntries(
    encoding.flatMap(({ keys, values }, layer) => [
      [`keys ${layer}`, keys],
      [`values ${layer}`, values],
    ]),
  );
}

export function namedEncoding(read: Tensors, plan: DecoderPlan): Encoding[] {
  return Array.from({ length: plan.shape.layers }, (_, layer) => ({
    keys: read[`keys ${layer}`]!,
    values: read[`values ${layer}`]!,
  }));
}
