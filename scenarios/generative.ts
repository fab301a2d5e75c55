// Do visitors notice what offline accuracy says? Models that read the order of a history beside lists that do not,
// trained here and kept, so that a second run begins at once. It would surprise if sasrec lost to popularity, or if
// clicks put the arms in another order than the held-out NDCG@20 beside them.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'generative',
  question: 'Do visitors click more on sequence models and generated items than on popular ones?',
  catalogue: 'ml-small',
  arms: [
    { name: 'popularity', method: 'popularity' },
    { name: 'mf', method: 'mf' },
    { name: 'sasrec', method: 'sasrec', settings: { epochs: 20, history: 64 } },
    { name: 'tiger', method: 'tiger', settings: { epochs: 10 } },
  ],
  population: { visitors: 100 },
});
