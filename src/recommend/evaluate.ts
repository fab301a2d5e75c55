// Held-out evaluation of a recommender: does it put what a person went on to like near the top?
// It says nothing about visitors on a page; an experiment does.

import { RehearsalError } from '../base/error.ts';
import { askCases, type AskingWatch } from './ask-cases.ts';
import type { RecommendRequest, Recommender } from './recommender.ts';

export interface HeldOutCase {
  readonly visitor: string;
  /** What the recommender may know, oldest first. */
  readonly history: RecommendRequest['history'];
  /** Ids of the held-out items that the person liked. */
  readonly liked: readonly string[];
}

export interface HeldOutMeans {
  readonly ndcg: number | null;
  readonly recall: number | null;
  /** People the means are over. */
  readonly n: number;
}

/**
 * Mean NDCG@k (Järvelin and Kekäläinen 2002) and Recall@k over people, with n people in them. Conventions:
 * - relevance is binary: held out and liked, or not; the gain of slot s (from 1) is 1 / log2(s + 1);
 * - the denominator of NDCG is the ideal at this length, the first min(k, |liked|) slots all liked; that of recall
 *   is |liked|;
 * - all items compete except those of the history, which are excluded from the request and from `liked`;
 * - liked items that the recommender does not know stay in the denominators, as misses;
 * - people without a liked held-out item have neither and are left out of n;
 * - over no people the means are null, not zero.
 * Every request has seed 0, so random policies are judged on one draw for each person.
 */
export async function heldOutMeans(
  recommender: Recommender,
  cases: readonly HeldOutCase[],
  k: number,
  watch?: AskingWatch,
): Promise<HeldOutMeans> {
  if (!Number.isInteger(k) || k < 1) throw new RehearsalError(`Expected k of at least 1, but got ${k}.`);
  let ndcg = 0;
  let recall = 0;
  let n = 0;
  const ask = async ({ visitor, history, liked }: HeldOutCase): Promise<void> => {
    const exclude = [...new Set(history.map((entry) => entry.item))];
    const relevant = new Set(liked.filter((id) => !exclude.includes(id)));
    if (relevant.size === 0) return;
    const slate = await recommender.recommend({ visitor, history, context: {}, k, exclude, seed: 0 });
    let gain = 0;
    let found = 0;
    slate.items.slice(0, k).forEach((item, slot) => {
      if (!relevant.has(item.id)) return;
      gain += 1 / Math.log2(slot + 2);
      found++;
    });
    ndcg += gain / idealGain(Math.min(k, relevant.size));
    recall += found / relevant.size;
    n++;
  };
  await askCases(cases, 1, ask, watch);
  return n === 0 ? { ndcg: null, recall: null, n } : { ndcg: ndcg / n, recall: recall / n, n };
}

function idealGain(slots: number): number {
  return Array.from({ length: slots }, (_, slot) => 1 / Math.log2(slot + 2)).reduce((a, b) => a + b, 0);
}
