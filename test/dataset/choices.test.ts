// Choices by hand and as laws: the nearest card that was seen and never opened, of the same slate first, each item once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choicesOfCards, choicesOfPages } from '../../src/dataset/choices.ts';
import type { Row } from '../../src/dataset/tables.ts';

interface Card {
  readonly item: string;
  readonly visitor?: string;
  readonly session?: string;
  readonly slate?: number;
  readonly slot: number;
  readonly seen?: boolean;
  readonly opened?: boolean;
  readonly watched?: boolean;
}

const row = ({ item, visitor = 'v', session = 's', slate = 1, slot, ...did }: Card): Row => ({
  visitor,
  item_id: item,
  session,
  slate,
  slot,
  timestamp: 10 * slate,
  in_view: did.seen ?? true,
  opened: did.opened ?? false,
  watched: did.watched ?? false,
});

/** 'a>b' for each choice of the visitor: a was chosen, b was left. */
const told = (choices: ReturnType<typeof choicesOfCards>, visitor = 'v'): string[] =>
  (choices.get(visitor) ?? []).map(({ chosen, left }) => `${chosen}>${left}`);

describe('choices among cards', () => {
  it('set the nearest card that was seen against the one that was opened', () => {
    const cards = [
      row({ item: 'a', slot: 1 }),
      row({ item: 'b', slot: 2, seen: false }),
      row({ item: 'c', slot: 3, opened: true }),
      row({ item: 'd', slot: 6 }),
    ];
    expect(told(choicesOfCards(cards))).toEqual(['c>a']);
  });

  it('leave out what the visitor opened in another visit, and turn to other slates where one has no more', () => {
    const cards = [
      row({ item: 'a', slot: 1, opened: true }),
      row({ item: 'b', slot: 2 }),
      row({ item: 'c', slot: 9 }),
      row({ item: 'b', slot: 1, session: 'later', slate: 2, opened: true }),
      row({ item: 'd', slot: 2, session: 'later', slate: 3 }),
      row({ item: 'e', slot: 1, session: 'later', slate: 3 }),
    ];
    expect(told(choicesOfCards(cards))).toEqual(['a>c', 'b>e']);
  });

  it('of two cards as near, take the one before about as often as the one behind', () => {
    const before = Array.from({ length: 200 }, (_, number) => `v${number}`).filter((visitor) => {
      const cards = [
        row({ visitor, item: 'a', slot: 1 }),
        row({ visitor, item: 'b', slot: 2, opened: true }),
        row({ visitor, item: 'c', slot: 3 }),
      ];
      return told(choicesOfCards(cards), visitor)[0] === 'b>a';
    });
    expect(before.length).toBeGreaterThan(70);
    expect(before.length).toBeLessThan(130);
  });

  it('pair cards of a visitor, one opened and one seen and never opened, and no item twice', () => {
    const cards = fc.array(
      fc.record({
        item: fc.constantFrom(...'abcdefghij'),
        visitor: fc.constantFrom('v', 'w'),
        slate: fc.integer({ min: 1, max: 3 }),
        slot: fc.integer({ min: 1, max: 12 }),
        seen: fc.boolean(),
        opened: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(cards, (drawn) => {
        for (const [visitor, own] of choicesOfCards(drawn.map(row))) {
          const items = own.flatMap(({ chosen, left }) => [chosen, left]);
          expect(new Set(items).size).toBe(items.length);
          const theirs = drawn.filter((card) => card.visitor === visitor);
          for (const { chosen, left, time } of own) {
            const at = theirs.filter((card) => 10 * card.slate === time);
            expect(at.some((card) => card.item === chosen && card.opened)).toBe(true);
            expect(theirs.some((card) => card.item === left && card.seen)).toBe(true);
            expect(theirs.some((card) => card.item === left && card.opened)).toBe(false);
          }
        }
      }),
    );
  });
});

describe('choices among item pages', () => {
  it('set what was watched against the nearest page that was left without, across slates', () => {
    const cards = [
      row({ item: 'a', slot: 1, slate: 1, opened: true }),
      row({ item: 'b', slot: 2, slate: 1 }),
      row({ item: 'c', slot: 1, slate: 2, opened: true }),
      row({ item: 'd', slot: 1, slate: 3, opened: true, watched: true }),
      row({ item: 'e', slot: 2, slate: 3, opened: true, watched: true }),
      row({ item: 'f', slot: 3, slate: 3, opened: true, watched: true }),
    ];
    expect(told(choicesOfPages(cards))).toEqual(['d>c', 'e>a']);
  });
});
