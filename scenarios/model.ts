// Which method should be tested online? Four methods, weakest first, on a catalogue you imported. It would
// surprise if the order of click-through disagreed with the order of held-out NDCG@20 printed beside it.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'model',
  question: 'Which of random, popularity, item-kNN and matrix factorisation do visitors click most?',
  catalogue: 'ml-small',
  arms: [
    { name: 'random', method: 'random' },
    { name: 'popularity', method: 'popularity' },
    { name: 'item-knn', method: 'item-knn' },
    { name: 'mf', method: 'mf' },
  ],
  population: { visitors: 150 },
});
