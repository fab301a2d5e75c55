// Semantic IDs: each item becomes a few codes, coarse to fine, by residual k-means over item vectors (RQ-KMeans, as
// in OneRec: Zhou et al. 2025). k-means++ starts, empty cells are seeded again, and cells may be balanced. Plain
// float64 in JavaScript, seconds for thousands of items; the learned quantiser of TIGER (RQ-VAE) is not rebuilt.

import { UsageError } from '../base/error.ts';
import type { Random } from '../base/random.ts';

export interface TokenisePlan {
  /** Levels of residual quantisation. */
  readonly levels: number;
  /** Codes of each level. */
  readonly codes: number;
  /** Whether every cell of a level gets as many items as any other, up to one. */
  readonly balanced: boolean;
}

export interface Tokens {
  readonly levels: number;
  readonly codes: number;
  /** [items × levels] Codes before disambiguation. */
  readonly semantic: Int32Array;
  /** [items × (levels + 1)] The last code tells items with equal codes apart: 0 for the first, then 1, 2, …. */
  readonly full: Int32Array;
  /** Codes the last level needs: the largest bucket. */
  readonly lastCodes: number;
  readonly report: TokenReport;
}

export interface TokenReport {
  /**
   * Per level: share of codes in use, entropy of their use in nats, share of the vectors' spread still unexplained, which
   * is null where the codes were given without vectors.
   */
  readonly levels: readonly {
    readonly utilisation: number;
    readonly entropy: number;
    readonly unexplained: number | null;
  }[];
  /** (items − distinct codes) / items. */
  readonly collisionRate: number;
  /** Share of items that share their codes with another. */
  readonly shareInCollision: number;
  readonly largestBucket: number;
}

const iterations = 20;

/**
 * Vectors [items × width], row-major, centred. Throws a UsageError where there are more codes than items: most would
 * never be used, and a model over them would be judged against a chance that is none.
 */
export function tokenise(vectors: Float64Array, width: number, plan: TokenisePlan, random: Random): Tokens {
  const items = vectors.length / width;
  requireItems(
    items,
    plan.codes,
    `Set codes to ${items} or fewer; the square root of the catalogue is a good beginning.`,
  );
  const residual = vectors.slice();
  const semantic = new Int32Array(items * plan.levels);
  const whole = sumOfSquares(vectors);
  const levels: TokenReport['levels'][number][] = [];
  for (let level = 0; level < plan.levels; level++) {
    const { assigned, centres } = kMeans(residual, width, plan, random);
    for (let item = 0; item < items; item++) {
      const code = assigned[item]!;
      semantic[item * plan.levels + level] = code;
      for (let axis = 0; axis < width; axis++)
        residual[item * width + axis]! -= centres[code * width + axis]!;
    }
    levels.push({
      ...useOf(assigned, plan.codes),
      unexplained: whole === 0 ? 0 : sumOfSquares(residual) / whole,
    });
  }
  return {
    ...disambiguated(semantic, items, plan, levels),
    levels: plan.levels,
    codes: plan.codes,
    semantic,
  };
}

/** Codes that are there already, [items × levels], told apart and reported like those made here. */
export function givenTokens(given: Pick<Tokens, 'semantic' | 'levels' | 'codes'>): Tokens {
  const { semantic, levels, codes } = given;
  const items = semantic.length / levels;
  requireItems(items, codes, 'Give codes of fewer values, or let them be made.');
  const report = Array.from({ length: levels }, (_, level) => ({
    ...useOf(
      Int32Array.from({ length: items }, (_item, item) => semantic[item * levels + level]!),
      codes,
    ),
    unexplained: null,
  }));
  return { ...disambiguated(semantic, items, given, report), semantic, levels, codes };
}

/** Codes of a level at least. */
export const fewestCodes = 2;

function requireItems(items: number, codes: number, hint: string): void {
  if (codes <= items) return;
  throw new UsageError(
    `Expected a catalogue of at least ${codes} items, one for each code of a level, but it has ${items}.`,
    items < fewestCodes ? 'Give a catalogue of more items; so few need no model.' : hint,
  );
}

/** How the codes of a level are used. */
function useOf(assigned: Int32Array, codes: number): { utilisation: number; entropy: number } {
  const used = new Map<number, number>();
  for (const code of assigned) used.set(code, (used.get(code) ?? 0) + 1);
  const share = (count: number): number => count / assigned.length;
  return {
    utilisation: used.size / codes,
    entropy: [...used.values()].reduce((sum, count) => sum - share(count) * Math.log(share(count)), 0),
  };
}

function disambiguated(
  semantic: Int32Array,
  items: number,
  plan: Pick<TokenisePlan, 'levels'>,
  levels: TokenReport['levels'],
): Pick<Tokens, 'full' | 'lastCodes' | 'report'> {
  const buckets = new Map<string, number[]>();
  for (let item = 0; item < items; item++) {
    const key = semantic.subarray(item * plan.levels, (item + 1) * plan.levels).join(' ');
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [item]);
    else bucket.push(item);
  }
  const length = plan.levels + 1;
  const full = new Int32Array(items * length);
  for (const bucket of buckets.values()) {
    bucket.forEach((item, place) => {
      full.set(semantic.subarray(item * plan.levels, (item + 1) * plan.levels), item * length);
      full[item * length + plan.levels] = place;
    });
  }
  const sizes = [...buckets.values()].map((bucket) => bucket.length);
  const largestBucket = sizes.reduce((most, size) => Math.max(most, size), 0);
  return {
    full,
    lastCodes: largestBucket,
    report: {
      levels,
      collisionRate: items === 0 ? 0 : (items - buckets.size) / items,
      shareInCollision: items === 0 ? 0 : sizes.reduce((sum, size) => sum + (size > 1 ? size : 0), 0) / items,
      largestBucket,
    },
  };
}

interface Cells {
  readonly assigned: Int32Array;
  /** [codes × width] */
  readonly centres: Float64Array;
}

function kMeans(points: Float64Array, width: number, plan: TokenisePlan, random: Random): Cells {
  const count = points.length / width;
  let centres = firstCentres(points, width, plan.codes, random);
  let assigned: Int32Array = new Int32Array(count);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = plan.balanced
      ? balancedAssignment(points, centres, width, plan.codes)
      : nearest(points, centres, width, plan.codes);
    const moved = next.some((code, point) => code !== assigned[point]);
    assigned = next;
    if (!moved && iteration > 0) break;
    centres = meansOf(points, assigned, centres, width, plan.codes);
  }
  return { assigned, centres };
}

/** k-means++ (Arthur and Vassilvitskii 2007): each further centre is drawn by its squared distance to those there. */
function firstCentres(points: Float64Array, width: number, codes: number, random: Random): Float64Array {
  const count = points.length / width;
  const centres = new Float64Array(codes * width);
  if (count === 0) return centres;
  const distance = new Float64Array(count).fill(Infinity);
  let chosen = random.integer(count);
  for (let code = 0; code < codes; code++) {
    centres.set(points.subarray(chosen * width, (chosen + 1) * width), code * width);
    let total = 0;
    for (let point = 0; point < count; point++) {
      distance[point] = Math.min(distance[point]!, squaredDistance(points, point, centres, code, width));
      total += distance[point]!;
    }
    let left = random.uniform() * total;
    chosen = count - 1;
    for (let point = 0; point < count; point++) {
      left -= distance[point]!;
      if (left < 0) {
        chosen = point;
        break;
      }
    }
  }
  return centres;
}

function nearest(points: Float64Array, centres: Float64Array, width: number, codes: number): Int32Array {
  return Int32Array.from({ length: points.length / width }, (_, point) => {
    let best = 0;
    let least = Infinity;
    for (let code = 0; code < codes; code++) {
      const distance = squaredDistance(points, point, centres, code, width);
      if (distance < least) {
        least = distance;
        best = code;
      }
    }
    return best;
  });
}

/**
 * Greedy: the closest pairs first (OneRec 2025, algorithm 1, in one pass). All cells get ⌊points / codes⌋ or one more, the one more
 * those that ask for it first, while points are left over.
 */
function balancedAssignment(
  points: Float64Array,
  centres: Float64Array,
  width: number,
  codes: number,
): Int32Array {
  const count = points.length / width;
  const share = Math.floor(count / codes);
  let over = count % codes;
  const pairs: { point: number; code: number; distance: number }[] = [];
  for (let point = 0; point < count; point++) {
    for (let code = 0; code < codes; code++)
      pairs.push({ point, code, distance: squaredDistance(points, point, centres, code, width) });
  }
  pairs.sort((a, b) => a.distance - b.distance || a.point - b.point || a.code - b.code);
  const assigned = new Int32Array(count).fill(-1);
  const sizes = new Int32Array(codes);
  for (const { point, code } of pairs) {
    if (assigned[point] !== -1 || sizes[code]! > share || (sizes[code] === share && over === 0)) continue;
    if (sizes[code] === share) over--;
    assigned[point] = code;
    sizes[code]!++;
  }
  return assigned;
}

/** Means of the cells. An empty cell moves to the point farthest from its own centre, each to another point. */
function meansOf(
  points: Float64Array,
  assigned: Int32Array,
  old: Float64Array,
  width: number,
  codes: number,
): Float64Array {
  const means = new Float64Array(codes * width);
  const sizes = new Int32Array(codes);
  assigned.forEach((code, point) => {
    sizes[code]!++;
    for (let axis = 0; axis < width; axis++) means[code * width + axis]! += points[point * width + axis]!;
  });
  const far = [...assigned.keys()]
    .map((point) => ({ point, distance: squaredDistance(points, point, old, assigned[point]!, width) }))
    .sort((a, b) => b.distance - a.distance || a.point - b.point);
  let taken = 0;
  for (let code = 0; code < codes; code++) {
    if (sizes[code]! > 0) {
      for (let axis = 0; axis < width; axis++) means[code * width + axis]! /= sizes[code]!;
      continue;
    }
    const reseeded = far[taken++];
    if (reseeded !== undefined && reseeded.distance > 0)
      means.set(points.subarray(reseeded.point * width, (reseeded.point + 1) * width), code * width);
  }
  return means;
}

function squaredDistance(
  points: Float64Array,
  point: number,
  centres: Float64Array,
  code: number,
  width: number,
): number {
  let sum = 0;
  for (let axis = 0; axis < width; axis++) {
    const difference = points[point * width + axis]! - centres[code * width + axis]!;
    sum += difference * difference;
  }
  return sum;
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
