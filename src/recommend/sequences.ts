// Histories in order of time, the form that sequence models learn from; training-table.ts has the same rows
// without order. A disliked item (value below 3) is no step of a sequence: what is learned is what people go on to
// want, and a request's history is read the same way.

import { createHash } from 'node:crypto';
import { seedFrom } from '../base/random.ts';
import { byText } from '../catalogue/order.ts';
import { DISLIKED_BELOW } from './preference.ts';
import type { RecommendRequest, TrainingSet } from './recommender.ts';
import type { TrainingTable } from './training-table.ts';

export interface Sequences {
  /** One a person in order of id; item indices, oldest first; people without a step are left out. */
  readonly all: readonly Int32Array[];
  /** Whose they are. */
  readonly people: readonly string[];
  /** SHA-256 over all sequences. */
  readonly digest: string;
}

/**
 * Of several rows of one person and item the latest counts, as in the table. Rows of equal time (a day, on Amazon; a
 * second, on MovieLens) are ordered by a seeded hash: the order of a file often betrays ids, and a model would learn it.
 */
export function sequencesOf(set: TrainingSet, table: TrainingTable, seed: number): Sequences {
  const people = Map.groupBy(set.interactions, (row) => row.user);
  const sequences = [...people.keys()].sort(byText).map((person) => {
    const rows = people.get(person)!.map((row) => ({ row, tie: undefined as number | undefined }));
    const tie = (entry: (typeof rows)[number]): number =>
      (entry.tie ??= seedFrom(seed, 'sequence-tie', person, entry.row.item));
    rows.sort((a, b) => a.row.time - b.row.time || tie(a) - tie(b) || a.row.value - b.row.value);
    const steps = stepsOf(rows.map(({ row }) => row));
    return { person, sequence: Int32Array.from(steps, (row) => table.itemIndex.get(row.item)!) };
  });
  const known = sequences.filter(({ sequence }) => sequence.length > 0);
  const all = known.map(({ sequence }) => sequence);
  const hash = createHash('sha256');
  for (const sequence of all) hash.update(`${sequence.join(' ')}\n`);
  return { all, people: known.map(({ person }) => person), digest: hash.digest('hex') };
}

/**
 * Rows in order of time without dislikes, and without those whose item is mentioned again later: a rating after watching
 * replaces it.
 */
function stepsOf<Row extends { readonly item: string; readonly value: number }>(rows: readonly Row[]): Row[] {
  const last = new Map(rows.map(({ item }, at) => [item, at]));
  return rows.filter(({ item, value }, at) => value >= DISLIKED_BELOW && last.get(item) === at);
}

/** The steps of a request's history that the model knows, at most the last `length`: item indices, oldest first. */
export function historySteps(
  table: TrainingTable,
  history: RecommendRequest['history'],
  length: number,
): Int32Array {
  const steps = stepsOf(history)
    .map((entry) => table.itemIndex.get(entry.item))
    .filter((item) => item !== undefined);
  return Int32Array.from(steps.slice(-length));
}

/** A next step that is known and was not trained on. */
export interface HeldOutStep {
  readonly past: Int32Array;
  readonly next: number;
}

/**
 * Validation for early stopping: the last step of at most `most` people who have three or more, in seeded random
 * order, taken out of what is trained on.
 */
export function holdOutLast(
  sequences: readonly Int32Array[],
  most: number,
  shuffled: (places: readonly number[]) => readonly number[],
): {
  readonly training: readonly Int32Array[];
  /** `place` says whose: which of the sequences. */
  readonly validation: readonly (HeldOutStep & { readonly place: number })[];
} {
  const eligible = [...sequences.keys()].filter((place) => sequences[place]!.length >= 3);
  const chosen = new Set(shuffled(eligible).slice(0, most));
  return {
    training: sequences.map((sequence, place) =>
      chosen.has(place) ? sequence.subarray(0, sequence.length - 1) : sequence,
    ),
    validation: [...chosen].map((place) => {
      const sequence = sequences[place]!;
      return { place, past: sequence.subarray(0, sequence.length - 1), next: sequence.at(-1)! };
    }),
  };
}
