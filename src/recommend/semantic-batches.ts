// Host arrays for the semantic decoder: rows of histories with the codes of their items, some places of each row
// chosen as targets, and the beams of a search. Everything is a pure function of what is given.

import type { Random } from '../base/random.ts';
import type { HostBatch } from './kit/fit.ts';
import type { PackedRows } from './kit/packing.ts';
import { codeRow, startRow, type DecoderPlan } from './semantic-decoder.ts';
import type { Tokens } from './tokenise.ts';

export type Arrays = Record<string, HostBatch['arrays'][string]>;

/** Codes of an item as rows of the tables; the item past the last is the start of a history. */
function rowsOfItem(tokens: Tokens, plan: DecoderPlan, item: number): number[] {
  const items = tokens.full.length / plan.levels;
  return Array.from({ length: plan.levels }, (_, level) =>
    item === items ? startRow(plan) : codeRow(plan, level, tokens.full[item * plan.levels + level]!),
  );
}

/** What the encoder reads: packed rows of item indices. */
export function readArrays(packed: PackedRows, tokens: Tokens, plan: DecoderPlan): Arrays {
  const { rows, length, inputs, positions, segments } = packed;
  const read = new Int32Array(rows * length * plan.levels);
  inputs.forEach((item, place) => read.set(rowsOfItem(tokens, plan, item), place * plan.levels));
  return {
    read: { shape: [rows, length, plan.levels], values: read },
    positions: { shape: [rows, length], values: positions },
    segments: { shape: [rows, length], values: segments },
  };
}

/** What the decoder writes in one row: a place and the codes that follow it, as far as they are known. */
export interface Written {
  readonly at: number;
  readonly segment: number;
  readonly codes: readonly number[];
}

/**
 * Arrays of the decoder for rows of at most `sequences` code sequences each; the rest is padding. Only the first
 * `depth` codes are asked for: a search needs no more than the next.
 */
export function writtenArrays(
  rows: readonly (readonly Written[])[],
  sequences: number,
  tokens: Tokens,
  plan: DecoderPlan,
  depth: number = plan.levels,
): Arrays {
  const count = rows.length;
  const size = count * sequences * depth;
  const written = new Int32Array(size).fill(startRow(plan));
  const codes = new Int32Array(size);
  const weights = new Float32Array(size);
  const at = new Int32Array(count * sequences);
  const segmentAt = new Int32Array(count * sequences);
  rows.forEach((row, place) => {
    row.forEach((sequence, order) => {
      const slot = place * sequences + order;
      at[slot] = sequence.at;
      segmentAt[slot] = sequence.segment;
      sequence.codes.forEach((code, level) => {
        codes[slot * depth + level] = code;
        weights[slot * depth + level] = 1;
        if (level + 1 < depth) written[slot * depth + level + 1] = codeRow(plan, level, code);
      });
    });
  });
  const perToken = (value: (token: number) => number): Int32Array =>
    Int32Array.from({ length: sequences * depth }, (_, token) => value(token));
  const tokenShape = [count, sequences * depth];
  return {
    written: { shape: tokenShape, values: written },
    codes: { shape: tokenShape, values: codes },
    weights: { shape: tokenShape, values: weights },
    at: { shape: [count, sequences], values: at },
    segmentAt: { shape: [count, sequences], values: segmentAt },
    group: { shape: [1, sequences * depth], values: perToken((token) => Math.floor(token / depth)) },
    level: { shape: [1, sequences * depth], values: perToken((token) => token % depth) },
    one: { shape: [1, 1, depth], values: new Int32Array(depth).fill(1) },
    sizes: {
      shape: [sequences * depth],
      values: perToken((token) => (token % depth === plan.levels - 1 ? tokens.lastCodes : tokens.codes)),
    },
  };
}

/** A place of a row whose next item is asked for. */
export interface Target {
  readonly at: number;
  readonly segment: number;
  readonly item: number;
}

/** At most `most` places of each row, drawn without repetition. */
export function drawTargets(packed: PackedRows, most: number, random: Random): Target[][] {
  const { rows, length, weights, segments, targets } = packed;
  return Array.from({ length: rows }, (_, row) => {
    const places = Array.from({ length }, (_place, at) => at).filter(
      (at) => weights[row * length + at] === 1,
    );
    return random
      .shuffle(places)
      .slice(0, most)
      .map((at) => ({ at, segment: segments[row * length + at]!, item: targets[row * length + at]! }));
  });
}

/** A training batch with at most `sequences` targets a row. */
export function targetBatch(
  packed: PackedRows,
  targets: readonly (readonly Target[])[],
  sequences: number,
  tokens: Tokens,
  plan: DecoderPlan,
): HostBatch {
  const written = targets.map((row) =>
    row.map(({ at, segment, item }) => ({ at, segment, codes: itemCodes(tokens, item) })),
  );
  const count = targets.reduce((total, row) => total + row.length, 0);
  return {
    arrays: { ...readArrays(packed, tokens, plan), ...writtenArrays(written, sequences, tokens, plan) },
    tokens: packed.weights.reduce((total, one) => total + one, 0) + count * plan.levels,
  };
}

/** All codes of an item, the disambiguating one included. */
function itemCodes(tokens: Tokens, item: number): number[] {
  const length = tokens.levels + 1;
  return [...tokens.full.subarray(item * length, (item + 1) * length)];
}
