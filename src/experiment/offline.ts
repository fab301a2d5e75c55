// The offline order of the arms beside that of their visitors: Recall, NDCG and AUC on what real people went on to
// like, against the goal of the simulated ones. Their rank correlation, and the pairs about which they disagree.

import type { Catalogue } from '../catalogue/item.ts';
import type { AskingWatch } from '../recommend/ask-cases.ts';
import { heldOutMeans } from '../recommend/evaluate.ts';
import type { Recommender } from '../recommend/recommender.ts';
import { sampledAccuracies, type ChosenCase } from '../recommend/sampled-accuracy.ts';
import { kendallTau } from '../stats/rank-correlation.ts';
import type { ArmSummary, OfflineOrder } from './result.ts';

/** What an arm is worth on held-out likes; null where nobody has any. */
export interface OfflineGrades {
  readonly ndcg20: number | null;
  readonly recall20: number | null;
  readonly auc: number | null;
}

const gradedTo = 20;

/** Grades of one arm over its visitors, each with the training history and the likes after it. */
export async function offlineGrades(
  recommender: Recommender,
  cases: readonly ChosenCase[],
  items: Catalogue['items'],
  seed: number,
  watch?: AskingWatch,
): Promise<OfflineGrades> {
  const asked = cases.flatMap(({ visitor, history, chosen }) => {
    const known = new Set(history.map((entry) => entry.item));
    const liked = chosen.filter((id) => !known.has(id));
    return liked.length === 0 ? [] : [{ visitor, history, chosen: liked, liked }];
  });
  const { ndcg, recall } = await heldOutMeans(recommender, asked, gradedTo, watch);
  const ids = items.map((item) => item.id);
  const terms = { seed, logOddsAgainst: undefined };
  const sampled = await sampledAccuracies(recommender, asked, ids, terms, watch);
  const areas = sampled.flatMap((one) => one?.auc ?? []);
  const auc = areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length;
  return { ndcg20: ndcg, recall20: recall, auc };
}

const measures = [
  ['recall@20', ({ heldOutRecall20 }: ArmSummary) => heldOutRecall20],
  ['ndcg@20', ({ heldOutNdcg20 }: ArmSummary) => heldOutNdcg20],
  ['auc', ({ heldOutAuc }: ArmSummary) => heldOutAuc],
] as const;

/** For every offline measure that two arms or more have: how it orders them beside the goal. */
export function offlineOrders(
  arms: readonly ArmSummary[],
  goal: { readonly name: string; readonly higherIsBetter: boolean },
): OfflineOrder[] {
  return measures.flatMap(([measure, of]): OfflineOrder[] => {
    const graded = arms.flatMap((arm) => {
      const [offline, simulated] = [of(arm), arm.metrics[goal.name]?.mean ?? null];
      return offline === null || simulated === null
        ? []
        : [{ name: arm.name, offline, simulated: goal.higherIsBetter ? simulated : -simulated }];
    });
    if (graded.length < 2) return [];
    const found = kendallTau(graded.map(({ offline, simulated }) => [offline, simulated]));
    const pairs = graded.flatMap((one, place) =>
      graded.slice(place + 1).map((other) => [one, other] as const),
    );
    const opposed = pairs.filter(
      ([one, other]) => (one.offline - other.offline) * (one.simulated - other.simulated) < 0,
    );
    return [
      {
        measure,
        order: graded.toSorted((a, b) => b.offline - a.offline).map(({ name }) => name),
        tau: found.kind === 'estimated' ? found.value : null,
        pairs: pairs.length,
        disagree: opposed.map(([one, other]): [string, string] => [one.name, other.name]),
        note: found.kind === 'estimated' ? '' : found.reason,
      },
    ];
  });
}
