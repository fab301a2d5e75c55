// Several people in one row. Histories are short (nine items on Amazon), so a row per person would be mostly
// padding; here rows are filled with whole pieces of histories, told apart by a segment number that the attention
// mask respects. Positions start again with each piece.

import type { Random } from '../../base/random.ts';

/** Tokens with what each is to predict. A piece never exceeds a row. */
export interface Piece {
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  /** How many of the first predictions are not trained on: a prompt. None by default. */
  readonly prompt?: number;
  /** Which of the sequences it was cut from, where that is asked. */
  readonly source?: number;
}

export interface PackedRows {
  readonly rows: number;
  readonly length: number;
  /** [rows × length] each; padding has input `filler`, segment and source −1, weight 0, a prompt weight 0. */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  readonly positions: Int32Array;
  readonly segments: Int32Array;
  readonly weights: Float32Array;
  readonly sources: Int32Array;
}

/**
 * Cuts a sequence into pieces of at most `length` predictions. Each begins with `start`, the token that stands for
 * everything before. [a, b, c] with length 2 → start a | a b, then b → c.
 */
export function piecesOf(sequence: Int32Array, length: number, start: number): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < sequence.length; from += length) {
    const targets = sequence.slice(from, from + length);
    const inputs = new Int32Array(targets.length);
    inputs[0] = from === 0 ? start : sequence[from - 1]!;
    inputs.set(targets.subarray(0, targets.length - 1), 1);
    pieces.push({ inputs, targets });
  }
  return pieces;
}

/**
 * Places pieces, in random order, into rows of `length`: each goes to the first open row it fits in (first fit over
 * the last 64 rows). Every piece stands in exactly one row.
 */
export function packPieces(
  pieces: readonly Piece[],
  length: number,
  random: Random,
): readonly (readonly Piece[])[] {
  const rows: { readonly pieces: Piece[]; free: number }[] = [];
  for (const piece of random.shuffle(pieces)) {
    if (piece.inputs.length > length)
      throw new Error(`a piece of ${piece.inputs.length} in rows of ${length}`);
    const open = rows.slice(-64).find((row) => row.free >= piece.inputs.length);
    const row = open ?? { pieces: [], free: length };
    if (open === undefined) rows.push(row);
    row.pieces.push(piece);
    row.free -= piece.inputs.length;
  }
  return rows.map((row) => row.pieces);
}

/** Packed rows as host arrays of a batch, [rows, length] each. */
export function packedArrays(packed: PackedRows) {
  const shape = [packed.rows, packed.length];
  const { inputs, targets, positions, segments, weights } = packed;
  return {
    inputs: { shape, values: inputs },
    targets: { shape, values: targets },
    positions: { shape, values: positions },
    segments: { shape, values: segments },
    weights: { shape, values: weights },
  };
}

/** Writes rows of pieces into flat arrays; rows beyond those given are padding. */
export function writeRows(
  rows: readonly (readonly Piece[])[],
  count: number,
  length: number,
  filler: number,
): PackedRows {
  const size = count * length;
  const packed = {
    rows: count,
    length,
    inputs: new Int32Array(size).fill(filler),
    targets: new Int32Array(size),
    positions: new Int32Array(size),
    segments: new Int32Array(size).fill(-1),
    weights: new Float32Array(size),
    sources: new Int32Array(size).fill(-1),
  };
  rows.forEach((pieces, row) => {
    let place = row * length;
    pieces.forEach((piece, segment) => {
      packed.inputs.set(piece.inputs, place);
      packed.targets.set(piece.targets, place);
      for (let position = 0; position < piece.inputs.length; position++) {
        packed.positions[place + position] = position;
        packed.segments[place + position] = segment;
        packed.sources[place + position] = piece.source ?? -1;
        packed.weights[place + position] = position < (piece.prompt ?? 0) ? 0 : 1;
      }
      place += piece.inputs.length;
    });
  });
  return packed;
}
