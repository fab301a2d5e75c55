// The popularity arm: the same list for everybody, by the number of people who liked an item.
// The baseline that a personal recommender has to beat.

import { z } from 'zod';
import { defineMethod } from '../define-method.ts';
import { countLikes } from '../preference.ts';
import { rankedItems } from '../ranking.ts';

/** Score: how many people gave the item 4 or more. Ties by id. */
export const popularity = defineMethod({
  name: 'popularity',
  summary: 'the items most people liked',
  settings: z.object({}).strict(),
  learn: (table) => {
    const likes = Float64Array.from(countLikes(table));
    return (request) => rankedItems(table, likes, request);
  },
});
