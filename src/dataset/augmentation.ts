// Does simulated data help? Training sets that differ in one thing: the real rows alone; with simulated rows; with equally
// many real rows that no arm and no mind of the run has seen; with the simulated rows under other visitors' names, which
// know nothing of whom they are about; and with the cards beside those that the same visitor opened, which know what the
// arms chose to show and nothing of what the visitor chose. Pure: who trains and grades is not known here.

import { randomFrom, seedFrom } from '../base/random.ts';
import type { Interaction } from '../catalogue/item.ts';
import { byText, byTime } from '../catalogue/order.ts';
import type { HistorySplit } from '../catalogue/split.ts';
import type { Choices } from './choices.ts';

export const conditions = ['real', 'synthetic', 'held-back', 'permuted', 'unchosen'] as const;
export type Condition = (typeof conditions)[number];

/** What a run gives. */
export interface SimulatedRows {
  /** Ratings; the user is the visitor's id, times are any increasing number. */
  readonly ratings: readonly Interaction[];
  /** What stood beside the cards that a visitor opened, by visitor. */
  readonly choices: Choices;
}

/** What is asked of a visitor: its later likes, all else of its real rows excluded. */
export interface AugmentationCase {
  readonly visitor: string;
  /** Real rows before the test that every condition trains on, oldest first. */
  readonly history: readonly Interaction[];
  /** Items that may not be answered, the same in every condition: all real rows before the test, added or not. */
  readonly exclude: readonly string[];
  /** Liked items of the later half of the held-out part; at least one. */
  readonly liked: readonly string[];
}

/** What a condition adds to the real rows. */
export interface AugmentedSet {
  /** The added rows by visitor, oldest first. */
  readonly added: ReadonlyMap<string, readonly Interaction[]>;
  /** How many were added. */
  readonly rows: number;
}

export interface Augmentation {
  readonly cases: readonly AugmentationCase[];
  readonly available: {
    readonly visitors: number;
    readonly synthetic: number;
    readonly heldBack: number;
    /** Rows that are added: for each visitor the smaller of its two numbers. */
    readonly added: number;
  };
  /** A draw of the condition's rows. */
  set(condition: Condition, seed: number): AugmentedSet;
  /** The real rows and the added ones, in the order of `Catalogue.interactions`. */
  training(set: AugmentedSet): Interaction[];
}

/** Whether stars are a like: four and more. */
export function isLiked(stars: number): boolean {
  return stars >= 4;
}

/**
 * Prepares the training sets. The earlier half of each visitor's held-out rows can be held back, the later half is the
 * test. A visitor adds as many rows as it has both of ratings and of rows to hold back, so that the counts are equal person
 * by person; permuted and unchosen rows fall short of that only where no more items are new to the visitor.
 */
export function augmentation(split: HistorySplit, rows: SimulatedRows, splitSeed: number): Augmentation {
  const known = Map.groupBy(split.training, (row) => row.user);
  const held = Map.groupBy(split.heldOut, (row) => row.user);
  const last = split.armTraining.reduce((latest, row) => Math.max(latest, row.time), 0);
  const simulated = simulatedRows(rows.ratings, known, last);
  const visitors = [...simulated.keys()].filter((visitor) => held.has(visitor)).sort(byText);
  const halves = new Map(visitors.map((visitor) => [visitor, halvesOf(held.get(visitor)!, splitSeed)]));
  const counts = new Map(
    visitors.map((visitor) => [
      visitor,
      Math.min(simulated.get(visitor)!.length, halves.get(visitor)!.earlier.length),
    ]),
  );
  const cases = visitors.flatMap((visitor): AugmentationCase[] => {
    const history = known.get(visitor)!;
    const { earlier, later } = halves.get(visitor)!;
    const exclude = new Set([...history, ...earlier].map((row) => row.item));
    const liked = later.filter((row) => isLiked(row.value) && !exclude.has(row.item)).map((row) => row.item);
    return liked.length === 0 ? [] : [{ visitor, history, exclude: [...exclude], liked }];
  });
  const total = (of: (visitor: string) => number): number =>
    visitors.reduce((sum, visitor) => sum + of(visitor), 0);
  return {
    cases,
    available: {
      visitors: visitors.length,
      synthetic: total((visitor) => simulated.get(visitor)!.length),
      heldBack: total((visitor) => halves.get(visitor)!.earlier.length),
      added: total((visitor) => counts.get(visitor)!),
    },
    set(condition, seed) {
      const rowsOf = rowsFor(condition, seed);
      const added = new Map(
        visitors.map((visitor) => [
          visitor,
          [...rowsOf(visitor)].slice(0, counts.get(visitor)!).sort(byTime),
        ]),
      );
      return { added, rows: [...added.values()].reduce((sum, rows) => sum + rows.length, 0) };
    },
    training: ({ added }) => [...split.armTraining, ...[...added.values()].flat()].sort(byTime),
  };

  /** The rows a visitor may be given, in the order in which they are taken. */
  function rowsFor(condition: Condition, seed: number): (visitor: string) => Iterable<Interaction> {
    const own = (visitor: string): Interaction[] =>
      mixed(simulated.get(visitor)!, seed, 'synthetic', visitor);
    switch (condition) {
      case 'real':
        return () => [];
      case 'held-back':
        return (visitor) => mixed(halves.get(visitor)!.earlier, seed, 'held-back', visitor);
      case 'synthetic':
        return own;
      case 'permuted': {
        const circle = randomFrom('augmentation-circle', seed).shuffle(visitors);
        return (visitor) => borrowed(visitor, circle, own, known.get(visitor)!);
      }
      case 'unchosen':
        return (visitor) => {
          const history = new Set(known.get(visitor)!.map((row) => row.item));
          const beside = new Map(rows.choices.get(visitor)?.map(({ chosen, left }) => [chosen, left]));
          return own(visitor).flatMap((row) => {
            const item = beside.get(row.item);
            return item === undefined || history.has(item) ? [] : [{ ...row, item }];
          });
        };
      default:
        return condition satisfies never;
    }
  }
}

/**
 * The rows of the next visitor on the circle in its own order, then those of the one after, and so on, under this
 * visitor's name: of items new to it, one an item, never its own rows. All get another's rows: a circle has no fixed point.
 */
function* borrowed(
  visitor: string,
  circle: readonly string[],
  rowsOf: (owner: string) => readonly Interaction[],
  history: readonly Interaction[],
): Generator<Interaction> {
  const taken = new Set(history.map((row) => row.item));
  const place = circle.indexOf(visitor);
  for (let step = 1; step < circle.length; step++) {
    for (const row of rowsOf(circle[(place + step) % circle.length]!)) {
      if (taken.has(row.item)) continue;
      taken.add(row.item);
      yield { ...row, user: visitor };
    }
  }
}

/** Simulated rows by visitor: one an item (the last), none of an item its real history has, later than all real rows. */
function simulatedRows(
  synthetic: readonly Interaction[],
  known: ReadonlyMap<string, readonly Interaction[]>,
  last: number,
): Map<string, Interaction[]> {
  const first = synthetic.reduce((least, row) => Math.min(least, row.time), Infinity);
  const rows = new Map<string, Interaction[]>();
  for (const [visitor, own] of Map.groupBy(synthetic, (row) => row.user)) {
    const real = known.get(visitor);
    if (real === undefined) continue;
    const before = new Set(real.map((row) => row.item));
    const fresh = [...own].sort(byTime).filter((row) => !before.has(row.item));
    const byItem = new Map(fresh.map((row) => [row.item, { ...row, time: last + 1 + row.time - first }]));
    if (byItem.size > 0) rows.set(visitor, [...byItem.values()].sort(byTime));
  }
  return rows;
}

/** The held-out part by time, rows of equal time by a seeded hash, in two halves. */
export function halvesOf(
  rows: readonly Interaction[],
  seed: number,
): { readonly earlier: readonly Interaction[]; readonly later: readonly Interaction[] } {
  const ordered = rows
    .map((row) => ({ row, tie: seedFrom(seed, 'augmentation-tie', row.user, row.item) }))
    .sort((a, b) => a.row.time - b.row.time || a.tie - b.tie)
    .map(({ row }) => row);
  const middle = Math.floor(ordered.length / 2);
  return { earlier: ordered.slice(0, middle), later: ordered.slice(middle) };
}

/** Rows in a seeded order of this visitor: the first n are a random sample. */
export function mixed<Row>(rows: readonly Row[], seed: number, kind: string, visitor: string): Row[] {
  return randomFrom('augmentation', seed, kind, visitor).shuffle(rows);
}
