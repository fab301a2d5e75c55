// When to stop training a model over semantic IDs: the loss of the held-out next items, a few rows at a time, in the
// shapes of a single target a row.

import type { HostBatch } from './kit/fit.ts';
import { deviceBatch } from './kit/fit.ts';
import { piecesOf, writeRows } from './kit/packing.ts';
import { compiled, download, release, type Tensor, type Tensors } from './kit/tensor.ts';
import { itemCodes, readArrays, writtenArrays, type Arrays } from './semantic-batches.ts';
import type { DecoderPlan } from './semantic-decoder.ts';
import type { HeldOutStep } from './sequences.ts';
import type { Tokens } from './tokenise.ts';

/** A batch of at most `rows` cases: each history in a row of its own, the item that follows as the one target. */
export function nextItemBatch(
  cases: readonly HeldOutStep[],
  rows: number,
  tokens: Tokens,
  plan: DecoderPlan,
  further: (targets: readonly number[]) => Arrays = () => ({}),
): HostBatch {
  const start = tokens.full.length / plan.levels;
  const pieces = cases.map(({ past, next }) => {
    const steps = Int32Array.from([...past.slice(-(plan.length - 1)), next]);
    return piecesOf(steps, plan.length, start);
  });
  const packed = writeRows(pieces, rows, plan.length, start);
  const written = Array.from({ length: rows }, (_, row) => {
    const [piece] = pieces[row] ?? [];
    if (piece === undefined) return [];
    return [{ at: piece.inputs.length - 1, segment: 0, codes: itemCodes(tokens, cases[row]!.next) }];
  });
  return {
    arrays: {
      ...readArrays(packed, tokens, plan),
      ...writtenArrays(written, 1, tokens, plan),
      ...further(cases.map(({ next }) => next)),
    },
    tokens: packed.weights.reduce((total, one) => total + one, 0) + cases.length * plan.levels,
  };
}

/**
 * −(mean loss of the held-out next items), higher is better; undefined where nobody is held out. `loss` is a mean over
 * the targets of a batch.
 */
export function heldOutScore(
  validation: readonly HeldOutStep[],
  rows: number,
  tokens: Tokens,
  plan: DecoderPlan,
  loss: (parameters: Tensors, batch: Tensors) => Tensor,
): ((parameters: Tensors) => number) | undefined {
  if (validation.length === 0) return undefined;
  const program = compiled((parameters, batch) => ({ loss: loss(parameters!, batch!) }));
  const parts = Array.from({ length: Math.ceil(validation.length / rows) }, (_, part) => {
    const cases = validation.slice(part * rows, (part + 1) * rows);
    return { cases: cases.length, host: nextItemBatch(cases, rows, tokens, plan) };
  });
  return (parameters) => {
    let total = 0;
    for (const { cases, host } of parts) {
      const batch = deviceBatch(host);
      const outputs = program(parameters, batch);
      total += cases * download(outputs.loss)[0]!;
      release(outputs, batch);
    }
    return -total / validation.length;
  };
}
