// How a trained recommender is asked about people in the contest of augmentation: for the ten items each would like
// next, once told of the real rows alone and once of the added ones too. A figure is a line in `figures`; a kind of model
// with a measure of its own (AUC and logloss of click models) adds its line and its grade here.

import type { AugmentationCase, AugmentedSet } from '../dataset/augmentation.ts';
import type { Recommender } from '../recommend/recommender.ts';

export interface FigureName {
  /** What the recommender is told of the person when it is asked: the real rows, or the added ones, too. */
  readonly history: 'real' | 'all';
  readonly metric: 'recall@10' | 'ndcg@10';
}

export const figures: readonly FigureName[] = (['real', 'all'] as const).flatMap((history) =>
  (['recall@10', 'ndcg@10'] as const).map((metric) => ({ history, metric })),
);

const k = 10;

/** Grades of a recommender: [figure of `figures`][case]. */
export async function gradesOf(
  recommender: Recommender,
  cases: readonly AugmentationCase[],
  set: AugmentedSet,
): Promise<number[][]> {
  const grades: number[][] = figures.map(() => []);
  for (const one of cases) {
    const more = set.added.get(one.visitor) ?? [];
    const real = await answerOf(recommender, one, one.history);
    const answers = {
      real,
      all:
        more.length === 0
          ? real
          : await answerOf(
              recommender,
              one,
              [...one.history, ...more].sort((a, b) => a.time - b.time),
            ),
    };
    for (const [place, { history, metric }] of figures.entries())
      grades[place]!.push(gradeOf(answers[history], one.liked)[metric]);
  }
  return grades;
}

async function answerOf(
  recommender: Recommender,
  { visitor, exclude }: AugmentationCase,
  history: AugmentationCase['history'],
): Promise<string[]> {
  const slate = await recommender.recommend({
    visitor,
    history: history.map(({ item, time, value }) => ({ item, time, value })),
    context: {},
    k,
    exclude: [...exclude],
    seed: 0,
  });
  return slate.items.map(({ id }) => id);
}

/** Recall@10: share of the liked items among the first ten. NDCG@10: binary gains over the ideal of min(10, liked). */
export function gradeOf(
  slate: readonly string[],
  liked: readonly string[],
): Record<FigureName['metric'], number> {
  const wanted = new Set(liked);
  const hits = slate.slice(0, k).map((id) => wanted.has(id));
  const gained = (slots: readonly boolean[]): number =>
    slots.reduce((sum, hit, slot) => sum + (hit ? 1 / Math.log2(slot + 2) : 0), 0);
  const ideal = Array.from({ length: Math.min(k, wanted.size) }, () => true);
  return {
    'recall@10': hits.filter(Boolean).length / wanted.size,
    'ndcg@10': gained(hits) / gained(ideal),
  };
}
