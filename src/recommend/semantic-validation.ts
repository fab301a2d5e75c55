// When to stop training a model over semantic IDs: the loss of the held-out next items, a few rows at a time, in the
// shapes of a single target a row.

import { heldOutLoss, type HeldOutPart } from './held-out.ts';
import type { HostBatch } from './kit/fit.ts';
import { piecesOf, writeRows } from './kit/packing.ts';
import type { Tensor, Tensors } from './kit/tensor.ts';
import { targetBatch, type Arrays } from './semantic-batches.ts';
import type { DecoderPlan } from './semantic-decoder.ts';
import type { HeldOutStep } from './sequences.ts';
import type { Tokens } from './tokenise.ts';

/** A batch of at most `rows` cases: each history in a row of its own, the item that follows as the one target. */
export function nextItemBatch(
  cases: readonly HeldOutStep[],
  rows: number,
  tokens: Tokens,
  plan: DecoderPlan,
): HostBatch {
  const start = tokens.full.length / plan.levels;
  const pieces = cases.map(({ past, next }) => {
    const steps = Int32Array.from([...past.slice(-(plan.length - 1)), next]);
    return piecesOf(steps, plan.length, start);
  });
  const packed = writeRows(pieces, rows, plan.length, start);
  const targets = Array.from({ length: rows }, (_, row) =>
    (pieces[row] ?? []).map(({ inputs }) => ({ at: inputs.length - 1, segment: 0, item: cases[row]!.next })),
  );
  return targetBatch(packed, targets, 1, tokens, plan);
}

/**
 * −(mean loss of the held-out next items), higher is better; undefined where nobody is held out. `loss` is a mean over
 * the targets of a batch; `further` adds what else it reads, for the next items of each row.
 */
export function heldOutScore(
  validation: readonly HeldOutStep[],
  rows: number,
  tokens: Tokens,
  plan: DecoderPlan,
  loss: (parameters: Tensors, batch: Tensors) => Tensor,
  further?: (targets: readonly (readonly number[])[]) => Arrays,
): ((parameters: Tensors) => number) | undefined {
  return heldOutLoss(heldOutParts(validation, rows, tokens, plan, further), loss);
}

/** The held-out next items in batches of `rows` cases. */
export function heldOutParts(
  validation: readonly HeldOutStep[],
  rows: number,
  tokens: Tokens,
  plan: DecoderPlan,
  further: (targets: readonly (readonly number[])[]) => Arrays = () => ({}),
): HeldOutPart[] {
  return Array.from({ length: Math.ceil(validation.length / rows) }, (_, part) => {
    const cases = validation.slice(part * rows, (part + 1) * rows);
    const host = nextItemBatch(cases, rows, tokens, plan);
    const targets = Array.from({ length: rows }, (_, row) =>
      cases.slice(row, row + 1).map(({ next }) => next),
    );
    return { cases: cases.length, host: { ...host, arrays: { ...host.arrays, ...further(targets) } } };
  });
}
