// The random arm: every item that may be shown has the same chance. The floor of every comparison, and the one
// logging policy whose propensities are exact. It learns nothing.

import { z } from 'zod';
import { canonicalJson } from '../../base/hash.ts';
import { randomFrom } from '../../base/random.ts';
import { defineMethod } from '../define-method.ts';
import { excludedItems } from '../ranking.ts';

/**
 * k of the n items left after exclusion, uniformly without replacement; propensity min(1, k/n), score the chance
 * to stand in any given slot, 1/n. The draw depends on the training seed and on the request's seed, visitor
 * and context only.
 */
export const random = defineMethod({
  name: 'random',
  summary: 'every item has the same chance',
  settings: z.object({}).strict(),
  learn: (table, _settings, trainingSeed) => (request) => {
    const excluded = excludedItems(table, request.exclude);
    const left = Array.from(table.itemIds.keys()).filter((item) => !excluded.has(item));
    const chance = randomFrom(
      'recommend-random',
      trainingSeed,
      request.seed,
      request.visitor,
      canonicalJson(request.context),
    );
    const count = Math.min(request.k, left.length);
    for (let slot = 0; slot < count; slot++) {
      const other = slot + chance.integer(left.length - slot);
      [left[slot], left[other]] = [left[other]!, left[slot]!];
    }
    return left.slice(0, count).map((item) => ({
      id: table.itemIds[item]!,
      score: 1 / left.length,
      propensity: count / left.length,
    }));
  },
});
