// The classic yardsticks, weakest first (A/B Agent, Table 2: random < popularity < fm < deepfm and afn). Click models
// trained on sampled negatives, beside lists that know nobody. It would surprise if an arm that knows its visitors
// lost to popularity; where clicks and held-out accuracy disagree about fm, deepfm and afn, the report says so.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'classic',
  question: 'Do visitors click more as the recommender grows from random to popularity, FM, DeepFM and AFN?',
  catalogue: 'ml-100k',
  arms: [
    { name: 'random', method: 'random' },
    { name: 'popularity', method: 'popularity' },
    { name: 'fm', method: 'fm' },
    { name: 'deepfm', method: 'deepfm' },
    { name: 'afn', method: 'afn' },
  ],
  population: { visitors: 100 },
});
