// The contest of speed: the studio's new and cached screens against the naive way, on the same pages, in one
// run, turn by turn, so that a busy machine slows all alike. It returns figures; who reads them judges.

import { openNaiveCamera } from '../../sandbox/camera-naive.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { homePage } from '../../sandbox/pages/home.ts';
import { itemPage } from '../../sandbox/pages/item.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { builtInItems } from '../catalogue/builtin.ts';
import { coverUri } from '../catalogue/cover.ts';
import type { Item } from '../catalogue/item.ts';

export interface SpeedRow {
  readonly way: string;
  /** How many times it was measured. */
  readonly n: number;
  readonly medianMs: number;
  /** The 95th percentile. */
  readonly slowMs: number;
  /** Median of the yardstick over this median: how many times faster. 1 for the yardstick itself. */
  readonly timesFaster: number;
}

const cardsAPage = 10;
const shownAll = { cover: true, rating: true, year: true, genres: true };

/** A row from measured milliseconds, for figures that are measured elsewhere too. Throws where nothing was measured. */
export function speedRow(way: string, milliseconds: readonly number[], yardstickMs?: number): SpeedRow {
  if (milliseconds.length === 0) throw new RangeError(`nothing was measured for ${way}`);
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const medianMs = quantile(sorted, 0.5);
  return {
    way,
    n: sorted.length,
    medianMs,
    slowMs: quantile(sorted, 0.95),
    timesFaster: (yardstickMs ?? medianMs) / medianMs,
  };
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = wallMilliseconds();
  await work();
  return wallMilliseconds() - start;
}

/**
 * Measures `screens` different pages (home and item pages in turn; the built-in items unless others are given):
 * the naive way, a new screen, the same screen cached, and new screens with all of the studio's pages at work.
 */
export async function speedContest(options: {
  readonly screens: number;
  readonly items?: readonly Item[];
  readonly studioPages?: number;
}): Promise<readonly SpeedRow[]> {
  const items = options.items ?? builtInItems();
  const pages = contestPages(items, options.screens * 2 + 2);
  const [warmUp, together, alone] = [
    pages.slice(0, 2),
    pages.slice(2, 2 + options.screens),
    pages.slice(2 + options.screens),
  ];
  const studio = await openStudio({ pages: options.studioPages ?? 2 });
  const naive = await openNaiveCamera();
  const times = { naive: [] as number[], fresh: [] as number[], cached: [] as number[] };
  try {
    for (const page of warmUp) {
      await naive.capture(naive.prepare(page));
      await studio.capture(page);
    }
    for (const page of alone) {
      const address = naive.prepare(page);
      times.naive.push(await timed(() => naive.capture(address)));
      times.fresh.push(await timed(() => studio.capture(page)));
      times.cached.push(await timed(() => studio.capture(page)));
    }
    const all = await timed(() => Promise.all(together.map((page) => studio.capture(page))));
    const yardstick = speedRow('naive', times.naive).medianMs;
    return [
      speedRow('naive: new context, goto, full-page PNG', times.naive),
      speedRow('new screen', times.fresh, yardstick),
      speedRow('cached screen', times.cached, yardstick),
      speedRow(`new screen, ${options.studioPages ?? 2} pages at once`, [all / together.length], yardstick),
    ];
  } finally {
    await Promise.all([studio.close(), naive.close()]);
  }
}

/** Different pages: every third an item page, the others home pages, each with its own items. */
function contestPages(items: readonly Item[], count: number): readonly string[] {
  const at = (index: number): Item => items[index % items.length]!;
  return Array.from({ length: count }, (_, page) => {
    if (page % 3 === 2) {
      const item = at(page * cardsAPage);
      const view = movies.item(item, shownAll, () => coverUri(item));
      return itemPage(movies, { item: view, watched: false, stars: null, listed: false });
    }
    const cards = Array.from({ length: cardsAPage }, (_card, slot) => {
      const item = at(page * cardsAPage + slot);
      return movies.card(item, shownAll, () => coverUri(item));
    });
    return homePage(movies, { cards, number: page + 1, pages: count, hasPrevious: page > 0, hasNext: true });
  });
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low + (high - low) * (place - Math.floor(place));
}
