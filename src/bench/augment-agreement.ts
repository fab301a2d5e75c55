// Why added rows help or do not: whether simulated visitors like what the same people really went on to like. The
// answer is in held-out rows, which nobody of the run saw; that of other visitors' rows stands beside it. Pure.

import type { Interaction } from '../catalogue/item.ts';
import { isLiked, type AugmentedSet } from '../dataset/augmentation.ts';
import { figureOf, type Figure } from './augment-figures.ts';

export interface Agreement {
  /** Mean stars of the added rows. */
  readonly stars: Figure;
  /** Share of the added rows whose item the person really rated later. */
  readonly met: Figure;
  /** Share of the added likes whose item the person really liked later. */
  readonly liked: Figure;
  /** Pearson's correlation of added with real stars over the items of `met`. */
  readonly correlation: Figure;
}

/** Agreement of the rows of some sets (draws by different seeds) with held-out rows; intervals resample visitors. */
export function agreementOf(
  sets: readonly AugmentedSet[],
  heldOut: readonly Interaction[],
  name: string,
): Agreement {
  const later = new Map(heldOut.map((row) => [`${row.user} ${row.item}`, row.value]));
  const visitors = new Set(sets.flatMap((set) => [...set.added.keys()]));
  const sums = [...visitors]
    .map((visitor) => sets.flatMap((set) => set.added.get(visitor) ?? []))
    .filter((rows) => rows.length > 0)
    .map((rows) => sumsOf(rows.map((row) => [row.value, later.get(`${row.user} ${row.item}`) ?? null])));
  const figure = (what: string, of: (total: Sums) => number): Figure =>
    figureOf(sums, (sample) => of(total(sample)), ['agreement', name, what]);
  return {
    stars: figure('stars', ({ rows, stars }) => stars / rows),
    met: figure('met', ({ rows, n }) => n / rows),
    liked: figure('liked', ({ likes, likedByBoth }) => likedByBoth / likes),
    correlation: figure('correlation', pearson),
  };
}

const zero = { rows: 0, stars: 0, likes: 0, likedByBoth: 0, n: 0, x: 0, y: 0, xy: 0, xx: 0, yy: 0 };
/** Counts and sums of rows; n, x (added stars) and y (real ones) are over the items of both. */
type Sums = Readonly<typeof zero>;

/** Sums of rows given as added stars with the real ones, or null where the person did not rate the item. */
export function sumsOf(rows: readonly (readonly [number, number | null])[]): Sums {
  const sums = { ...zero };
  for (const [x, y] of rows) {
    sums.rows += 1;
    sums.stars += x;
    if (isLiked(x)) sums.likes += 1;
    if (y === null) continue;
    if (isLiked(x) && isLiked(y)) sums.likedByBoth += 1;
    sums.n += 1;
    sums.x += x;
    sums.y += y;
    sums.xy += x * y;
    sums.xx += x * x;
    sums.yy += y * y;
  }
  return sums;
}

function total(sample: readonly Sums[]): Sums {
  const sums = { ...zero };
  for (const one of sample)
    for (const key of Object.keys(zero) as (keyof typeof zero)[]) sums[key] += one[key];
  return sums;
}

/** Pearson's r; NaN where one side does not vary. */
export function pearson({ n, x, y, xy, xx, yy }: Sums): number {
  return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
}
