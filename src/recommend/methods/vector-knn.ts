// Nearest items by vectors that nobody trained: singular vectors of positive pointwise mutual information (ppmi.ts).
// The yardstick beside every model: what a model knows beyond who met what together has to show above this.

import { z } from 'zod';
import { randomFrom } from '../../base/random.ts';
import { defineMethod } from '../define-method.ts';
import { leadingVectors } from '../item-vectors.ts';
import { meetingTogether } from '../ppmi.ts';
import { countLikes, logPopularity } from '../preference.ts';
import { rankedItems } from '../ranking.ts';
import { historySteps } from '../sequences.ts';

const settings = z
  .object({
    width: z.int().min(1).max(512).default(64),
    /** Steps of a history that count, and the weight of each over that of the step after it. */
    history: z.int().min(1).max(1000).default(50),
    decay: z.number().gt(0).max(1).default(0.8),
    /** Orders what is as near, all of it without a history, by popularity. */
    popularityWeight: z.number().min(0).max(100).default(1e-6),
  })
  .strict();

/** Score: cosine of the item and the weighted sum of the history's unit vectors, + popularityWeight × log popularity. */
export const vectorKnn = defineMethod({
  name: 'vector-knn',
  summary: 'items near to what the visitor met, by singular vectors of what is met together; no training',
  settings,
  learn: (table, { width, history: length, decay, popularityWeight }, seed) => {
    const items = table.itemIds.length;
    const vectors = leadingVectors(meetingTogether(table), items, width, randomFrom('vector-knn', seed));
    for (let item = 0; item < items; item++) toUnitLength(vectors.subarray(item * width, (item + 1) * width));
    const prior = logPopularity(countLikes(table)).map((share) => share * popularityWeight);
    return (request) => {
      const steps = historySteps(table, request.history, length);
      const taste = new Float64Array(width);
      steps.forEach((item, place) => {
        const weight = decay ** (steps.length - 1 - place);
        for (let axis = 0; axis < width; axis++) taste[axis]! += weight * vectors[item * width + axis]!;
      });
      toUnitLength(taste);
      const scores = new Float64Array(items);
      for (let item = 0; item < items; item++) {
        let product = prior[item]!;
        for (let axis = 0; axis < width; axis++) product += taste[axis]! * vectors[item * width + axis]!;
        scores[item] = product;
      }
      return rankedItems(table, scores, request);
    };
  },
});

/** In place; a vector of zeros stays. */
function toUnitLength(vector: Float64Array): void {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let axis = 0; axis < vector.length; axis++) vector[axis]! /= length;
}
