// What are features worth to one model? DeepFM that sees who asks and nothing else (it cannot tell items apart), which
// item and nothing else (one list for everybody), and everything (A/B Agent, Table 4). It would surprise if the arms
// came in another order, or if knowing who asks were worth anything without knowing the item.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'features',
  question: 'Do visitors click more on DeepFM as it sees user ids, item ids, or all features?',
  catalogue: 'ml-100k',
  arms: [
    { name: 'user-ids', method: 'deepfm', settings: { features: 'user' } },
    { name: 'item-ids', method: 'deepfm', settings: { features: 'item' } },
    { name: 'all', method: 'deepfm', settings: { features: 'all' } },
  ],
  population: { visitors: 100 },
});
