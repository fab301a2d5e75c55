// Splits into train, validation and test: by time (eight tenths, one, one, of all interactions), by visitor (seeded; a
// visitor's twins stay together), or leave-one-out (each user's last interaction, and the one before it). Rows are given
// in a user's order and leave in it; nothing is shuffled, and no more than one user is held in memory.

import { seedFrom } from '../base/random.ts';
import type { Row, SplitKind, Table } from './tables.ts';

export type Part = 'train' | 'validation' | 'test';
export const parts: readonly Part[] = ['train', 'validation', 'test'];

export interface Split {
  readonly kind: SplitKind;
  readonly seed: number;
  /** Where validation and test begin, in seconds of the simulated calendar; infinite unless split by time. */
  readonly from: { readonly validation: number; readonly test: number };
}

const trainShare = 0.8;
const validationShare = 0.1;

/** The split of a data set. `timestamps` are those of its interactions; only a split by time looks at them. */
export function splitOf(kind: SplitKind, seed: number, timestamps: () => Iterable<number>): Split {
  if (kind !== 'time') return { kind, seed, from: { validation: Infinity, test: Infinity } };
  const sorted = Float64Array.from(timestamps()).sort();
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? Infinity;
  return { kind, seed, from: { validation: at(trainShare), test: at(trainShare + validationShare) } };
}

/** The part of a visitor under a split by visitor. */
export function partOfVisitor(visitor: string, seed: number): Part {
  const place = seedFrom(seed, 'dataset-split', visitor) / 2 ** 32;
  return place < trainShare ? 'train' : place < trainShare + validationShare ? 'validation' : 'test';
}

/** Every row with its part. Whole tables are all train. A table that cannot be split so is a defect of the caller. */
export function* withParts(
  split: Split,
  table: Pick<Table, 'name' | 'splits'>,
  rows: Iterable<Row>,
): Iterable<{ readonly part: Part; readonly row: Row }> {
  if (table.splits !== 'whole' && !table.splits.includes(split.kind))
    throw new Error(`defect: ${table.name} cannot be split by ${split.kind}`);
  const kind = table.splits === 'whole' ? 'none' : split.kind;
  switch (kind) {
    case 'none':
      for (const row of rows) yield { part: 'train', row };
      return;
    case 'user':
      for (const row of rows) yield { part: partOfVisitor(String(row['visitor']), split.seed), row };
      return;
    case 'time':
      for (const row of rows) yield { part: partOfTime(Number(row['timestamp']), split), row };
      return;
    case 'leave-one-out':
      for (const own of runsOf(rows)) {
        const last = own.length - 1;
        for (const [place, row] of own.entries()) {
          const held: Part = place === last ? 'test' : place === last - 1 ? 'validation' : 'train';
          yield { part: own.length < 3 ? 'train' : held, row };
        }
      }
      return;
    default:
      kind satisfies never;
  }
}

function partOfTime(time: number, { from }: Split): Part {
  return time >= from.test ? 'test' : time >= from.validation ? 'validation' : 'train';
}

/** Neighbouring rows of one user, user by user. */
export function* runsOf(rows: Iterable<Row>): Iterable<Row[]> {
  let own: Row[] = [];
  for (const row of rows) {
    if (own.length > 0 && own[0]!['user_id'] !== row['user_id']) {
      yield own;
      own = [];
    }
    own.push(row);
  }
  if (own.length > 0) yield own;
}
