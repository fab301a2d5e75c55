// The orders of the catalogue, so that equal data have equal bytes on every machine.

import type { Interaction } from './item.ts';

/** By code units, independent of locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Oldest first, then by user. */
export function byTimeAndPerson(a: Interaction, b: Interaction): number {
  return a.time - b.time || byText(a.user, b.user);
}

/** Oldest first, then by user, then by item: the order of `Catalogue.interactions`. */
export function byTime(a: Interaction, b: Interaction): number {
  return byTimeAndPerson(a, b) || byText(a.item, b.item);
}
