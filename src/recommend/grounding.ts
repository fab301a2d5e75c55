// Elastic identifier grounding (GRLM, section 3.3): from freely generated words to items. An exact match first; where
// there is none, the item that agrees best place by place, early places counting most. Every item it gives is the
// catalogue's; what was generated and did not exist is counted, not hidden.

import { termsPerItem, type TermIds } from './term-ids.ts';

/** Five words that a model wrote, and the logarithm of their probability. Fewer where it stopped early. */
export interface Generated {
  readonly words: readonly string[];
  readonly score: number;
}

/** `further` is only of lists: no name that was written led to the item, it agrees best with all of them. */
export type Ground = 'direct' | 'structural' | 'further' | 'nothing';

export interface Grounded {
  readonly generated: Generated;
  readonly by: Ground;
  /** All items of the bucket, or the one that agrees best. */
  readonly items: readonly number[];
}

export interface Grounding {
  /** Whether some item has this name. */
  isName(words: readonly string[]): boolean;
  ground(generated: Generated): Grounded;
  /** Σ over places j of 1 / (j + 1) where the words agree, for every item: [items]. */
  agreement(words: readonly string[]): Float64Array;
}

/** Places weigh 1, 1/2, 1/3, 1/4, 1/5: all together 137/60. */
export const fullAgreement = Array.from({ length: termsPerItem }, (_, place) => 1 / (place + 1)).reduce(
  (sum, one) => sum + one,
);

/** `popularity` [items] orders a bucket and breaks ties between items that agree equally. */
export function groundingIn(terms: TermIds, popularity: ArrayLike<number>): Grounding {
  const buckets = new Map<string, number[]>();
  const holders = new Map<string, number[]>();
  terms.forEach((words, item) => {
    const key = words.join(' ');
    buckets.set(key, [...(buckets.get(key) ?? []), item]);
    words.forEach((word, place) => {
      const held = holders.get(`${place} ${word}`);
      if (held === undefined) holders.set(`${place} ${word}`, [item]);
      else held.push(item);
    });
  });
  const byPopularity = (a: number, b: number): number => popularity[b]! - popularity[a]! || a - b;
  for (const bucket of buckets.values()) bucket.sort(byPopularity);
  const agreement = (words: readonly string[]): Float64Array => {
    const sums = new Float64Array(terms.length);
    words.slice(0, termsPerItem).forEach((word, place) => {
      for (const item of holders.get(`${place} ${word}`) ?? []) sums[item]! += 1 / (place + 1);
    });
    return sums;
  };
  return {
    isName: (words) => buckets.has(words.join(' ')),
    agreement,
    ground(generated) {
      const bucket = buckets.get(generated.words.join(' '));
      if (bucket !== undefined) return { generated, by: 'direct', items: bucket };
      const sums = agreement(generated.words);
      let best = -1;
      sums.forEach((sum, item) => {
        if (sum === 0) return;
        if (best < 0 || sum > sums[best]! || (sum === sums[best] && byPopularity(item, best) < 0))
          best = item;
      });
      return best < 0
        ? { generated, by: 'nothing', items: [] }
        : { generated, by: 'structural', items: [best] };
    },
  };
}

/**
 * The list of a request: what each generation grounds to, in order of probability, each item once. Where that is
 * fewer than k, further structural matches follow, by agreement with all that was generated, each weighed by its
 * probability; their scores stand below those of the others. With `directOnly` there are no structural matches.
 */
export function groundedList(
  grounding: Grounding,
  generations: readonly Generated[],
  k: number,
  excluded: ReadonlySet<number>,
  popularity: ArrayLike<number>,
  { directOnly = false }: { readonly directOnly?: boolean } = {},
): { readonly item: number; readonly score: number; readonly by: Ground }[] {
  const listed = new Map<number, { readonly score: number; readonly by: Ground }>();
  for (const generated of generations) {
    const { by, items } = grounding.ground(generated);
    if (directOnly && by !== 'direct') continue;
    for (const item of items) {
      if (!excluded.has(item) && !listed.has(item)) listed.set(item, { score: generated.score, by });
    }
  }
  const found = [...listed].map(([item, one]) => ({ item, ...one })).slice(0, k);
  if (directOnly || found.length === k) return found;
  const highest = generations.reduce((most, { score }) => Math.max(most, score), -Infinity);
  const shares = generations.map(({ score }) => Math.exp(score - highest));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const expected = new Float64Array(popularity.length);
  generations.forEach(({ words }, place) => {
    grounding.agreement(words).forEach((sum, item) => {
      expected[item]! += (sum * shares[place]!) / whole;
    });
  });
  const floor = (found.at(-1)?.score ?? 0) - 1 - fullAgreement;
  const further = [...expected.keys()]
    .filter((item) => !excluded.has(item) && !listed.has(item))
    .sort((a, b) => expected[b]! - expected[a]! || popularity[b]! - popularity[a]! || a - b)
    .slice(0, k - found.length)
    .map((item) => ({ item, score: floor + expected[item]!, by: 'further' as const }));
  return [...found, ...further];
}

/** VR@k: share of the first k generations that are some item's terms. DHR@k: share of the listed that were named so. */
export function generationRates(
  requests: readonly {
    readonly grounded: readonly Grounded[];
    readonly listed: readonly { readonly by: Ground }[];
  }[],
  k: number,
): { readonly valid: number | null; readonly direct: number | null } {
  const first = requests.flatMap(({ grounded }) => grounded.slice(0, k));
  const listed = requests.flatMap((one) => one.listed.slice(0, k));
  const share = (all: readonly { readonly by: Ground }[]): number | null =>
    all.length === 0 ? null : all.filter(({ by }) => by === 'direct').length / all.length;
  return { valid: share(first), direct: share(listed) };
}
