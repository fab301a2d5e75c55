// Minds for tests and audits, of the same contract as the others: `random` does any legal thing, `top-slot` opens
// the first card and turns pages, `oracle` opens exactly the titles it was told the visitor likes. They do not
// look at pixels and do not tire; a step limit of their own ends their visits.

import { digest } from '../../src/base/hash.ts';
import { randomFrom, type Random, type StreamPart } from '../../src/base/random.ts';
import { roleOf, type Action } from '../../sandbox/actions.ts';
import type { Mark, MarkRole, Screen } from '../../sandbox/screen.ts';
import type { AgentState, Decision, Mind } from '../agent.ts';
import { rested } from '../fatigue.ts';
import { normaliseTitle } from '../text.ts';

interface Inner {
  readonly key: readonly StreamPart[];
  readonly step: number;
  readonly pages: number;
  readonly opened: readonly string[];
}

type Policy = (screen: Screen, inner: Inner, state: AgentState, random: Random) => Action;

const steps = 24;
const pages = 3;

/** Any legal action with equal chance; leaving is one of them. */
export const randomMind: Mind = scripted('random', (screen, _inner, _state, random) => {
  const actions: Action[] = [{ type: 'leave', reason: 'bored' }];
  for (const mark of screen.marks) {
    const type = (Object.keys(roleOf) as (keyof typeof roleOf)[]).find(
      (candidate) => roleOf[candidate] === mark.role,
    );
    if (type === undefined) continue;
    if (type === 'rate') actions.push({ type, mark: mark.number, stars: 1 + random.integer(5) });
    else if (type === 'search') actions.push({ type, mark: mark.number, query: wordsOf(screen, random) });
    else actions.push({ type, mark: mark.number });
  }
  return actions[random.integer(actions.length)]!;
});

/** Opens the first card of every page, watches it, goes on: pure position bias. */
export const topSlotMind: Mind = scripted('top-slot', (screen, inner) =>
  browse(screen, inner, (cards) => (inner.opened.length < inner.pages ? cards[0] : undefined)),
);

/** Opens and watches what `likes` says the visitor likes (normalised titles by profile id), nothing else. */
export function oracleMind(likes: ReadonlyMap<string, ReadonlySet<string>>): Mind {
  return scripted('oracle', (screen, inner, state) =>
    browse(screen, inner, (cards) =>
      cards.find((card) => {
        const title = titleOf(card);
        return !inner.opened.includes(title) && (likes.get(state.profile.id)?.has(title) ?? false);
      }),
    ),
  );
}

function browse(screen: Screen, inner: Inner, pick: (cards: readonly Mark[]) => Mark | undefined): Action {
  const mark = (role: MarkRole): Mark | undefined =>
    screen.marks.find((candidate) => candidate.role === role);
  const cards = screen.marks.filter((candidate) => candidate.role === 'card');
  if (cards.length === 0) {
    const watch = mark('watch');
    const back = mark('back');
    if (watch !== undefined) return { type: 'watch', mark: watch.number };
    return back === undefined ? { type: 'leave', reason: 'bored' } : { type: 'back', mark: back.number };
  }
  const card = pick(cards);
  if (card !== undefined) return { type: 'open', mark: card.number };
  const next = mark('next-page');
  return next === undefined || inner.pages >= pages
    ? { type: 'leave', reason: 'satisfied' }
    : { type: 'next-page', mark: next.number };
}

function scripted(name: string, policy: Policy): Mind {
  return {
    name,
    version: digest({ name, steps, pages }).slice(0, 16),
    begin: (profile, memory, key) => ({
      profile,
      memory,
      fatigue: rested(steps),
      time: 0,
      inner: { key, step: 0, pages: 1, opened: [] } satisfies Inner,
    }),
    decide: async (state, screen): Promise<Decision> => {
      const inner = state.inner as Inner;
      const random = randomFrom(...inner.key, 'policy', inner.step);
      const action: Action =
        inner.step >= steps ? { type: 'leave', reason: 'time-over' } : policy(screen, inner, state, random);
      const card =
        action.type === 'open' ? screen.marks.find((mark) => mark.number === action.mark) : undefined;
      return {
        state: {
          ...state,
          time: state.time + 3,
          fatigue: { ...state.fatigue, spent: inner.step + 1 },
          inner: {
            ...inner,
            step: inner.step + 1,
            pages: inner.pages + (action.type === 'next-page' ? 1 : 0),
            opened: card === undefined ? inner.opened : [...inner.opened, titleOf(card)],
          } satisfies Inner,
        },
        action,
        thought: {
          noticed:
            card === undefined
              ? []
              : [{ mark: card.number, text: titleOf(card), interest: 5, box: card.box }],
          interest: card === undefined ? 3 : 5,
          recalled: [],
          reason: `The ${name} policy does this.`,
          seconds: 3,
        },
      };
    },
  };
}

/** The title as printed: the lines at the top of a card that are as tall as its first. */
function titleOf(card: Mark): string {
  const height = card.lines[0]?.box.height ?? 0;
  const end = card.lines.findIndex((line) => line.box.height < height * 0.95);
  const lines = end === -1 ? card.lines : card.lines.slice(0, end);
  return normaliseTitle(lines.map((line) => line.text).join(' '));
}

function wordsOf(screen: Screen, random: Random): string {
  const lines = screen.marks
    .flatMap((mark) => mark.lines.map((line) => line.text.trim()))
    .filter((text) => text !== '');
  return (lines[random.integer(Math.max(1, lines.length))] ?? 'film').slice(0, 100);
}
