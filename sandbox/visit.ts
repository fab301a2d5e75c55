// One visit: the statechart, the slates it has shown and the camera put together. It asks a given `recommend`
// and a given search, shows pages, checks and does actions, and says what happened. It keeps no wall-clock
// time and writes nothing; which item stands behind a mark is for the record and never reaches a mind.

import type { Slate } from '../src/recommend/recommender.ts';
import { isLegal, markOf } from './actions.ts';
import type { Action } from './actions.ts';
import type { Mark, Screen } from './screen.ts';
import type { SearchHit } from './search.ts';
import { move, secondsOf, start } from './site.ts';
import type { Place, SiteMove, SiteState } from './site.ts';
import { defect, moveOf } from './visit-moves.ts';
import { renderPage } from './visit-page.ts';
import type { Shop, ShownSlate } from './visit-page.ts';

export type ListName = 'home' | 'results';

/** One slot of a slate as it was shown; slots count from 1. */
export interface ShownItem {
  readonly item: string;
  readonly slot: number;
  readonly score: number;
  readonly propensity: number;
  readonly inView: boolean;
}

/** What happened on the site, without the time. A slate is reported once, when it is first shown. */
export type SiteEvent =
  | {
      readonly type: 'slate-shown';
      readonly slate: number;
      readonly list: ListName;
      readonly page: number;
      readonly method: string;
      readonly version: string;
      readonly items: ShownItem[];
    }
  | ({ readonly type: 'item-opened' } & Place)
  | ({ readonly type: 'item-watched' } & Place)
  | ({ readonly type: 'item-rated'; readonly stars: number } & Place)
  | ({ readonly type: 'item-listed' } & Place)
  | { readonly type: 'page-turned'; readonly list: ListName; readonly page: number }
  | { readonly type: 'item-closed'; readonly item: string }
  | { readonly type: 'search-made'; readonly query: string };

export interface World extends Shop {
  /** Most pages of the home list and of results; a catalogue too small for so many full home pages has fewer. */
  readonly pages: number;
  /** Cards a page, 2-10. */
  readonly pageSize: number;
  /** A slate for home page `page`; what it throws passes through untouched. */
  recommend(request: {
    readonly page: number;
    readonly k: number;
    readonly exclude: readonly string[];
  }): Promise<Slate>;
  /** The site's own search: at most `k` hits, best first. */
  search(query: string, k: number): readonly SearchHit[];
  capture(html: string): Promise<Screen>;
}

export interface Visit {
  /** Enters: shows the first slate. To be called once, before anything else. */
  start(): Promise<readonly SiteEvent[]>;
  /** The current screen. */
  look(): Promise<Screen>;
  /** Does an action and says what happened. Throws a plain Error, naming the legal marks, where it is not legal. */
  act(action: Action): Promise<readonly SiteEvent[]>;
  page(): 'home' | 'results' | 'item';
  /** Which item stands behind a mark of the current screen; for the record only. */
  itemAt(mark: number): Place | undefined;
  /** Simulated seconds the site has taken so far. */
  seconds(): number;
}

/** How the results of the site's search are named in the record. */
const searchMethod = { method: 'search', version: 'titles-1' } as const;

/** Opens a visit to a world; nothing is shown before `start`. */
export function openVisit(world: World): Visit {
  const fullPages = Math.floor(world.items.size / world.pageSize);
  let state: SiteState = start({ pages: Math.max(1, Math.min(world.pages, fullPages)) });
  let screen: Promise<Screen> | null = null;
  let marks: readonly Mark[] = [];
  let seconds = 0;
  let searches = 0;
  let hits: readonly SearchHit[] = [];
  const slates = new Map<string, ShownSlate>();

  const slateKey = (): string =>
    state.value === 'home'
      ? `home ${state.context.homePage}`
      : `results ${searches} ${state.context.resultsPage}`;
  const currentSlate = (): ShownSlate => slates.get(slateKey()) ?? defect(`no slate for ${slateKey()}`);

  const look = async (): Promise<Screen> => {
    if (state.value === 'ended') return defect('the visit has ended');
    if (slates.size === 0) return defect('the visit has not started');
    screen ??= world.capture(
      renderPage(world, state, state.value === 'item' ? null : slates.get(slateKey()), hits.length),
    );
    const seen = await screen;
    marks = seen.marks;
    return seen;
  };

  /** Fetches the slate of a list page that is shown for the first time, and reports it. */
  const showSlate = async (): Promise<readonly SiteEvent[]> => {
    if (state.value !== 'home' && state.value !== 'results') return [];
    if (slates.has(slateKey())) return [];
    const list = state.value;
    const page = list === 'home' ? state.context.homePage : state.context.resultsPage;
    const fetched = list === 'home' ? await fetchHome(page) : found(page);
    if (fetched === null) return [];
    const slate: ShownSlate = { number: slates.size + 1, ...fetched };
    slates.set(slateKey(), slate);
    const { width, height } = await look();
    const cards = marks.filter((mark) => mark.role === 'card');
    const items = slate.items.map(({ id, score, propensity }, index): ShownItem => {
      const box = cards[index]?.box;
      const inView =
        box !== undefined &&
        box.x >= 0 &&
        box.y >= 0 &&
        box.x + box.width <= width &&
        box.y + box.height <= height;
      return { item: id, slot: index + 1, score, propensity, inView };
    });
    const { number, method, version } = slate;
    return [{ type: 'slate-shown', slate: number, list, page, method, version, items }];
  };
  const fetchHome = async (page: number): Promise<Omit<ShownSlate, 'number'>> => {
    const exclude = [...slates].flatMap(([key, slate]) =>
      key.startsWith('home ') ? slate.items.map(({ id }) => id) : [],
    );
    return world.recommend({ page, k: world.pageSize, exclude });
  };
  const found = (page: number): Omit<ShownSlate, 'number'> | null => {
    const here = hits.slice((page - 1) * world.pageSize, page * world.pageSize);
    return here.length === 0
      ? null
      : { ...searchMethod, items: here.map((hit) => ({ ...hit, propensity: 1 })) };
  };

  const itemAt = (number: number): Place | undefined => {
    const mark = marks.find((candidate) => candidate.number === number);
    if (mark === undefined || state.value === 'ended') return undefined;
    if (state.value === 'item')
      return mark.role === 'back' ? undefined : (state.context.current ?? undefined);
    if (mark.role !== 'card') return undefined;
    const index = marks.filter((candidate) => candidate.role === 'card').indexOf(mark);
    const slate = currentSlate();
    const shown = slate.items[index];
    return shown === undefined ? undefined : { item: shown.id, slate: slate.number, slot: index + 1 };
  };

  const act = async (action: Action): Promise<readonly SiteEvent[]> => {
    await look();
    if (!isLegal(action, marks)) {
      const legal = marks.map((mark) => `${mark.number} ${mark.role}`).join(', ');
      throw new Error(`${JSON.stringify(action)} is not legal on this screen; its marks: ${legal}`);
    }
    if (action.type === 'search') {
      searches += 1;
      const most = world.pages * world.pageSize;
      hits = world.search(action.query, most).slice(0, most);
    }
    const resultPages = Math.ceil(hits.length / world.pageSize);
    const event = moveOf(action, resultPages, () => itemAt(markOf(action, marks)?.number ?? 0));
    const before = state;
    state = move(state, event);
    seconds += secondsOf[event.type];
    screen = null;
    marks = [];
    return [...happened(event, before, state), ...(await showSlate())];
  };

  return {
    start: showSlate,
    look,
    act,
    page: () => (state.value === 'ended' ? defect('the visit has ended') : state.value),
    itemAt,
    seconds: () => seconds,
  };
}

/** What the record says of a move. */
function happened(event: SiteMove, before: SiteState, after: SiteState): readonly SiteEvent[] {
  const place = after.context.current ?? before.context.current;
  switch (event.type) {
    case 'OPEN':
      return [{ type: 'item-opened', ...(place ?? defect('nothing was opened')) }];
    case 'WATCH':
      return [{ type: 'item-watched', ...(place ?? defect('nothing to watch')) }];
    case 'RATE':
      return [{ type: 'item-rated', ...(place ?? defect('nothing to rate')), stars: event.stars }];
    case 'LIST':
      return [{ type: 'item-listed', ...(place ?? defect('nothing to list')) }];
    case 'SEARCH':
      return [{ type: 'search-made', query: event.query }];
    case 'BACK':
      if (before.value === 'item')
        return [{ type: 'item-closed', item: before.context.current?.item ?? defect('no item') }];
      return [turned(after)];
    case 'NEXT':
    case 'PREVIOUS':
      return [turned(after)];
    case 'LEAVE':
      return [];
    default:
      return event satisfies never;
  }
}

function turned(state: SiteState): SiteEvent {
  const { homePage: home, resultsPage: results } = state.context;
  return state.value === 'results'
    ? { type: 'page-turned', list: 'results', page: results }
    : { type: 'page-turned', list: 'home', page: home };
}
