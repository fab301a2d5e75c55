// Measures of a ranked list against what a person turned out to like. Conventions, which differ between platforms:
// AP divides by min(k, likes) (RecBole; others divide by all likes); NDCG has gain 1 and log2(rank + 1), its ideal list
// has min(k, likes) hits; Gini counts every item of the catalogue, also those never shown; entropy is that of RecBole.

export interface TopK {
  readonly hit: number;
  readonly mrr: number;
  readonly recall: number;
  readonly precision: number;
  readonly ap: number;
  readonly ndcg: number;
}

/** The measures of the first k places; `hits` says of each place whether it holds one of the person's `likes` > 0 items. */
export function topK(hits: readonly boolean[], likes: number, k: number): TopK {
  let [found, reciprocal, precisions, gain, ideal] = [0, 0, 0, 0, 0];
  for (let rank = 1; rank <= k; rank++) {
    if (rank <= likes) ideal += 1 / Math.log2(rank + 1);
    if (hits[rank - 1] !== true) continue;
    found += 1;
    reciprocal ||= 1 / rank;
    precisions += found / rank;
    gain += 1 / Math.log2(rank + 1);
  }
  return {
    hit: found > 0 ? 1 : 0,
    mrr: reciprocal,
    recall: found / likes,
    precision: found / k,
    ap: precisions / Math.min(k, likes),
    ndcg: gain / ideal,
  };
}

export interface Exposure {
  /** Share of the catalogue that is in any list. */
  readonly coverage: number;
  /** 0 where all items are shown equally often, towards 1 where few take all places. */
  readonly gini: number;
  /** Mean of −p ln p over the items shown, p the share of places. */
  readonly entropy: number;
}

/** How the places of many lists are spread over a catalogue of `items` items. */
export function exposureOf(lists: readonly (readonly (string | number)[])[], items: number): Exposure {
  const counts = new Map<string | number, number>();
  for (const list of lists) for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const sorted = [...counts.values()].sort((a, b) => a - b);
  const unseen = items - sorted.length;
  const weighted = sorted.reduce(
    (sum, count, index) => sum + (2 * (unseen + index + 1) - items - 1) * count,
    0,
  );
  return {
    coverage: counts.size / items,
    gini: total === 0 ? 0 : weighted / (items * total),
    entropy:
      counts.size === 0
        ? 0
        : sorted.reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0) / counts.size,
  };
}
