// What is more training data worth? The same method, trained on a quarter, half and all of the histories (the
// smaller are part of the larger). It would surprise if click-through fell as data grew.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'data',
  question: 'Does the same method win clicks as its training data grow from 25 to 50 to 100 %?',
  catalogue: 'ml-small',
  arms: [
    { name: 'quarter', method: 'mf', training: { share: 0.25 } },
    { name: 'half', method: 'mf', training: { share: 0.5 } },
    { name: 'all', method: 'mf', training: { share: 1 } },
  ],
  population: { visitors: 150 },
});
