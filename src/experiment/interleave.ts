// Team-draft interleaving (Radlinski, Kurup and Joachims 2008): one list, two rankers that pick in turns, a coin for
// who goes first in each round. A click counts for the arm that drafted the item. Pure; who asks the arms is perform.ts.

import type { Random } from '../base/random.ts';
import type { Slate } from '../recommend/recommender.ts';

export interface Draft {
  readonly slate: Slate;
  /** Name of the arm that drafted each item of the slate. */
  readonly drafters: ReadonlyMap<string, string>;
}

export interface Ranked {
  readonly arm: string;
  readonly slate: Slate;
}

/**
 * Drafts `k` items from two slates of at least as many. An item's score is its drafter's; its propensity is the share
 * of the coins' outcomes with which it stands in the list, given both slates (enumerated: 2^⌈k/2⌉ outcomes).
 */
export function teamDraft(first: Ranked, second: Ranked, k: number, random: Random): Draft {
  const rounds = Math.ceil(k / 2);
  const coins = Array.from({ length: rounds }, () => random.uniform() < 0.5);
  const drawn = drafted(first.slate, second.slate, k, coins);
  const outcomes = 2 ** rounds;
  const shown = new Map<string, number>();
  for (let outcome = 0; outcome < outcomes; outcome++) {
    const faces = coins.map((_coin, round) => ((outcome >> round) & 1) === 1);
    for (const { id } of drafted(first.slate, second.slate, k, faces))
      shown.set(id, (shown.get(id) ?? 0) + 1);
  }
  return {
    slate: {
      items: drawn.map(({ id, score }) => ({ id, score, propensity: shown.get(id)! / outcomes })),
      method: `${first.slate.method}+${second.slate.method}`,
      version: `${first.slate.version}+${second.slate.version}`,
    },
    drafters: new Map(drawn.map(({ id, team }) => [id, team === 0 ? first.arm : second.arm])),
  };
}

interface Picked {
  readonly id: string;
  readonly score: number;
  readonly team: 0 | 1;
}

/** `coins[r]` says whether the first ranker goes first in round r. */
function drafted(first: Slate, second: Slate, k: number, coins: readonly boolean[]): Picked[] {
  const picked: Picked[] = [];
  const taken = new Set<string>();
  for (const firstGoes of coins) {
    for (const team of firstGoes ? ([0, 1] as const) : ([1, 0] as const)) {
      if (picked.length === k) return picked;
      const next = [first, second][team]!.items.find(({ id }) => !taken.has(id));
      if (next === undefined) return picked;
      taken.add(next.id);
      picked.push({ id: next.id, score: next.score, team });
    }
  }
  return picked;
}
