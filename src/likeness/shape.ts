// Do simulated visitors behave in the shape of people? Read from a run's record: how much likelier liked items are
// opened, what the slot does when it should do nothing, how engagement moves over pages, how ratings are spread.
// Each figure with an interval from a bootstrap over visitors, never over impressions.

import { randomFrom } from '../base/random.ts';
import type { Database } from '../store/database.ts';

export interface Figure {
  readonly value: number;
  readonly ci: readonly [number, number];
}

/** One impression of a home list in a complete session. */
export interface Impression {
  readonly visitor: string;
  readonly page: number;
  readonly slot: number;
  /** For a probe arm: whether the item is a held-out like. */
  readonly liked: boolean;
  readonly opened: boolean;
}

const resamples = 1000;
const level = 0.95;

/** The home impressions of one arm, burn-in visits left out. `liked` is meaningful for probe arms, whose score is 1 for liked items. */
export function impressionsOf(database: Database, arm: string): Impression[] {
  const rows = database
    .prepare(
      "SELECT visitor, page, slot, score, opened FROM impressions WHERE arm = ? AND list = 'home' AND status = 'complete' AND replicate >= 1 ORDER BY visitor, replicate, page, slot",
    )
    .all(arm) as { visitor: string; page: number; slot: number; score: number; opened: number }[];
  return rows.map((row) => ({ ...row, liked: row.score === 1, opened: row.opened > 0 }));
}

/** Odds of being opened, liked against not, with ½ added to every cell (Haldane and Anscombe). */
export function oddsRatio(impressions: readonly Impression[], seed: number): Figure {
  return bootstrapped(impressions, seed, (sample) => {
    const cell = (liked: boolean, opened: boolean): number =>
      0.5 + sample.filter((impression) => impression.liked === liked && impression.opened === opened).length;
    return (cell(true, true) * cell(false, false)) / (cell(true, false) * cell(false, true));
  });
}

/** Open rate of the first third of the slots over that of the last third; 1 means that place does nothing. */
export function slotEffect(impressions: readonly Impression[], seed: number): Figure {
  const slots = Math.max(...impressions.map((impression) => impression.slot));
  const third = Math.ceil(slots / 3);
  return bootstrapped(impressions, seed, (sample) => {
    const rate = (from: number, to: number): number =>
      openRate(sample.filter(({ slot }) => slot >= from && slot <= to));
    return rate(1, third) / rate(slots - third + 1, slots);
  });
}

/** Open rate by page, pages that fewer than `fewest` impressions reached left out. */
export function engagementByPage(
  impressions: readonly Impression[],
  fewest: number,
  seed: number,
): { page: number; rate: Figure; impressions: number }[] {
  const pages = [...new Set(impressions.map(({ page }) => page))].sort((a, b) => a - b);
  return pages.flatMap((page) => {
    const here = impressions.filter((impression) => impression.page === page);
    return here.length < fewest
      ? []
      : [{ page, rate: bootstrapped(here, seed, openRate), impressions: here.length }];
  });
}

/** Shares of 1, 2, 3, 4, 5 stars; half stars round up. */
export function starShares(ratings: readonly number[]): number[] {
  return [1, 2, 3, 4, 5].map(
    (stars) => ratings.filter((value) => Math.max(1, Math.round(value)) === stars).length / ratings.length,
  );
}

/** Total variation distance of two distributions over the same places, 0 equal, 1 disjoint. */
export function totalVariation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, share, index) => sum + Math.abs(share - b[index]!), 0) / 2;
}

/** Distance between the rating histograms of two random halves of people: no simulation can be asked to be nearer. */
export function splitHalfFloor(ratings: ReadonlyMap<string, readonly number[]>, seed: number): number {
  const people = [...ratings.keys()].sort();
  const distances = Array.from({ length: 100 }, (_, draw) => {
    const shuffled = randomFrom('split-half', seed, draw).shuffle(people);
    const half = Math.floor(people.length / 2);
    const shares = (some: readonly string[]): number[] =>
      starShares(some.flatMap((person) => ratings.get(person)!));
    return totalVariation(shares(shuffled.slice(0, half)), shares(shuffled.slice(half)));
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

/** All stars given under one arm, complete sessions only. */
export function starsOf(database: Database, arm: string): number[] {
  return database
    .prepare(
      "SELECT e.value FROM events e JOIN sessions s ON s.id = e.session WHERE s.arm = ? AND s.status = 'complete' AND e.type = 'item-rated' ORDER BY s.visitor, e.seq",
    )
    .pluck()
    .all(arm) as number[];
}

function openRate(impressions: readonly Impression[]): number {
  return impressions.filter(({ opened }) => opened).length / impressions.length;
}

/** Percentile interval of a statistic over resampled visitors. */
function bootstrapped(
  impressions: readonly Impression[],
  seed: number,
  statistic: (sample: readonly Impression[]) => number,
): Figure {
  const byVisitor = new Map<string, Impression[]>();
  for (const impression of impressions) {
    const own = byVisitor.get(impression.visitor);
    if (own === undefined) byVisitor.set(impression.visitor, [impression]);
    else own.push(impression);
  }
  const visitors = [...byVisitor.values()];
  const random = randomFrom('likeness-bootstrap', seed);
  const values = Array.from({ length: resamples }, () =>
    statistic(visitors.flatMap(() => visitors[random.integer(visitors.length)]!)),
  )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
  return { value: statistic(impressions), ci: [at((1 - level) / 2), at((1 + level) / 2)] };
}
