// A world in which order is everything: people walk a circle of places, each from another start. Popularity and
// company say nothing about what comes next; the last step says all.

import { itemSchema } from '../../src/catalogue/item.ts';
import type { RecommendRequest, TrainingSet } from '../../src/recommend/recommender.ts';

/** Forty people take eight steps each on a circle of twelve places; an item nobody met lies beside. */
export function circle(step = 1): TrainingSet {
  const ids = Array.from({ length: 12 }, (_, place) => `place-${String(place).padStart(2, '0')}`);
  return {
    items: [...ids, 'untouched'].map((id) => itemSchema.parse({ id, title: id })),
    interactions: Array.from({ length: 40 }, (_, person) =>
      Array.from({ length: 8 }, (_, time) => ({
        user: `person-${person}`,
        item: ids[(person + time * step) % 12]!,
        time,
        value: 5,
      })),
    ).flat(),
  };
}

/** A history of these places, each liked. */
export function visit(...places: string[]): RecommendRequest['history'] {
  return places.map((place, time) => ({ item: `place-${place}`, time, value: 5 }));
}

/** Histories, and the place that follows on a circle of steps of one. */
export const onTheCircle = [
  [visit('03', '04', '05'), 'place-06'],
  [visit('10', '11'), 'place-00'],
] as const;
