// Items met by the same people, as positive pointwise mutual information: how much more often two items stand in one
// history than their frequencies explain. Levy and Goldberg 2014, Neural word embedding as implicit matrix
// factorization; contexts are smoothed by the power 3/4 (Levy, Goldberg and Dagan 2015). Order in a history is not used.

import type { Features } from './item-vectors.ts';
import type { TrainingTable } from './training-table.ts';

const smoothing = 0.75;

/** Sparse rows [items], features items: max(0, log (n(i, j) N / (n(i) n(j)^¾))), n counted over pairs in histories. */
export function meetingTogether({ byItem, byPerson, itemIds }: TrainingTable): Features {
  const items = itemIds.length;
  // A history of n items has n − 1 pairs for each of them; each pair weighs 1 / (n − 1), so that a long one does
  // not drown the others.
  const weight = Float64Array.from({ length: byPerson.start.length - 1 }, (_, person) => {
    const length = byPerson.start[person + 1]! - byPerson.start[person]!;
    return length > 1 ? 1 / (length - 1) : 0;
  });
  const counts = new Float64Array(items);
  for (let item = 0; item < items; item++) {
    for (let entry = byItem.start[item]!; entry < byItem.start[item + 1]!; entry++)
      if (weight[byItem.index[entry]!]! > 0) counts[item]!++;
  }
  const contexts = counts.map((count) => count ** smoothing);
  const all = contexts.reduce((total, count) => total + count, 0);
  const together = new Float64Array(items);
  return itemIds.map((_, item) => {
    const met: number[] = [];
    for (let entry = byItem.start[item]!; entry < byItem.start[item + 1]!; entry++) {
      const person = byItem.index[entry]!;
      for (let other = byPerson.start[person]!; other < byPerson.start[person + 1]!; other++) {
        const neighbour = byPerson.index[other]!;
        if (neighbour === item) continue;
        if (together[neighbour] === 0) met.push(neighbour);
        together[neighbour]! += weight[person]!;
      }
    }
    return met
      .sort((a, b) => a - b)
      .flatMap((neighbour) => {
        const information = Math.log((together[neighbour]! * all) / (counts[item]! * contexts[neighbour]!));
        together[neighbour] = 0;
        return information > 0 ? [{ feature: neighbour, weight: information }] : [];
      });
  });
}
