// A world in which only the meeting of two things says anything: people of one colour go to items of that colour,
// every item is as popular as every other, and everybody is as active. A linear model of person and item knows nothing.

import { randomFrom } from '../../../src/base/random.ts';
import { itemSchema } from '../../../src/catalogue/item.ts';
import type { TrainingSet } from '../../../src/recommend/recommender.ts';

export const colours = ['red', 'blue'] as const;
export const itemsOfColour = 24;
const steps = 14;

export const colourOf = (id: string): string => id.split('-')[0]!;

/** Forty people of each colour, each with 14 of the 24 items of it; every item is met about as often. */
export function planted(seed = 1): TrainingSet {
  const people = colours.flatMap((colour) =>
    Array.from({ length: 40 }, (_, person) => ({ id: `${colour}-person-${person}`, colour, person })),
  );
  return {
    items: colours.flatMap((colour) =>
      Array.from({ length: itemsOfColour }, (_, number) =>
        itemSchema.parse({ id: `${colour}-${number}`, title: `${colour} ${number}` }),
      ),
    ),
    interactions: people.flatMap(({ id, colour, person }) => {
      const shuffled = randomFrom('planted', seed, id).shuffle(
        Array.from({ length: steps }, (_, step) => (person * 5 + step) % itemsOfColour),
      );
      return shuffled.map((item, time) => ({ user: id, item: `${colour}-${item}`, time, value: 5 }));
    }),
  };
}
