// Contest on lists: held-out liked items among items the person never rated. Who tells them apart: the mind's own
// utility, popularity or matrix factorisation? Same lists for all; negatives uniform or matched in popularity
// (Agent4Rec's taste alignment, with the baseline its paper lacks).

import { choiceParameters, type ChoiceParameters } from '../../agents/minds/choice-parameters.ts';
import type { Profile } from '../../agents/profile.ts';
import { tastesOf, want } from '../../agents/want.ts';
import { randomFrom, type Random } from '../base/random.ts';
import type { Catalogue, Item } from '../catalogue/item.ts';
import { shownQuality, splitHistories, type HistorySplit } from '../catalogue/split.ts';
import { likedByPerson } from '../experiment/arms.ts';
import { knowledgeOf, visitorsOf } from '../experiment/population.ts';
import { scenarioSchema } from '../experiment/scenario.ts';
import { methodNamed } from '../recommend/methods.ts';

export interface ListRow {
  readonly scorer: 'choice mind' | 'popularity' | 'mf';
  readonly negatives: 'uniform' | 'popularity-matched';
  /** Negatives for one liked item. */
  readonly ratio: number;
  /** Share of items put on the right side when the best n of the list are called liked, n liked ones being in it. */
  readonly accuracy: number;
  /** Among the n called liked; equal to recall, since as many are called as there are. */
  readonly precision: number;
  readonly standardError: number;
  readonly people: number;
}

const ratios = [1, 2, 3, 4, 9];
const likedInList = 10;

/** Everything the contest needs of one catalogue: people with at least ten held-out likes, half the people as culture. */
export async function listContest(
  catalogue: Catalogue,
  seed: number,
  parameters: ChoiceParameters = choiceParameters,
): Promise<ListRow[]> {
  const split = splitHistories(catalogue, { seed, cultureShare: 0.5, heldOutShare: 0.3, minimumHistory: 10 });
  const shown = shownQuality(catalogue.items, split.armTraining);
  const items = new Map(shown.map((item) => [item.id, item]));
  const liked = likedByPerson(split);
  const people = split.visitors.filter((person) => (liked.get(person)?.length ?? 0) >= likedInList);
  const scenario = scenarioSchema.parse({
    name: 'lists',
    question: 'lists',
    arms: [
      { name: 'a', method: 'random' },
      { name: 'b', method: 'random' },
    ],
    population: { visitors: people.length, minimumHistory: 10, minimumLiked: likedInList },
    seed,
  });
  const profiles = visitorsOf(scenario, catalogue, items, split).map((visitor) => visitor.profile);
  const scorers = {
    'choice mind': mindScorer(items, split, parameters),
    popularity: async () => (id: string) => items.get(id)!.votes ?? 0,
    mf: await methodScorer('mf', shown, split, seed),
  } as const;

  const rated = new Map(
    [...Map.groupBy(catalogue.interactions, ({ user }) => user)].map(([person, rows]) => [
      person,
      new Set(rows.map((row) => row.item)),
    ]),
  );
  const rows: ListRow[] = [];
  for (const negatives of ['uniform', 'popularity-matched'] as const) {
    const pool = negatives === 'uniform' ? [...items.keys()] : split.armTraining.map((row) => row.item);
    const lists = profiles.map((profile) => {
      const { id } = profile;
      return {
        profile,
        ...listOf(liked.get(id)!, rated.get(id)!, pool, randomFrom('list', seed, negatives, id)),
      };
    });
    for (const scorer of ['choice mind', 'popularity', 'mf'] as const) {
      const scored = await Promise.all(
        lists.map(async ({ profile, positives, others }) => {
          const score = await scorers[scorer](profile);
          return { positives: positives.map(score), others: others.map(score) };
        }),
      );
      for (const ratio of ratios) {
        const precisions = scored.map(({ positives, others }, index) =>
          topPrecision(
            positives,
            others.slice(0, likedInList * ratio),
            randomFrom('ties', seed, profiles[index]!.id),
          ),
        );
        const precision = mean(precisions);
        const spread = Math.sqrt(mean(precisions.map((value) => (value - precision) ** 2)));
        rows.push({
          scorer,
          negatives,
          ratio,
          precision,
          accuracy: 1 - (2 * (1 - precision)) / (1 + ratio),
          standardError: spread / Math.sqrt(precisions.length),
          people: precisions.length,
        });
      }
    }
  }
  return rows;
}

/** Share of liked items among the best n, n = number of liked items; ties fall by chance, not by order. */
export function topPrecision(
  positives: readonly number[],
  others: readonly number[],
  random = randomFrom('ties'),
): number {
  const ranked = random.shuffle([
    ...positives.map((score) => ({ score, liked: true })),
    ...others.map((score) => ({ score, liked: false })),
  ]);
  ranked.sort((a, b) => b.score - a.score);
  return ranked.slice(0, positives.length).filter((entry) => entry.liked).length / positives.length;
}

function mindScorer(items: ReadonlyMap<string, Item>, split: HistorySplit, parameters: ChoiceParameters) {
  const knowledge = knowledgeOf(items, split);
  return async (profile: Profile) => {
    const tastes = tastesOf(profile, knowledge, parameters);
    return (id: string): number => {
      const { title, year, genres, rating, votes } = items.get(id)!;
      const facts = {
        title,
        year: year ?? null,
        genres,
        rating: rating ?? null,
        votes: rating === undefined ? null : (votes ?? null),
      };
      return want(facts, 0, profile, tastes, knowledge, { time: 0, amounts: {} }, parameters).total;
    };
  };
}

async function methodScorer(name: string, items: readonly Item[], split: HistorySplit, seed: number) {
  const recommender = await methodNamed(name).train({ items, interactions: split.armTraining }, {}, seed);
  const histories = Map.groupBy(split.training, ({ user }) => user);
  return async (profile: Profile) => {
    const history = histories.get(profile.id)!.map(({ item, time, value }) => ({ item, time, value }));
    const slate = await recommender.recommend({
      visitor: profile.id,
      history,
      context: {},
      k: items.length,
      exclude: [],
      seed: 0,
    });
    const scores = new Map(slate.items.map((item) => [item.id, item.score]));
    return (id: string): number => scores.get(id) ?? -Infinity;
  };
}

function listOf(
  liked: readonly string[],
  rated: ReadonlySet<string>,
  pool: readonly string[],
  random: Random,
): { positives: string[]; others: string[] } {
  const others = new Set<string>();
  while (others.size < likedInList * Math.max(...ratios)) {
    const candidate = pool[random.integer(pool.length)]!;
    if (!rated.has(candidate)) others.add(candidate);
  }
  return { positives: random.shuffle(liked).slice(0, likedInList), others: [...others] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
