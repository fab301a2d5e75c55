// The same arm twice: nothing to find. Run it with many seeds; about one in twenty comparisons may come out
// significant at 5 %. Twins would be identical here, so the visitors are split as they would be online.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'aa',
  question: 'Does the analysis find a difference where there is none?',
  arms: [
    { name: 'a', method: 'popularity' },
    { name: 'b', method: 'popularity' },
  ],
  design: 'split',
  population: { visitors: 100 },
});
