// Beside lists: does a recommender put what a person chose above items drawn at random? AUC for any recommender, and
// logloss where its scores are log-odds. Asked through the contract, in process or remote: all but the chosen item and
// the drawn ones are excluded, so the slate is an order of just these.

import { randomFrom } from '../base/random.ts';
import { askCases, type AskingWatch } from './ask-cases.ts';
import { areaUnder, surprise } from './clicks/accuracy.ts';
import { unmetItem } from './unmet-item.ts';
import type { Recommender, RecommendRequest } from './recommender.ts';

export interface ChosenCase {
  readonly visitor: string;
  readonly history: RecommendRequest['history'];
  /** What the person went on to choose: at least one item outside the history. */
  readonly chosen: readonly string[];
}

export interface SampledAccuracy {
  readonly auc: number;
  /** At the rate of one click to `logOddsAgainst` drawn items; null where scores are no log-odds. */
  readonly logloss: number | null;
}

const drawn = 50;
/** Asked at once: few enough that none waits long for the others where a method answers one by one. */
const together = 4;

/**
 * One entry a case: the chosen items against 50 draws, with the seed, of items that are neither in the history nor
 * chosen; an item drawn twice counts once. Equal scores count half. Null where everything was chosen or is in the history.
 */
export async function sampledAccuracies(
  recommender: Recommender,
  cases: readonly ChosenCase[],
  itemIds: readonly string[],
  { seed, logOddsAgainst }: { readonly seed: number; readonly logOddsAgainst: number | undefined },
  watch?: AskingWatch,
): Promise<(SampledAccuracy | null)[]> {
  const indices = new Map(itemIds.map((id, index) => [id, index]));
  const one = async ({ visitor, history, chosen }: ChosenCase): Promise<SampledAccuracy | null> => {
    const wanted = new Set(chosen);
    const known = [...history.map((entry) => entry.item), ...chosen].flatMap((id) => indices.get(id) ?? []);
    const met = new Set(known);
    if (met.size >= itemIds.length) return null;
    const random = randomFrom('sampled-accuracy', seed, visitor);
    const others = new Set(
      Array.from({ length: drawn }, () => unmetItem(itemIds.length, met, random)).filter(
        (item) => !met.has(item),
      ),
    );
    const kept = new Set([...wanted, ...[...others].map((item) => itemIds[item]!)]);
    const { items } = await recommender.recommend({
      visitor,
      history,
      context: {},
      k: kept.size,
      exclude: itemIds.filter((id) => !kept.has(id)),
      seed: 0,
    });
    const positive = items.filter(({ id }) => wanted.has(id)).map(({ score }) => score);
    const negative = items.filter(({ id }) => !wanted.has(id)).map(({ score }) => score);
    const auc = areaUnder(positive, negative);
    if (auc === null) return null;
    return {
      auc,
      logloss: logOddsAgainst === undefined ? null : loglossAt(logOddsAgainst, positive, negative),
    };
  };
  return askCases(cases, together, one, watch);
}

/** Logloss as if there were `against` drawn items to each chosen one, however many were asked for. */
function loglossAt(against: number, positive: readonly number[], negative: readonly number[]): number {
  const mean = (scores: readonly number[], clicked: boolean): number =>
    scores.reduce((sum, score) => sum + surprise(score, clicked), 0) / scores.length;
  return (mean(positive, true) + against * mean(negative, false)) / (1 + against);
}
