// From sequences to the batches of every step: pieces packed into rows once, the rows in another seeded order in
// each epoch. A pure function of the step, so that a resumed training meets the same batches.

import { randomFrom } from '../base/random.ts';
import { packPieces, piecesOf, writeRows, type PackedRows, type Piece } from './kit/packing.ts';

export interface Epochs {
  readonly stepsPerEpoch: number;
  /** The rows of a step, from 1. */
  rows(step: number): PackedRows;
}

/** `rowsPerBatch` rows of `length` tokens; `start` is the token that stands before the first step of a history. */
export function packedEpochs(
  sequences: readonly Int32Array[],
  plan: { readonly length: number; readonly rowsPerBatch: number; readonly start: number },
  seed: number,
): Epochs {
  const pieces = sequences.flatMap((sequence, source) =>
    piecesOf(sequence, plan.length, plan.start).map((piece) => ({ ...piece, source })),
  );
  return pieceEpochs(pieces, plan, seed);
}

/** The same for pieces that are ready; `start` fills what is empty. */
export function pieceEpochs(
  pieces: readonly Piece[],
  {
    length,
    rowsPerBatch,
    start,
  }: { readonly length: number; readonly rowsPerBatch: number; readonly start: number },
  seed: number,
): Epochs {
  const rows = packPieces(pieces, length, randomFrom('packing', seed));
  const stepsPerEpoch = Math.ceil(rows.length / rowsPerBatch);
  let shuffled: { epoch: number; rows: readonly (readonly Piece[])[] } | undefined;
  return {
    stepsPerEpoch,
    rows(step) {
      const epoch = Math.floor((step - 1) / stepsPerEpoch);
      if (shuffled?.epoch !== epoch) {
        shuffled = { epoch, rows: randomFrom('epoch', seed, epoch).shuffle(rows) };
      }
      const from = ((step - 1) % stepsPerEpoch) * rowsPerBatch;
      return writeRows(shuffled.rows.slice(from, from + rowsPerBatch), rowsPerBatch, length, start);
    },
  };
}
