// Is an agent worth its calls? `rehearsal audit deciding scenarios/deciding.ts` shows the same visitors the same pages and
// lets them decide in one call, and with tools: their memory and a closer look. Half of a list, or a fifth, is known to be
// liked. It would surprise if three times the calls bought no better taste and no steadier choice. Name a server by
// --base-url and --model; the model's name here is that of the tests' server.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'deciding',
  question: 'Do visitors who may recall and look closer open more of what they are known to like?',
  mind: 'llm',
  llm: { model: 'stand-in', budget: { calls: 5000 } },
  arms: [
    { name: 'one-in-five', likedShare: 0.2 },
    { name: 'one-in-two', likedShare: 0.5 },
  ],
  population: { visitors: 20, minimumLiked: 5 },
  site: { pages: 1 },
});
