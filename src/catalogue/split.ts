// Who is what in an experiment. People are split by a seeded hash into culture, whose histories teach the mind what
// titles are like, and candidates; candidates with enough history become visitors, and the last part of a visitor's
// history is held out from everyone. No person is ever on both sides, so no profile leaks into the mind's knowledge.

import { seedFrom } from '../base/random.ts';
import { UsageError } from '../base/error.ts';
import type { Catalogue, Interaction, Item } from './item.ts';
import { byText, byTimeAndPerson } from './order.ts';

export interface SplitSettings {
  readonly seed: number;
  /** Share of each visitor's history, the latest, that is held out: (0, 1). */
  readonly heldOutShare: number;
  /** Share of the people who are culture: [0, 1). */
  readonly cultureShare: number;
  /** Fewest interactions a visitor has in the training part. */
  readonly minimumHistory: number;
}

export interface HistorySplit {
  /** Histories of the people who are no visitors: the culture share, and candidates with too short a history. */
  readonly culture: readonly Interaction[];
  /** Ids in order of their seeded hash, so that the first n are a random sample. */
  readonly visitors: readonly string[];
  /** The earlier part of the visitors' histories. */
  readonly training: readonly Interaction[];
  /** The later part of the visitors' histories; no arm and no mind may see it. */
  readonly heldOut: readonly Interaction[];
  /** What arms may train on: culture and training. */
  readonly armTraining: readonly Interaction[];
}

const standard: SplitSettings = { seed: 1, heldOutShare: 0.3, cultureShare: 0.5, minimumHistory: 20 };

/**
 * Splits the histories. Interactions of equal time (sources without times, parts of Agent4Rec) are ordered by a
 * seeded hash, also within a person's part of a list. Lists are in order of time, then of person. Throws a UsageError on a share out of range.
 */
export function splitHistories(catalogue: Catalogue, settings: Partial<SplitSettings> = {}): HistorySplit {
  const { seed, heldOutShare, cultureShare, minimumHistory } = { ...standard, ...settings };
  if (!(heldOutShare > 0 && heldOutShare < 1))
    throw new UsageError(`heldOutShare is ${heldOutShare}; expected a number between 0 and 1.`);
  if (!(cultureShare >= 0 && cultureShare < 1))
    throw new UsageError(`cultureShare is ${cultureShare}; expected a number from 0 to below 1.`);

  const histories = byPerson(catalogue.interactions);
  const people = hashed([...histories.keys()], seed, 'culture');
  const candidates = people.slice(Math.round(people.length * cultureShare));
  const visitors: string[] = [];
  const training: Interaction[] = [];
  const heldOut: Interaction[] = [];
  for (const person of candidates) {
    const history = orderedHistory(histories.get(person) ?? [], seed);
    // The small term keeps 0.7 × 10 from becoming 6.999….
    const kept = Math.floor(history.length * (1 - heldOutShare) + 1e-9);
    if (kept < minimumHistory || kept === history.length) continue;
    visitors.push(person);
    training.push(...history.slice(0, kept));
    heldOut.push(...history.slice(kept));
  }
  const visiting = new Set(visitors);
  const culture = catalogue.interactions.filter((interaction) => !visiting.has(interaction.user));
  // The sort is stable: a person's rows of one time stay as they were ordered, and do not go by id.
  const inTime = (rows: readonly Interaction[]): Interaction[] => rows.toSorted(byTimeAndPerson);
  return {
    culture,
    visitors,
    training: inTime(training),
    heldOut: inTime(heldOut),
    armTraining: inTime([...culture, ...training]),
  };
}

/**
 * The histories of a share of the people, whole: at least one person for a share above 0. Smaller shares lie inside
 * larger ones for the same seed. Throws a UsageError unless 0 ≤ fraction ≤ 1.
 */
export function share(training: readonly Interaction[], fraction: number, seed: number): Interaction[] {
  if (!(fraction >= 0 && fraction <= 1))
    throw new UsageError(`The share is ${fraction}; expected a number from 0 to 1.`);
  const people = hashed([...new Set(training.map((interaction) => interaction.user))], seed, 'share');
  const kept = new Set(people.slice(0, Math.ceil(people.length * fraction - 1e-9)));
  return training.filter((interaction) => kept.has(interaction.user));
}

/**
 * Items with the quality that visitors are shown, filled from interactions that arms may see where the source gives
 * none: the mean value and the number of people. Where every value is 5 they are likes and give the number only:
 * their mean says nothing.
 */
export function shownQuality(items: readonly Item[], interactions: readonly Interaction[]): Item[] {
  const implicit = interactions.every((interaction) => interaction.value === 5);
  const sums = new Map<string, { votes: number; sum: number }>();
  for (const { item, value } of interactions) {
    const known = sums.get(item) ?? { votes: 0, sum: 0 };
    sums.set(item, { votes: known.votes + 1, sum: known.sum + value });
  }
  return items.map((item) => {
    const seen = sums.get(item.id);
    if (seen === undefined) return item;
    const rating = item.rating ?? (implicit ? undefined : seen.sum / seen.votes);
    return { ...item, ...(rating === undefined ? {} : { rating }), votes: item.votes ?? seen.votes };
  });
}

function byPerson(interactions: readonly Interaction[]): Map<string, Interaction[]> {
  const histories = new Map<string, Interaction[]>();
  for (const interaction of interactions) {
    const history = histories.get(interaction.user);
    if (history === undefined) histories.set(interaction.user, [interaction]);
    else history.push(interaction);
  }
  return histories;
}

/** Ids in the order of a seeded hash of each: the place of one does not depend on which others there are. */
function hashed(ids: readonly string[], seed: number, purpose: string): string[] {
  return ids
    .map((id) => ({ id, hash: seedFrom(seed, purpose, id) }))
    .sort((a, b) => a.hash - b.hash || byText(a.id, b.id))
    .map(({ id }) => id);
}

/** A person's interactions, oldest first; those of equal time by a seeded hash, since the order of ids often betrays something. */
export function orderedHistory(history: readonly Interaction[], seed: number): Interaction[] {
  return history
    .map((interaction) => ({ interaction, hash: seedFrom(seed, 'tie', interaction.user, interaction.item) }))
    .sort((a, b) => a.interaction.time - b.interaction.time || a.hash - b.hash)
    .map(({ interaction }) => interaction);
}
