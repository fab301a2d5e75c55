// The smallest question with a model behind the visitors' eyes. Start a server that speaks the OpenAI interface and
// reads pictures, and name it by --base-url and --model; the model's name here is that of the tests' server. It would
// surprise if what nobody chose beat what many liked.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'llm',
  question: 'Do visitors with a vision model click more on popular films than on random ones?',
  mind: 'llm',
  llm: { model: 'stand-in', budget: { calls: 2000 } },
  arms: [
    { name: 'chance', method: 'random' },
    { name: 'popularity', method: 'popularity' },
  ],
  population: { visitors: 4 },
  site: { pages: 3 },
  stepLimit: 40,
});
