// The encoder and decoder of semantic-decoder.ts as a model that can be searched.

import { noNoise } from './kit/layers.ts';
import { add, log, multiply, softmax, type Tensor, type Tensors } from './kit/tensor.ts';
import { encodingByName, encodingNamed } from './kit/transformer.ts';
import { decode, encode, masked, opened, type DecoderPlan } from './semantic-decoder.ts';
import type { CodeModel } from './semantic-search.ts';

/** Histories are encoded once; the decoder's keys and values of them are kept for the search. */
export function encoderDecoder(plan: DecoderPlan): CodeModel & {
  /** The part of `read` after the encoding [rows, length, width], for who needs that too. */
  readEncoded(parameters: Tensors, encoded: Tensor): Tensors;
} {
  const readEncoded = (parameters: Tensors, encoded: Tensor): Tensors =>
    encodingByName(opened(parameters, plan, encoded));
  return {
    readEncoded,
    read: (parameters, batch) => readEncoded(parameters, encode(parameters, plan, batch, noNoise)),
    write: (parameters, read, batch) =>
      decode(parameters, plan, batch, encodingNamed(read, plan.shape.layers), noNoise),
  };
}

/**
 * Models of one plan that decide together: logarithms of their mean probabilities. The parameters of model m are named
 * '<m> <name>', as `merged` names them. A control: is a gain more than that of two opinions?
 */
export function ensemble(models: readonly CodeModel[]): CodeModel {
  const part = (tensors: Tensors, at: number): Tensors =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(`${at} `))
        .map(([name, tensor]) => [name.slice(`${at} `.length), tensor]),
    );
  return {
    read: (parameters, batch) => merged(models.map((model, at) => model.read(part(parameters, at), batch))),
    write(parameters, read, batch) {
      const shares = models.map((model, at) =>
        softmax(masked(model.write(part(parameters, at), part(read, at), batch), batch)),
      );
      return log(
        add(
          multiply(
            shares.reduce((sum, one) => add(sum, one)),
            1 / models.length,
          ),
          1e-30,
        ),
      );
    },
  };
}

/** Tensors or weights of several models under one roof. */
export function merged<Part>(parts: readonly Readonly<Record<string, Part>>[]): Record<string, Part> {
  return Object.fromEntries(
    parts.flatMap((part, at) => Object.entries(part).map(([name, value]) => [`${at} ${name}`, value])),
  );
}
