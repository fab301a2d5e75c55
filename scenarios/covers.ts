// What a click model would learn of visits with covers and of visits without: one recommender, two pages. Its run is what
// `rehearsal augment` trains click models on. The choice mind reads and does not look at pictures, so that a difference
// between the arms would be one of layout; it would surprise if models learned more from visits without covers.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'covers',
  question: 'Do visitors open other items where cards have no covers?',
  catalogue: 'ml-100k',
  arms: [
    { name: 'covers', method: 'mf' },
    { name: 'no-covers', method: 'mf', presentation: { cover: false } },
  ],
  population: { visitors: 350, replicates: 3 },
  keepScreens: 0,
});
