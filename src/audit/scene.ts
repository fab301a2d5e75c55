// A moment of a visit, staged for an audit: a visitor, the slate that an arm gives it, and the page as the audit wants it
// shown. Nothing is recorded, and what was staged before has no influence on what is staged next.

import type { Decision, Mind } from '../../agents/agent.ts';
import { emptyMemory } from '../../agents/memory.ts';
import { withNumbers } from '../../sandbox/pages/numbers.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { openVisit } from '../../sandbox/visit.ts';
import { seedFrom, type StreamPart } from '../base/random.ts';
import { keptCoverUri } from '../catalogue/cover.ts';
import type { Item } from '../catalogue/item.ts';
import type { ReadyArm } from '../experiment/arms.ts';
import type { Experiment } from '../experiment/build.ts';
import type { Visitor } from '../experiment/population.ts';
import type { Slate } from '../recommend/recommender.ts';

export interface Scene {
  readonly arm: ReadyArm;
  readonly visitor: Visitor;
  /** The arm's first page for this visitor. */
  readonly slate: Slate;
  /** Names the scene's random streams: equal keys, equal chance. */
  readonly key: readonly StreamPart[];
}

/**
 * How a page is shown: items that differ from the catalogue's, covers that do, other numbers on the marks (of the home page,
 * one for each mark in reading order), and the item whose page it is.
 */
export interface Staging {
  readonly items?: ReadonlyMap<string, Item>;
  readonly cover?: (item: Item, drawn: string) => string;
  readonly numbers?: readonly number[];
  readonly opened?: string;
}

/** A screen and what stands behind its marks. */
export interface Staged {
  readonly screen: Screen;
  readonly itemAt: (mark: number) => string | undefined;
}

/** A visitor at the door of an arm. Rejects with an ArmError where the arm gives no slate. */
export async function sceneOf(
  experiment: Experiment,
  arm: ReadyArm,
  visitor: Visitor,
  purpose: StreamPart,
): Promise<Scene> {
  const key = [experiment.scenario.seed, visitor.profile.id, 'audit', purpose];
  const slate = await arm.recommender.recommend({
    visitor: visitor.profile.id,
    history: visitor.history.map(({ item, time, value }) => ({ item, time, value })),
    context: { page: 'home', number: 1 },
    k: experiment.scenario.site.pageSize,
    exclude: [...new Set(visitor.history.map(({ item }) => item))],
    seed: seedFrom(...key, 'slate'),
  });
  return { arm, visitor, slate, key };
}

/** Shows the scene's home page, or the page of one of its items. */
export async function staged(
  { arm, slate }: Scene,
  experiment: Experiment,
  capture: (html: string) => Promise<Screen>,
  { items, cover, numbers, opened }: Staging = {},
): Promise<Staged> {
  const shown = items === undefined ? experiment.items : new Map([...experiment.items, ...items]);
  const visit = openVisit({
    storefront: movies,
    presentation: arm.presentation,
    items: shown,
    pages: experiment.scenario.site.pages,
    pageSize: slate.items.length,
    coverOf: (item, printed) => {
      const drawn = keptCoverUri(experiment.items.get(item.id)!, printed);
      return cover === undefined ? drawn : cover(item, drawn);
    },
    recommend: async () => slate,
    search: () => [],
    capture: numbers === undefined ? capture : (html) => capture(withNumbers(html, numbers)),
  });
  await visit.start();
  const home = await visit.look();
  const place = (mark: number): string | undefined => visit.itemAt(mark)?.item;
  if (opened !== undefined) {
    const card = home.marks.find(({ number, role }) => role === 'card' && place(number) === opened);
    if (card === undefined) throw new Error(`defect: ${opened} has no card in the scene`);
    await visit.act({ type: 'open', mark: card.number });
  }
  const screen = await visit.look();
  const behind = new Map(screen.marks.map(({ number }) => [number, place(number)]));
  return { screen, itemAt: (mark) => behind.get(mark) };
}

/** What the mind does there, coming fresh. Rejects with a ModelError where a model gives no answer. */
export async function decided(mind: Mind, { visitor, key }: Scene, screen: Screen): Promise<Decision> {
  return await mind.decide(mind.begin(visitor.profile, emptyMemory, key), screen);
}

/** An action as what it means: 'open film-7', 'watch film-7', 'rate film-7 5', 'next-page', 'leave'. */
export function meaningOf({ action }: Decision, { itemAt }: Pick<Staged, 'itemAt'>): string {
  if (action.type === 'leave') return 'leave';
  const stars = action.type === 'rate' ? String(action.stars) : undefined;
  return [action.type, itemAt(action.mark), stars].filter((part) => part !== undefined).join(' ');
}
