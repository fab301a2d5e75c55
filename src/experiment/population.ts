// Who visits: profiles induced from the training part of real (or planted) histories, and the knowledge that
// all of them share, learned from the culture: people who are neither visitors nor anybody's test users.

import { learnKnowledge, type Knowledge } from '../../agents/knowledge.ts';
import { induceProfiles, type Past, type Profile } from '../../agents/profile.ts';
import { UsageError } from '../base/error.ts';
import { randomFrom } from '../base/random.ts';
import type { Catalogue, Interaction, Item } from '../catalogue/item.ts';
import type { HistorySplit } from '../catalogue/split.ts';
import { likedByPerson } from './arms.ts';
import type { Scenario } from './scenario.ts';
import { leadMind, type MindName } from './scenario-minds.ts';

export interface Visitor {
  /** The visitor's name in the record. The profile's id is the person's, and more than one visitor's in a run of several minds. */
  readonly id: string;
  readonly mind: MindName;
  readonly profile: Profile;
  /** Training part of the history, oldest first: what arms know of this visitor. */
  readonly history: readonly Interaction[];
}

/**
 * The people who visit in a scenario, sampled with its seed, in order of id, as visitors with the mind of the verdict.
 * Levels of habits are percentiles of all candidates.
 */
export function visitorsOf(
  scenario: Scenario,
  catalogue: Catalogue,
  items: ReadonlyMap<string, Item>,
  split: HistorySplit,
): Visitor[] {
  const histories = Map.groupBy(split.training, ({ user }) => user);
  const liked = likedByPerson(split);
  const enoughLiked = (person: string): boolean =>
    (liked.get(person)?.length ?? 0) >= scenario.population.minimumLiked;
  const candidates = split.visitors.filter((person) => enoughLiked(person) && histories.has(person));
  const wanted = scenario.population.visitors;
  if (candidates.length < wanted) {
    throw new UsageError(
      `the scenario wants ${wanted} visitors, catalogue '${catalogue.name}' has ${candidates.length} people with at least ${scenario.population.minimumHistory} training ratings and ${scenario.population.minimumLiked} held-out likes`,
      candidates.length === 0
        ? 'Lower population.minimumHistory or population.minimumLiked, or use a catalogue with longer histories.'
        : `Use --visitors ${candidates.length} or fewer, or lower population.minimumHistory.`,
    );
  }
  const profiles = induceProfiles(pastsOf(candidates, histories, catalogue, items, split));
  const chosen = new Set(randomFrom(scenario.seed, 'population').shuffle(candidates).slice(0, wanted));
  return profiles
    .filter((profile) => chosen.has(profile.id))
    .map((profile) => ({
      id: profile.id,
      mind: leadMind(scenario),
      profile,
      history: histories.get(profile.id)!,
    }));
}

/** The sample beside its source, in one line: how long the training histories are and how people rate. */
export function marginalsText(visitors: readonly Visitor[], split: HistorySplit): string {
  const describe = (histories: readonly (readonly Interaction[])[]): string => {
    const values = histories.flatMap((history) => history.map((row) => row.value));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const low = values.filter((value) => value <= 2).length / values.length;
    return `${histories.length} people, ${(values.length / histories.length).toFixed(1)} ratings each, mean ${mean.toFixed(2)}, ${(100 * low).toFixed(1)} % at 2 or less`;
  };
  const sample = describe(visitors.map((visitor) => visitor.history));
  return `visitors: ${sample}; all who could be: ${describe([...Map.groupBy(split.training, ({ user }) => user).values()])}`;
}

/** What the culture's people saw, as titles: the visitors' shared knowledge of the world. */
export function knowledgeOf(items: ReadonlyMap<string, Item>, split: HistorySplit): Knowledge {
  return learnKnowledge(
    split.culture.map((row) => {
      const item = items.get(row.item)!;
      return { person: row.user, title: item.title, genres: item.genres };
    }),
  );
}

/** Pasts as the people themselves remember them: titles, genres, own rating, and what others thought of it. */
function pastsOf(
  candidates: readonly string[],
  histories: ReadonlyMap<string, readonly Interaction[]>,
  catalogue: Catalogue,
  items: ReadonlyMap<string, Item>,
  split: HistorySplit,
): Past[] {
  const totals = new Map<string, { sum: number; count: number }>();
  for (const { item, value } of split.armTraining) {
    const total = totals.get(item) ?? { sum: 0, count: 0 };
    totals.set(item, { sum: total.sum + value, count: total.count + 1 });
  }
  const people = new Map(catalogue.people.map((person) => [person.id, person]));
  return candidates.map((person) => ({
    id: person,
    demographics: demographicsOf(people.get(person)),
    ratings: histories.get(person)!.map((row) => {
      const item = items.get(row.item)!;
      const total = totals.get(row.item)!;
      return {
        title: item.title,
        genres: item.genres,
        value: row.value,
        others: total.count > 1 ? (total.sum - row.value) / (total.count - 1) : null,
        votes: item.votes ?? 0,
      };
    }),
  }));
}

function demographicsOf(person: Catalogue['people'][number] | undefined): Record<string, string> {
  const { age, gender, occupation, region } = person ?? {};
  return Object.fromEntries(
    Object.entries({ age, gender, occupation, region }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
