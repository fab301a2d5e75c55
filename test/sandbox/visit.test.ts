import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getShortestPaths } from 'xstate/graph';
import { ArmError } from '../../src/recommend/recommender.ts';
import { eventSchema } from '../../src/store/events.ts';
import { roleOf } from '../../sandbox/actions.ts';
import type { Action, ActionType } from '../../sandbox/actions.ts';
import { launchBrowser } from '../../sandbox/camera-browser.ts';
import { documentOf } from '../../sandbox/camera-stage.ts';
import { openStudio } from '../../sandbox/camera.ts';
import type { Studio } from '../../sandbox/camera.ts';
import type { MarkRole, Screen } from '../../sandbox/screen.ts';
import { legalEvents, secondsOf, siteMachine } from '../../sandbox/site.ts';
import type { SiteMove, SiteMoveType, SiteState } from '../../sandbox/site.ts';
import { openVisit } from '../../sandbox/visit.ts';
import type { SiteEvent, Visit, World } from '../../sandbox/visit.ts';
import { firstItems, items, worldOf } from './world.ts';

let studio: Studio;
const pagesShown = new Set<string>();
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.close());

const capture = (html: string): Promise<Screen> => {
  pagesShown.add(html);
  return studio.capture(html);
};
const enter = async (
  changes: Partial<World> = {},
): Promise<{ visit: Visit; first: readonly SiteEvent[] }> => {
  const visit = openVisit(worldOf(capture, changes));
  return { visit, first: await visit.start() };
};
const markFor = (screen: Screen, role: MarkRole, which = 0): number =>
  screen.marks.filter((mark) => mark.role === role)[which]?.number ?? 0;
const act = async (
  visit: Visit,
  type: Exclude<ActionType, 'leave'>,
  which = 0,
): Promise<readonly SiteEvent[]> => {
  const mark = markFor(await visit.look(), roleOf[type], which);
  if (type === 'search') return visit.act({ type, mark, query: 'film' });
  return visit.act(type === 'rate' ? { type, mark, stars: 4 } : { type, mark });
};
const slateOf = (events: readonly SiteEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'slate-shown' ? event.items.map(({ item }) => item) : []));

describe('every state of the site', () => {
  // First cards of home pages 1 and 2 and of the two pages of results are four different items.
  const placeOf = (state: SiteState): string =>
    state.value === 'home' ? `home ${state.context.homePage}` : `results ${state.context.resultsPage}`;
  const eventsAt = (state: SiteState): SiteMove[] => [
    { type: 'OPEN', item: placeOf(state), slate: 1, slot: 1 },
    { type: 'NEXT' },
    { type: 'PREVIOUS' },
    { type: 'BACK' },
    { type: 'SEARCH', query: 'film', pages: 2 },
    { type: 'SEARCH', query: 'zzz', pages: 0 },
    ...(state.context.current?.item === 'home 1'
      ? [{ type: 'WATCH' } as const, { type: 'RATE', stars: 4 } as const, { type: 'LIST' } as const]
      : []),
    { type: 'LEAVE', reason: 'bored' },
  ];
  const paths = getShortestPaths(siteMachine, {
    input: { pages: 2 },
    events: eventsAt,
    filterEvents: (state, event) =>
      !(event.type === 'OPEN' && state.value === 'results' && state.context.resultsPages === 0),
    stopWhen: (state) => state.value === 'ended',
  });
  const actionFor: Readonly<Record<Exclude<SiteMoveType, 'LEAVE'>, Exclude<ActionType, 'leave'>>> = {
    OPEN: 'open',
    NEXT: 'next-page',
    PREVIOUS: 'previous-page',
    BACK: 'back',
    SEARCH: 'search',
    WATCH: 'watch',
    RATE: 'rate',
    LIST: 'add-to-list',
  };
  const toAction = (event: SiteMove, screen: Screen): Action => {
    if (event.type === 'LEAVE') return { type: 'leave', reason: event.reason };
    const type = actionFor[event.type];
    const mark = markFor(screen, roleOf[type]);
    if (event.type === 'SEARCH') return { type: 'search', mark, query: event.query };
    if (event.type === 'RATE') return { type: 'rate', mark, stars: event.stars };
    return { type, mark } as Action;
  };

  it(
    'renders, with marks for exactly the legal events, on generated paths',
    { timeout: 60_000 },
    async () => {
      const reached = new Set<string>();
      for (const { state, steps } of paths) {
        const { visit } = await enter();
        for (const { event } of steps.slice(1)) await visit.act(toAction(event, await visit.look()));
        reached.add(state.value);
        if (state.value === 'ended') {
          await expect(visit.look()).rejects.toThrow('ended');
          continue;
        }
        expect(visit.page()).toBe(state.value);
        const shown = new Set((await visit.look()).marks.map((mark) => mark.role));
        shown.delete('text');
        const empty = state.value === 'results' && state.context.resultsPages === 0;
        const legal = legalEvents(state).filter((type) => !(empty && type === 'OPEN'));
        const expected = legal.flatMap((type) => (type === 'LEAVE' ? [] : [roleOf[actionFor[type]]]));
        expect(shown).toEqual(new Set(expected));
      }
      expect(reached).toEqual(new Set(['home', 'results', 'item', 'ended']));
      expect(paths.length).toBeGreaterThan(40);
    },
  );

  it('shows no dialog and no script in a real browser, and nothing runs even without escaping', async () => {
    const { visit } = await enter();
    for (let card = 0; card < 8; card++) {
      await act(visit, 'open', card);
      await visit.look();
      await act(visit, 'back');
    }
    const browser = await launchBrowser(studio.browser.path);
    try {
      const page = await browser.newPage();
      const dialogs: string[] = [];
      page.on('dialog', async (dialog) => {
        dialogs.push(dialog.message());
        await dialog.dismiss();
      });
      for (const html of [...pagesShown].slice(0, 30)) {
        expect(html).not.toContain('secretid');
        await page.setContent(documentOf(html, ''));
        expect(await page.evaluate(() => document.scripts.length)).toBe(0);
      }
      await page.setContent(documentOf('<script>alert(1)</script><img src=x onerror="alert(2)">', ''));
      expect(dialogs).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

describe('a visit', () => {
  it('asks the arm once per home page and excludes what home pages showed before', async () => {
    const asked: { page: number; k: number; exclude: readonly string[] }[] = [];
    const { visit, first } = await enter({
      recommend: (request) => {
        asked.push(request);
        return firstItems(request);
      },
    });
    const second = await act(visit, 'next-page');
    await act(visit, 'search');
    await act(visit, 'back');
    const returned = await act(visit, 'previous-page');
    expect(asked).toEqual([
      { page: 1, k: 10, exclude: [] },
      { page: 2, k: 10, exclude: slateOf(first) },
    ]);
    expect(slateOf(first)).toEqual(items.slice(0, 10).map((item) => item.id));
    expect(slateOf(second)).toEqual(items.slice(10, 20).map((item) => item.id));
    expect(returned).toEqual([{ type: 'page-turned', list: 'home', page: 1 }]);
    expect(visit.itemAt(markFor(await visit.look(), 'card', 2))).toEqual({
      item: items[2]!.id,
      slate: 1,
      slot: 3,
    });
  });

  it('keeps items apart that look the same: the record names the one whose card was opened', async () => {
    const [model] = items;
    const same = ['remake-1', 'remake-2'].map((id) => ({ ...model!, id, title: 'Sabrina' }));
    const opened = async (order: readonly string[]) => {
      const { visit } = await enter({
        items: new Map(same.map((item) => [item.id, item])),
        coverOf: () => '',
        recommend: async () => ({
          method: 'listed',
          version: '1',
          items: order.map((id) => ({ id, score: 1, propensity: 1 })),
        }),
      });
      const { hash } = await visit.look();
      const events = [...(await act(visit, 'open', 1)), ...(await act(visit, 'watch'))];
      return { hash, items: events.flatMap((event) => ('item' in event ? [event.item] : [])) };
    };
    const one = await opened(['remake-1', 'remake-2']);
    const other = await opened(['remake-2', 'remake-1']);
    expect(other.hash).toBe(one.hash);
    expect(one.items).toEqual(['remake-2', 'remake-2']);
    expect(other.items).toEqual(['remake-1', 'remake-1']);
  });

  it('offers no page that the catalogue cannot fill', async () => {
    const { visit } = await enter({ pages: 50 });
    expect(markFor(await visit.look(), 'next-page')).toBeGreaterThan(0);
    await act(visit, 'next-page');
    expect(markFor(await visit.look(), 'next-page')).toBe(0);
  });

  it('reports what happened in the words of the record, slots and slates from 1, everything in view', async () => {
    const { visit, first } = await enter();
    const place = { item: items[4]!.id, slate: 1, slot: 5 };
    expect(first).toMatchObject([
      { type: 'slate-shown', slate: 1, list: 'home', page: 1, method: 'first', version: '1' },
    ]);
    expect(await act(visit, 'open', 4)).toEqual([{ type: 'item-opened', ...place }]);
    expect(await act(visit, 'rate')).toEqual([{ type: 'item-rated', ...place, stars: 4 }]);
    expect(await act(visit, 'watch')).toEqual([{ type: 'item-watched', ...place }]);
    expect(await act(visit, 'add-to-list')).toEqual([{ type: 'item-listed', ...place }]);
    expect(await act(visit, 'back')).toEqual([{ type: 'item-closed', item: place.item }]);
    const searched = await act(visit, 'search');
    expect(searched).toMatchObject([
      { type: 'search-made', query: 'film' },
      { type: 'slate-shown', slate: 2, list: 'results', page: 1, method: 'search' },
    ]);
    expect(await act(visit, 'next-page')).toMatchObject([
      { type: 'page-turned', list: 'results', page: 2 },
      { type: 'slate-shown', slate: 3 },
    ]);
    expect(await visit.act({ type: 'leave', reason: 'satisfied' })).toEqual([]);
    for (const event of [...first, ...searched]) {
      expect(eventSchema.safeParse({ ...event, time: 0 }).success).toBe(true);
      if (event.type === 'slate-shown') expect(event.items.every((shown) => shown.inView)).toBe(true);
    }
    const { OPEN, RATE, WATCH, LIST, BACK, SEARCH, NEXT } = secondsOf;
    expect(visit.seconds()).toBeCloseTo(OPEN + RATE + WATCH + LIST + BACK + SEARCH + NEXT);
  });

  it('shows a search that finds nothing, and a later one afresh', async () => {
    const { visit } = await enter();
    const field = markFor(await visit.look(), 'search');
    expect(await visit.act({ type: 'search', mark: field, query: 'zzz' })).toEqual([
      { type: 'search-made', query: 'zzz' },
    ]);
    const texts = (await visit.look()).marks.flatMap((mark) => mark.lines.map((line) => line.text));
    expect(texts).toContain('Nothing found');
    expect(texts).toContain('for “zzz”');
    const again = await act(visit, 'search');
    expect(slateOf(again)).toHaveLength(10);
  });

  it('refuses an illegal action and names the legal marks', async () => {
    const { visit } = await enter();
    await expect(visit.act({ type: 'watch', mark: 2 })).rejects.toThrow(/not legal.*1 search, 2 card/);
    await expect(visit.act({ type: 'open', mark: 99 })).rejects.toThrow(/not legal/);
    expect(visit.seconds()).toBe(0);
    expect(visit.page()).toBe('home');
  });

  it('lets the errors of an arm through untouched', async () => {
    const fault = new ArmError('timeout', 'The arm took too long.');
    const visit = openVisit(worldOf(capture, { recommend: () => Promise.reject(fault) }));
    await expect(visit.start()).rejects.toBe(fault);
  });
});
