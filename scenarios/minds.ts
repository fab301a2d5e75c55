// Two minds, one question: everybody visits with the choice mind, which costs nothing, and a few also with a model. What
// the choice mind makes of those few beside everybody sharpens the model's effect. It would surprise if the minds
// agreed on how large the effect is; it would matter if they did not agree on its sign. Name a server by --base-url
// and --model; the model's name here is that of the tests' server.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'minds',
  question: 'Do visitors with a vision model click more on popular films than on random ones?',
  minds: ['choice', 'llm'],
  allotment: { rule: 'few', people: 8 },
  llm: { model: 'stand-in', budget: { calls: 2000 } },
  arms: [
    { name: 'chance', method: 'random' },
    { name: 'popularity', method: 'popularity' },
  ],
  metrics: { goal: 'clicks' },
  population: { visitors: 40 },
  site: { pages: 3 },
  stepLimit: 40,
});
