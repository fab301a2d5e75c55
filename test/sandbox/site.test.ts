import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getShortestPaths, getSimplePaths } from 'xstate/graph';
import { legalEvents, move, secondsOf, siteMachine, start } from '../../sandbox/site.ts';
import type { SiteMove, SiteState } from '../../sandbox/site.ts';

const events: readonly SiteMove[] = [
  { type: 'OPEN', item: 'a', slate: 1, slot: 1 },
  { type: 'NEXT' },
  { type: 'PREVIOUS' },
  { type: 'BACK' },
  { type: 'SEARCH', query: 'q', pages: 2 },
  { type: 'SEARCH', query: 'nothing', pages: 0 },
  { type: 'WATCH' },
  { type: 'RATE', stars: 4 },
  { type: 'LIST' },
  { type: 'LEAVE', reason: 'bored' },
];
const go = (...moves: readonly SiteMove[]): SiteState => moves.reduce(move, start({ pages: 2 }));
const open: SiteMove = { type: 'OPEN', item: 'a', slate: 1, slot: 3 };

describe('the statechart of a visit', () => {
  it('reaches every state by generated paths, each offering exactly what its guards allow', () => {
    const paths = getShortestPaths(siteMachine, { input: { pages: 2 }, events });
    expect(new Set(paths.map((path) => path.state.value))).toEqual(
      new Set(['home', 'results', 'item', 'ended']),
    );
    for (const { state } of paths) {
      const legal = legalEvents(state);
      const { context, value } = state;
      const isList = value === 'home' || value === 'results';
      expect(events.filter((event) => state.can(event)).every((event) => legal.includes(event.type))).toBe(
        true,
      );
      expect(legal.includes('LEAVE')).toBe(value !== 'ended');
      expect(legal.includes('BACK')).toBe(value === 'item' || value === 'results');
      expect(legal.includes('SEARCH')).toBe(isList);
      if (value === 'home') expect(legal.includes('NEXT')).toBe(context.homePage < 2);
      if (value === 'home') expect(legal.includes('PREVIOUS')).toBe(context.homePage > 1);
      if (value === 'results')
        expect(legal.includes('NEXT')).toBe(context.resultsPage < context.resultsPages);
      expect(legal.includes('WATCH')).toBe(value === 'item' && !context.watched.includes('a'));
      expect(legal.includes('RATE')).toBe(value === 'item' && context.rated.length === 0);
      expect(legal.includes('LIST')).toBe(value === 'item' && !context.listed.includes('a'));
      expect(context.current !== null).toBe(
        value === 'item' || (value === 'ended' && context.current !== null),
      );
    }
  });

  it('ends on every simple path only by leaving', () => {
    const few: SiteMove[] = [
      open,
      { type: 'BACK' },
      { type: 'WATCH' },
      { type: 'RATE', stars: 4 },
      events.at(-1)!,
    ];
    const paths = getSimplePaths(siteMachine, { input: { pages: 1 }, events: few });
    expect(paths.length).toBeGreaterThan(10);
    for (const { state, steps } of paths) {
      expect(state.value === 'ended').toBe(steps.some(({ event }) => event.type === 'LEAVE'));
    }
  });

  it('lets an item be watched, rated and listed once each, in any order', () => {
    const done = go(open, { type: 'RATE', stars: 2 }, { type: 'LIST' }, { type: 'WATCH' });
    expect(legalEvents(done)).toEqual(['BACK', 'LEAVE']);
    expect(done.context).toMatchObject({ watched: ['a'], rated: [{ item: 'a', stars: 2 }], listed: ['a'] });
    expect(legalEvents(move(move(done, { type: 'BACK' }), open))).toEqual(['BACK', 'LEAVE']);
    expect(() => move(done, { type: 'WATCH' })).toThrow(/not legal on item; legal: BACK, LEAVE/);
  });

  it('goes back to where an item was opened from, on the same page', () => {
    expect(go({ type: 'NEXT' }, open, { type: 'BACK' }).context.homePage).toBe(2);
    const results = go({ type: 'SEARCH', query: 'q', pages: 2 }, { type: 'NEXT' }, open, { type: 'BACK' });
    expect(results.value).toBe('results');
    expect(results.context.resultsPage).toBe(2);
    expect(move(results, { type: 'BACK' }).value).toBe('home');
  });

  it('starts every search on its first page and turns no page of an empty one', () => {
    const again = go(
      { type: 'SEARCH', query: 'q', pages: 2 },
      { type: 'NEXT' },
      { type: 'SEARCH', query: 'r', pages: 0 },
    );
    expect(again.context).toMatchObject({ query: 'r', resultsPage: 1, resultsPages: 0 });
    expect(legalEvents(again)).toEqual(['OPEN', 'BACK', 'SEARCH', 'LEAVE']);
  });

  it('is pure, keeps its sets sorted and its pages in range on any walk', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.constantFrom('c', 'a', 'b')), { maxLength: 40 }),
        (walk) => {
          let state = start({ pages: 3 });
          for (const [index, item] of walk) {
            const event = { ...events[index]!, ...(index === 0 ? { item } : {}) } as SiteMove;
            if (!state.can(event)) continue;
            const before = JSON.stringify(state.context);
            const next = move(state, event);
            expect(JSON.stringify(state.context)).toBe(before);
            expect(JSON.stringify(move(state, event).context)).toBe(JSON.stringify(next.context));
            state = next;
          }
          const { watched, listed, rated, homePage } = state.context;
          for (const set of [watched, listed, rated.map((rating) => rating.item)]) {
            expect(set).toEqual([...new Set(set)].sort());
          }
          expect(homePage).toBeGreaterThanOrEqual(1);
          expect(homePage).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('costs simulated time for everything but leaving', () => {
    for (const [type, seconds] of Object.entries(secondsOf)) expect(seconds > 0).toBe(type !== 'LEAVE');
  });
});
