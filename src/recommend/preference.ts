// What a value says about taste: one scale for training rows and for the history of a request, so that what
// a visitor does during the visit counts exactly like what stood in the log.

import { z } from 'zod';
import type { RecommendRequest } from './recommender.ts';
import type { TrainingTable } from './training-table.ts';

/** Values from here on are likes (an implicit like is 5). */
export const LIKED = 4;
/** Values below this are dislikes; between the two a rating is lukewarm. */
export const DISLIKED_BELOW = 3;

/** The two settings that place lukewarm ratings and dislikes on a scale on which a like is 1. */
export const preferenceSettings = {
  /** Preference of a rating from 3 up to 4, 0-1. */
  lukewarm: z.number().min(0).max(1),
  /** Preference of a rating below 3, −1-0. */
  disliked: z.number().min(-1).max(0),
};

export interface PreferenceScale {
  readonly lukewarm: number;
  readonly disliked: number;
}

/** Value (0.5-5) → preference in [−1, 1]. */
export function preference(value: number, scale: PreferenceScale): number {
  return value >= LIKED ? 1 : value < DISLIKED_BELOW ? scale.disliked : scale.lukewarm;
}

/** The share of the most liked item's likes, on a log scale: [items], 0-1, all 0 where nobody liked anything. */
export function logPopularity(likes: ArrayLike<number>): Float64Array {
  const most = Array.from(likes).reduce((highest, count) => Math.max(highest, count), 0);
  return Float64Array.from(likes, (count) => (most === 0 ? 0 : Math.log1p(count) / Math.log1p(most)));
}

/** Likes per item: [items]. */
export function countLikes(table: TrainingTable): Int32Array {
  const likes = new Int32Array(table.itemIds.length);
  table.byPerson.index.forEach((item, entry) => {
    if (table.byPerson.value[entry]! >= LIKED) likes[item]!++;
  });
  return likes;
}

/**
 * What a request's history says, by item index, in index order. The last mention of an item counts. Items that
 * the arm never saw say nothing: a visitor may know more than the arm.
 */
export function historyPreferences(
  table: TrainingTable,
  history: RecommendRequest['history'],
  scale: PreferenceScale,
): readonly { readonly item: number; readonly preference: number }[] {
  const known = new Map<number, number>();
  for (const entry of history) {
    const item = table.itemIndex.get(entry.item);
    if (item !== undefined) known.set(item, preference(entry.value, scale));
  }
  return [...known].map(([item, value]) => ({ item, preference: value })).sort((a, b) => a.item - b.item);
}
