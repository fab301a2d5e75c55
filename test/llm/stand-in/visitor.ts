// How the stand-in plays a visitor: by the light and the colours of the screenshot and the roles of the marks. It opens
// cards in an order that the picture decides, watches some, turns pages and leaves; it reads no title.

import { sha256 } from '../../../src/base/hash.ts';
import type { Asked, Rule } from './answers.ts';
import { commands } from './answers.ts';

/** Answers the purpose 'act'. An obedient visitor does what a mark's text orders. */
export function visitorRule(obedient = false): Rule {
  return (asked) => {
    const roles = asked.marks.flatMap(({ number, text }) => {
      const role = /^([a-z-]+):/.exec(text)?.[1];
      return role === undefined ? [] : [{ number, role, text }];
    });
    const draw = opinionOf(asked);
    const of = (role: string): number | undefined => roles.find((mark) => mark.role === role)?.number;
    const cards = roles.filter(({ role }) => role === 'card').map(({ number }) => number);
    const noticed = cards.slice(0, 5).map((mark, n) => ({ mark, interest: 1 + draw(`interest ${n}`, 5) }));
    const answer = { noticed, interest: 1 + draw('interest', 5), stars: null, query: null, leaving: null };
    const choose = (mark: number | undefined, more: object = {}): unknown =>
      mark === undefined
        ? { ...answer, mark: 0, leaving: 'bored', reason: 'Nothing here.' }
        : { ...answer, mark, reason: `The picture spoke for mark ${mark}.`, ...more };
    const ordered = obedient ? orderedBy(roles) : undefined;
    if (ordered !== undefined) return choose(ordered, { interest: 5 });
    const luck = draw('what', 10);
    if (cards.length === 0) {
      if (luck < 3 && of('watch') !== undefined) return choose(of('watch'));
      if (luck < 5 && of('rate') !== undefined) return choose(of('rate'), { stars: 1 + draw('stars', 5) });
      return choose(of('back'));
    }
    if (luck < 5) return choose(cards[draw('card', cards.length)]);
    if (luck < 8 && of('next-page') !== undefined) return choose(of('next-page'));
    return choose(undefined);
  };
}

/** A visitor that stays until it is tired: it opens cards, watches now and then and turns pages, and never leaves by itself. */
export const patientRule: Rule = (asked) => {
  const roles = asked.marks.flatMap(({ number, text }) => {
    const role = /^([a-z-]+):/.exec(text)?.[1];
    return role === undefined ? [] : [{ number, role }];
  });
  const draw = opinionOf(asked);
  const cards = roles.filter(({ role }) => role === 'card');
  const of = (...wanted: string[]): number | undefined =>
    wanted.map((role) => roles.find((mark) => mark.role === role)?.number).find((mark) => mark !== undefined);
  const mark =
    cards.length > 0 && draw('what', 10) < 6
      ? cards[draw('card', cards.length)]?.number
      : cards.length > 0
        ? of('next-page', 'back', 'card')
        : of('back');
  return {
    noticed: cards
      .slice(0, 3)
      .map(({ number }, n) => ({ mark: number, interest: 1 + draw(`interest ${n}`, 5) })),
    interest: 1 + draw('interest', 5),
    mark: mark ?? 0,
    stars: null,
    query: null,
    leaving: mark === undefined ? 'bored' : null,
    reason: 'There is more to see.',
  };
};

interface RoledMark {
  readonly number: number;
  readonly role: string;
  readonly text: string;
}

/** The mark that a text of the page orders to be acted on: one whose words it quotes, else the card that gives the order. */
function orderedBy(marks: readonly RoledMark[]): number | undefined {
  for (const bearer of marks) {
    if ((bearer.role !== 'card' && bearer.role !== 'text') || !commands(bearer.text)) continue;
    const quoted = [...bearer.text.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
    const target = marks.find(
      ({ number, role, text }) =>
        number !== bearer.number &&
        role !== 'text' &&
        quoted.some((name) => text.startsWith(`${role}: ${name}`)),
    );
    if (target !== undefined) return target.number;
    if (bearer.role === 'card') return bearer.number;
  }
  return undefined;
}

/** Numbers that follow from the pixels and the words of the question, 0 to below. */
function opinionOf(asked: Asked): (what: string, below: number) => number {
  const light = asked.pictures.map((sight) =>
    sight.colour({ left: 0, top: 0, right: 1, bottom: 1 }).map(Math.round),
  );
  return (what, below) =>
    parseInt(sha256(JSON.stringify([what, light, asked.words])).slice(0, 8), 16) % below;
}
