// The first rehearsal: does a recommender that knows its visitors beat a list of what is popular? Built-in films,
// a planted population whose tastes are known, no key, no network. It would surprise if popularity won.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'hello',
  question: 'Does matrix factorisation beat a popularity list for visitors with tastes of their own?',
  arms: [
    { name: 'popularity', method: 'popularity' },
    { name: 'mf', method: 'mf' },
  ],
  population: { visitors: 80 },
});
