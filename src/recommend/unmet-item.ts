// Items that stand for what a person would not have chosen: drawn among those she did not meet.

import type { Random } from '../base/random.ts';

const mostDraws = 100;

/** An item at random that is not in `seen`; where a hundred draws find none, the last drawn. */
export function unmetItem(items: number, seen: ReadonlySet<number>, random: Random): number {
  let item = random.integer(items);
  for (let draw = 1; draw < mostDraws && seen.has(item); draw++) item = random.integer(items);
  return item;
}

/** For each place of packed sequences an item that the sequence does not have; 0 where there is none (source −1). */
export function unmetNegatives(
  sources: Int32Array,
  met: readonly ReadonlySet<number>[],
  items: number,
  random: Random,
): Int32Array {
  return sources.map((source) => (source < 0 ? 0 : unmetItem(items, met[source]!, random)));
}
