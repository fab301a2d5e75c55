// The fidelity sheet: how far the simulated data have the shape of their source. Star shares, the popularity curve,
// how much a user and a sitting do, in both, side by side. It describes; whether the rows are of use is what
// `rehearsal augment` measures. What the source does not know is null with its reason.

import { z } from 'zod';
import type { Catalogue, Interaction } from '../catalogue/item.ts';

const quantiles = z.object({ n: z.int(), median: z.number(), p75: z.number(), p90: z.number() });

export const shapeSchema = z.object({
  users: z.int(),
  items: z.int(),
  rows: z.int(),
  /** Mean and shares of 1 to 5 stars (half stars round up); null where nothing was rated. */
  ratings: z.object({ n: z.int(), mean: z.number(), shares: z.array(z.number()).length(5) }).nullable(),
  /** Share of all rows that falls to the most popular 1, 5, 10, 20 and 50 % of the catalogue's items. */
  popularity: z.array(z.object({ top: z.number(), share: z.number() })),
  /** Gini coefficient of rows over the catalogue's items. */
  gini: z.number(),
  perUser: quantiles,
  /** Items in one visit; of the source, rows by one person with at most half an hour between neighbours. */
  perSitting: quantiles.nullable(),
});
export type Shape = z.infer<typeof shapeSchema>;

export const fidelitySchema = z.object({
  synthetic: shapeSchema,
  source: shapeSchema.nullable(),
  /** Total variation distance of the star shares: 0 equal, 1 disjoint. */
  starDistance: z.number().nullable(),
  /** Largest difference of the two popularity curves at the five places. */
  popularityDistance: z.number().nullable(),
  notes: z.array(z.string()),
});
export type Fidelity = z.infer<typeof fidelitySchema>;

export interface ShapeRow {
  readonly user: string;
  readonly item: string;
  readonly stars: number | null;
  /** Rows with the same text were one sitting; null where that is not known. */
  readonly sitting: string | null;
}

const tops = [0.01, 0.05, 0.1, 0.2, 0.5];
const longestGap = 1800;
/** Seconds since 1970 that a real time stamp has at least (1990). */
const firstTime = 631_152_000;

/** The shape of rows over a catalogue of so many items; null over no rows. */
export function shapeOf(rows: Iterable<ShapeRow>, catalogueItems: number): Shape | null {
  const items = new Map<string, number>();
  const users = new Map<string, number>();
  const sittings = new Map<string, number>();
  const stars = [0, 0, 0, 0, 0];
  let sum = 0;
  let rated = 0;
  let count = 0;
  const add = (to: Map<string, number>, key: string): void => void to.set(key, (to.get(key) ?? 0) + 1);
  for (const row of rows) {
    count += 1;
    add(items, row.item);
    add(users, row.user);
    if (row.sitting !== null) add(sittings, row.sitting);
    if (row.stars === null) continue;
    rated += 1;
    sum += row.stars;
    stars[Math.min(5, Math.max(1, Math.round(row.stars))) - 1]! += 1;
  }
  if (count === 0) return null;
  const size = Math.max(catalogueItems, items.size);
  const counts = new Float64Array(size);
  counts.set([...items.values()]);
  counts.sort().reverse();
  return {
    users: users.size,
    items: items.size,
    rows: count,
    ratings:
      rated === 0 ? null : { n: rated, mean: sum / rated, shares: stars.map((value) => value / rated) },
    popularity: tops.map((top) => ({ top, share: shareOfTop(counts, top, count) })),
    gini: gini(counts, count),
    perUser: quantilesOf([...users.values()]),
    perSitting: sittings.size === 0 ? null : quantilesOf([...sittings.values()]),
  };
}

/** Both shapes and how far they are apart. Throws nothing: without a source, its half is null and `notes` says why. */
export function fidelityOf(synthetic: Shape, source: Catalogue | string): Fidelity {
  if (typeof source === 'string')
    return { synthetic, source: null, starDistance: null, popularityDistance: null, notes: [source] };
  const sitting = sittingsOf(source.interactions);
  const real = shapeOf(
    source.interactions.map((row, index) => ({
      user: row.user,
      item: row.item,
      stars: source.implicit ? null : row.value,
      sitting: sitting?.[index] ?? null,
    })),
    source.items.length,
  );
  const notes = [
    'The synthetic side holds items that were opened, the source what people chose to rate.',
    ...(sitting === null ? ['The source has no real times, so nothing is known of its sittings.'] : []),
    ...(source.implicit ? ['The source has likes and no ratings.'] : []),
  ];
  const [a, b] = [synthetic.ratings, real?.ratings ?? null];
  return {
    synthetic,
    source: real,
    starDistance:
      a === null || b === null
        ? null
        : a.shares.reduce((total, share, index) => total + Math.abs(share - b.shares[index]!), 0) / 2,
    popularityDistance:
      real === null
        ? null
        : Math.max(
            ...synthetic.popularity.map(({ share }, index) =>
              Math.abs(share - real.popularity[index]!.share),
            ),
          ),
    notes,
  };
}

/** A name of the sitting each row belongs to; null where the times are no times. */
function sittingsOf(rows: readonly Interaction[]): string[] | null {
  if (rows.some((row) => row.time < firstTime)) return null;
  const last = new Map<string, { time: number; number: number }>();
  return rows.map(({ user, time }) => {
    const before = last.get(user);
    const number = before === undefined ? 0 : before.number + (time - before.time > longestGap ? 1 : 0);
    last.set(user, { time, number });
    return `${user} ${number}`;
  });
}

function shareOfTop(sorted: Float64Array, top: number, total: number): number {
  return (
    sorted.subarray(0, Math.max(1, Math.round(top * sorted.length))).reduce((sum, each) => sum + each, 0) /
    total
  );
}

/** Of counts in falling order. */
function gini(sorted: Float64Array, total: number): number {
  const n = sorted.length;
  const weighted = sorted.reduce((sum, count, index) => sum + (n - index) * count, 0);
  return ((2 * weighted) / total - n - 1) / n;
}

function quantilesOf(values: readonly number[]): z.infer<typeof quantiles> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { n: sorted.length, median: at(0.5), p75: at(0.75), p90: at(0.9) };
}
