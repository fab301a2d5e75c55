// Do visitors notice what offline accuracy says? A list of what is popular, a model that ranks items, and four that
// generate them. Trained here and kept, each in some minutes, so that a second run begins at once. It would surprise
// if sasrec lost to popularity, or if clicks put the arms in another order than the held-out NDCG@20 beside them.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'generative',
  question: 'Do visitors click more on ranked and on generated items than on popular ones?',
  catalogue: 'ml-100k',
  arms: [
    { name: 'popularity', method: 'popularity' },
    { name: 'sasrec', method: 'sasrec', settings: { epochs: 20, history: 64, validationPeople: 500 } },
    { name: 'tiger', method: 'tiger', settings: { epochs: 20, history: 64 } },
    { name: 'promise', method: 'promise', settings: { epochs: 8, history: 64 } },
    { name: 'grlm', method: 'grlm', settings: { epochs: 3, rate: 0.005 } },
    { name: 'onerec-v2', method: 'onerec-v2', settings: { epochs: 2 } },
  ],
  population: { visitors: 100 },
});
