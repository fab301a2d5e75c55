// Do visitors have taste? Lists with one held-out liked item in ten, one in five and one in two (A/B Agent,
// Figure 5). No item comes back that was watched in an earlier visit, so 22 likes must be there for the 15 of a visit. Clicks, watches and ratings must rise with the share of liked items; flat curves mean no taste.

import { defineScenario } from 'rehearsal';

export default defineScenario({
  name: 'taste',
  question: 'Do clicks, watches and ratings rise with the share of items the visitor is known to like?',
  catalogue: 'ml-small',
  arms: [
    { name: 'one-in-ten', likedShare: 0.1 },
    { name: 'one-in-five', likedShare: 0.2 },
    { name: 'one-in-two', likedShare: 0.5 },
  ],
  population: { visitors: 100, minimumLiked: 22, replicates: 2 },
  site: { pages: 3 },
});
