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
 * Measures `screens` pages a way (two home pages and an item page in turn; the built-in items unless others are
 * given): the naive way, a new screen whose covers were never shown, one whose covers were, a cached screen,
 * and naive and new screens with `studioPages` at work side by side.
 */
export async function speedContest(options: {
  readonly screens: number;
  readonly items?: readonly Item[];
  readonly studioPages?: number;
}): Promise<readonly SpeedRow[]> {
  const { screens, items = builtInItems(), studioPages = 2 } = options;
  const alone = contestPages(items, screens, 0);
  const shuffled = contestPages(items, screens, 1);
  const together = contestPages(items, screens, 2);
  const studio = await openStudio({ pages: studioPages });
  const naive = await openNaiveCamera();
  const times = {
    naive: [] as number[],
    unseen: [] as number[],
    seen: [] as number[],
    cached: [] as number[],
  };
  try {
    const warmUp = contestPages(items, 2, 3);
    for (const page of warmUp) await naive.capture(naive.prepare(page));
    await Promise.all(warmUp.map((page) => studio.capture(page)));
    for (const [index, page] of alone.entries()) {
      const address = naive.prepare(page);
      times.naive.push(await timed(() => naive.capture(address)));
      times.unseen.push(await timed(() => studio.capture(page)));
      times.seen.push(await timed(() => studio.capture(shuffled[index]!)));
      times.cached.push(await timed(() => studio.capture(page)));
    }
    const atOnce = await timed(() => Promise.all(together.map((page) => studio.capture(page))));
    const addresses = together.map((page) => naive.prepare(page));
    const lanes = Array.from({ length: studioPages }, (_, lane) =>
      addresses.filter((_address, index) => index % studioPages === lane),
    );
    const naiveAtOnce = await timed(() =>
      Promise.all(
        lanes.map(async (lane) => {
          for (const address of lane) await naive.capture(address);
        }),
      ),
    );
    const yardstick = speedRow('naive', times.naive).medianMs;
    const beside = `${studioPages} at once, per screen`;
    return [
      speedRow('naive: new context, goto, full-page PNG', times.naive),
      speedRow('new screen, covers never shown', times.unseen, yardstick),
      speedRow('new screen, covers shown before', times.seen, yardstick),
      speedRow('cached screen', times.cached, yardstick),
      speedRow(`new screen, covers never shown, ${beside}`, [atOnce / screens], yardstick),
      speedRow(`naive, ${beside}`, [naiveAtOnce / screens], yardstick),
    ];
  } finally {
    await Promise.all([studio.close(), naive.close()]);
  }
}

/**
 * Different pages, every third an item page. Sets 0 and 1 show the same items in another order; sets 2 and 3
 * show others, as far as the items go.
 */
function contestPages(items: readonly Item[], count: number, set: number): readonly string[] {
  const first = set < 2 ? 0 : (set - 1) * count * cardsAPage;
  return Array.from({ length: count }, (_, page) => {
    const shown = Array.from({ length: cardsAPage }, (_card, slot) => {
      const place = set === 1 ? cardsAPage - 1 - slot : slot;
      return items[(first + page * cardsAPage + place) % items.length]!;
    });
    if (page % 3 === 2) {
      const item = items[(first + page * cardsAPage) % items.length]!;
      const view = movies.item(item, shownAll, () => coverUri(item));
      return itemPage(movies, { item: view, watched: set === 1, stars: null, listed: false });
    }
    const cards = shown.map((item) => movies.card(item, shownAll, () => coverUri(item)));
    return homePage(movies, { cards, number: page + 1, pages: count, hasPrevious: page > 0, hasNext: true });
  });
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low + (high - low) * (place - Math.floor(place));
}
