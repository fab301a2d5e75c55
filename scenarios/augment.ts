// Visits that become training data: two arms that know their visitors, three visits each, no screens kept. The run is
// what `rehearsal augment` asks about; it would surprise if its rows were worth as much as equally many real ones.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'augment',
  question: 'Do visitors click more on matrix factorisation than on item-kNN?',
  catalogue: 'ml-100k',
  arms: [
    { name: 'item-knn', method: 'item-knn' },
    { name: 'mf', method: 'mf' },
  ],
  population: { visitors: 350, replicates: 3 },
  keepScreens: 0,
});
