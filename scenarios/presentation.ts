// Does the page matter, the recommender being equal? Cards with everything, without cover, without rating, without
// year. The visitor can know of the change only by looking. It would surprise if hiding ratings changed nothing.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'presentation',
  question: 'What do covers, ratings and years on the cards do to clicks?',
  arms: [
    { name: 'full', method: 'mf' },
    { name: 'no-cover', method: 'mf', presentation: { cover: false } },
    { name: 'no-rating', method: 'mf', presentation: { rating: false } },
    { name: 'no-year', method: 'mf', presentation: { year: false } },
  ],
  population: { visitors: 100 },
});
