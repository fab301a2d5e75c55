// The statechart of a visit: pages are states, what a visitor does are events, conditions are guards with
// names. Transitions are pure functions of (state, event): nothing is fetched, drawn or timed in here, and
// items are opaque strings. What an event costs in simulated seconds stands in one table.

import { initialTransition, setup, transition } from 'xstate';
import type { SnapshotFrom } from 'xstate';
import type { LeaveReason } from './actions.ts';

/** A place in a slate: the item, the slate's number within the visit (from 1) and the slot in it (from 1). */
export interface Place {
  readonly item: string;
  readonly slate: number;
  readonly slot: number;
}

/** What can happen on the site. `pages` of a search says how many pages of results it found, 0 for none. */
export type SiteMove =
  | ({ readonly type: 'OPEN' } & Place)
  | { readonly type: 'NEXT' }
  | { readonly type: 'PREVIOUS' }
  | { readonly type: 'BACK' }
  | { readonly type: 'SEARCH'; readonly query: string; readonly pages: number }
  | { readonly type: 'WATCH' }
  | { readonly type: 'RATE'; readonly stars: number }
  | { readonly type: 'LIST' }
  | { readonly type: 'LEAVE'; readonly reason: LeaveReason };
export type SiteMoveType = SiteMove['type'];

/** Pages are numbered from 1; watched, rated and listed are sorted by item. */
export interface SiteContext {
  readonly maximumPages: number;
  readonly homePage: number;
  readonly query: string;
  readonly resultsPage: number;
  readonly resultsPages: number;
  readonly current: Place | null;
  readonly openedFrom: 'home' | 'results';
  readonly watched: readonly string[];
  readonly rated: readonly { readonly item: string; readonly stars: number }[];
  readonly listed: readonly string[];
  readonly left: LeaveReason | null;
}

/** Simulated seconds the site itself takes for each event: page loads, typing, the player's start. */
export const secondsOf: Readonly<Record<SiteMoveType, number>> = {
  OPEN: 1.5,
  NEXT: 1.5,
  PREVIOUS: 1,
  BACK: 1,
  SEARCH: 5,
  WATCH: 4,
  RATE: 2,
  LIST: 1,
  LEAVE: 0,
};

const visitSetup = setup({
  types: {
    context: {} as SiteContext,
    events: {} as SiteMove,
    input: {} as { readonly pages: number },
  },
  guards: {
    hasNextHomePage: ({ context }) => context.homePage < context.maximumPages,
    hasPreviousHomePage: ({ context }) => context.homePage > 1,
    hasNextResultsPage: ({ context }) => context.resultsPage < context.resultsPages,
    hasPreviousResultsPage: ({ context }) => context.resultsPage > 1,
    cameFromResults: ({ context }) => context.openedFrom === 'results',
    notWatched: ({ context }) => !context.watched.includes(context.current?.item ?? ''),
    notRated: ({ context }) => !context.rated.some((rating) => rating.item === context.current?.item),
    notListed: ({ context }) => !context.listed.includes(context.current?.item ?? ''),
  },
});

const search = visitSetup.assign(({ event }) =>
  event.type === 'SEARCH' ? { query: event.query, resultsPage: 1, resultsPages: event.pages } : {},
);
const open = (openedFrom: 'home' | 'results') =>
  visitSetup.assign(({ event }) =>
    event.type === 'OPEN'
      ? { current: { item: event.item, slate: event.slate, slot: event.slot }, openedFrom }
      : {},
  );
const turnHome = (by: number) => visitSetup.assign({ homePage: ({ context }) => context.homePage + by });
const turnResults = (by: number) =>
  visitSetup.assign({ resultsPage: ({ context }) => context.resultsPage + by });
const close = visitSetup.assign({ current: null });
const watch = visitSetup.assign({ watched: ({ context }) => withItem(context.watched, context.current) });
const list = visitSetup.assign({ listed: ({ context }) => withItem(context.listed, context.current) });
const rate = visitSetup.assign({
  rated: ({ context, event }) =>
    event.type === 'RATE' && context.current !== null
      ? [...context.rated, { item: context.current.item, stars: event.stars }].sort((a, b) =>
          compare(a.item, b.item),
        )
      : context.rated,
});
const leave = visitSetup.assign(({ event }) => (event.type === 'LEAVE' ? { left: event.reason } : {}));

const leaving = { LEAVE: { target: 'ended', actions: leave } } as const;

/** The site: home, item and results pages, and the end of the visit. Leaving is possible anywhere. */
export const siteMachine = visitSetup.createMachine({
  id: 'visit',
  initial: 'home',
  context: ({ input }) => ({
    maximumPages: input.pages,
    homePage: 1,
    query: '',
    resultsPage: 1,
    resultsPages: 0,
    current: null,
    openedFrom: 'home',
    watched: [],
    rated: [],
    listed: [],
    left: null,
  }),
  states: {
    home: {
      on: {
        ...leaving,
        OPEN: { target: 'item', actions: open('home') },
        NEXT: { guard: 'hasNextHomePage', actions: turnHome(1) },
        PREVIOUS: { guard: 'hasPreviousHomePage', actions: turnHome(-1) },
        SEARCH: { target: 'results', actions: search },
      },
    },
    results: {
      on: {
        ...leaving,
        OPEN: { target: 'item', actions: open('results') },
        NEXT: { guard: 'hasNextResultsPage', actions: turnResults(1) },
        PREVIOUS: { guard: 'hasPreviousResultsPage', actions: turnResults(-1) },
        SEARCH: { actions: search },
        BACK: { target: 'home' },
      },
    },
    item: {
      on: {
        ...leaving,
        WATCH: { guard: 'notWatched', actions: watch },
        RATE: { guard: 'notRated', actions: rate },
        LIST: { guard: 'notListed', actions: list },
        BACK: [
          { guard: 'cameFromResults', target: 'results', actions: close },
          { target: 'home', actions: close },
        ],
      },
    },
    ended: { type: 'final' },
  },
});
export type SiteState = SnapshotFrom<typeof siteMachine>;

/** The state at the door: page 1 of at most `pages` home pages. */
export function start(options: { readonly pages: number }): SiteState {
  return initialTransition(siteMachine, options)[0];
}

/** The state after an event. Throws where the event is not legal: a caller's defect, never a visitor's failure. */
export function move(state: SiteState, event: SiteMove): SiteState {
  if (!state.can(event)) {
    throw new Error(`${event.type} is not legal on ${state.value}; legal: ${legalEvents(state).join(', ')}`);
  }
  return transition(siteMachine, state, event)[0];
}

const anyMove: readonly SiteMove[] = [
  { type: 'OPEN', item: '', slate: 1, slot: 1 },
  { type: 'NEXT' },
  { type: 'PREVIOUS' },
  { type: 'BACK' },
  { type: 'SEARCH', query: '', pages: 0 },
  { type: 'WATCH' },
  { type: 'RATE', stars: 3 },
  { type: 'LIST' },
  { type: 'LEAVE', reason: 'bored' },
];

/** The types of the events that are legal now; no guard looks at what an event carries. */
export function legalEvents(state: SiteState): readonly SiteMoveType[] {
  return anyMove.filter((event) => state.can(event)).map((event) => event.type);
}

function withItem(items: readonly string[], place: Place | null): readonly string[] {
  return place === null || items.includes(place.item) ? items : [...items, place.item].sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
