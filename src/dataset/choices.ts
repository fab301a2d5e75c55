// What a visitor chose and what it left: for every card it opened, the nearest card of the same slate that it saw and
// opened in no visit (of its other slates, where that one has no more); for every item it watched, the one opened nearest
// to it that it never watched. The two of a pair hardly differ in place. Pure, of rows of `impressions`.

import { seedFrom } from '../base/random.ts';
import { byText } from '../catalogue/order.ts';
import type { Row } from './tables.ts';

export interface Choice {
  readonly chosen: string;
  readonly left: string;
  /** When the slate of the chosen one was shown. */
  readonly time: number;
}

/** Choices by visitor, oldest first; an item is in one pair of a visitor at most. */
export type Choices = ReadonlyMap<string, readonly Choice[]>;

interface Card {
  readonly item: string;
  readonly time: number;
  readonly slate: string;
  readonly slot: number;
  readonly opened: boolean;
  readonly watched: boolean;
}

/** Cards in view and opened, against cards in view and never opened. */
export function choicesOfCards(impressions: Iterable<Row>): Choices {
  return choicesWith(impressions, (cards) => {
    const seen = cards.map(({ opened, ...card }) => ({ ...card, chosen: opened, place: card.slot }));
    return [...Map.groupBy(seen, ({ slate }) => slate).values(), seen];
  });
}

/** Item pages on which the item was watched, against item pages that were left without. */
export function choicesOfPages(impressions: Iterable<Row>): Choices {
  return choicesWith(impressions, (cards) => [
    cards
      .filter(({ opened }) => opened)
      .map(({ watched, ...card }, place) => ({ ...card, chosen: watched, place })),
  ]);
}

interface Candidate {
  readonly item: string;
  readonly time: number;
  readonly chosen: boolean;
  /** Where it stood among the others of its set. */
  readonly place: number;
}

function choicesWith(
  impressions: Iterable<Row>,
  setsOf: (cards: readonly Card[]) => readonly (readonly Candidate[])[],
): Choices {
  const seen = [...cardsOf(impressions)];
  return new Map(
    [...Map.groupBy(seen, ({ visitor }) => visitor)]
      .map(([visitor, cards]) => [visitor, pairs(visitor, setsOf(cards.toSorted(inTime)))] as const)
      .filter(([, own]) => own.length > 0)
      .sort(([a], [b]) => byText(a, b)),
  );
}

function* cardsOf(impressions: Iterable<Row>): Iterable<Card & { readonly visitor: string }> {
  for (const row of impressions) {
    const opened = row['opened'] === true;
    if (!opened && row['in_view'] !== true) continue;
    yield {
      visitor: String(row['visitor']),
      item: String(row['item_id']),
      time: Number(row['timestamp']),
      slate: `${String(row['session'])} ${String(row['slate'])}`,
      slot: Number(row['slot']),
      opened,
      watched: row['watched'] === true,
    };
  }
}

/** Each chosen item with the nearest one left in the first set that has any; of two as near, a coin decides. */
function pairs(visitor: string, sets: readonly (readonly Candidate[])[]): Choice[] {
  const chosenEver = new Set(sets.flat().flatMap(({ item, chosen }) => (chosen ? [item] : [])));
  const taken = new Set<string>();
  const found: Choice[] = [];
  for (const set of sets) {
    for (const { item, time, place, chosen } of set) {
      if (!chosen || taken.has(item)) continue;
      const coin = (left: string): number => seedFrom('choice', visitor, item, left);
      const [nearest] = set
        .filter((other) => !chosenEver.has(other.item) && !taken.has(other.item))
        .sort((a, b) => Math.abs(a.place - place) - Math.abs(b.place - place) || coin(a.item) - coin(b.item));
      if (nearest === undefined) continue;
      taken.add(item).add(nearest.item);
      found.push({ chosen: item, left: nearest.item, time });
    }
  }
  return found.sort((a, b) => a.time - b.time || byText(a.chosen, b.chosen));
}

function inTime(a: Card, b: Card): number {
  return a.time - b.time || byText(a.slate, b.slate) || a.slot - b.slot;
}
