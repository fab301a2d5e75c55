// Wanting: what an item is worth to a visitor, from what it read (facts), what it knows (knowledge) and who it
// is (profile). Random utility without its noise; the noise belongs to the moment of choice. The terms are those
// of the embedded visitor: taste, quality shown, familiarity, satiation, look.

import { dot, normaliseTitle } from './text.ts';
import { completed, recallTitle, tasteOf, type Knowledge } from './knowledge.ts';
import type { ChoiceParameters } from './minds/choice-parameters.ts';
import type { Facts } from './perceive.ts';
import type { Level, Profile } from './profile.ts';

/** A profile seen through the knowledge: liked and disliked vectors and the visitor's yardstick of taste. */
export interface Tastes {
  readonly liked: readonly Float64Array[];
  readonly disliked: readonly Float64Array[];
  readonly mean: number;
  readonly spread: number;
  readonly seen: ReadonlySet<string>;
}

/** Leaky amounts by genre (lower case) and when they were last brought up to date, simulated seconds. */
export interface Satiation {
  readonly time: number;
  readonly amounts: Readonly<Record<string, number>>;
}

/** The parts of a utility, in standard deviations of taste. */
export interface Want {
  readonly taste: number;
  /** The shown rating against the visitor's own usual one, and against what others give to what it usually sees. */
  readonly quality: number;
  readonly standing: number;
  readonly total: number;
}

const conformityWeight: Readonly<Record<Level, number>> = { low: 0.5, medium: 1, high: 1.5 };
const varietyWeight: Readonly<Record<Level, number>> = { low: 0.5, medium: 1, high: 1.5 };
const smallestSpread = 0.5;

/** Calls up the visitor's likes and dislikes and measures how much it likes what everybody knows. */
export function tastesOf(profile: Profile, knowledge: Knowledge, parameters: ChoiceParameters): Tastes {
  const vectors = (tastes: Profile['liked']): Float64Array[] =>
    tastes.flatMap((taste) => {
      const recalled = recallTitle(knowledge, taste.title, taste.genres);
      return recalled === null ? [] : [recalled.vector];
    });
  const liked = vectors(profile.liked);
  const disliked = vectors(profile.disliked);
  const usual = knowledge.sample.map((vector) =>
    tasteOf(vector, liked, disliked, parameters.nearest, parameters.dislike),
  );
  const mean = usual.reduce((sum, value) => sum + value, 0) / Math.max(1, usual.length);
  const variance = usual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, usual.length);
  return {
    liked,
    disliked,
    mean,
    spread: Math.sqrt(variance) || 1,
    seen: new Set(profile.seen.map(normaliseTitle)),
  };
}

/** U_i without noise: β_t·taste + β_q·conformity·quality + β_p·known-ness − satiation − familiarity + look. */
export function want(
  facts: Facts,
  look: number,
  profile: Profile,
  tastes: Tastes,
  knowledge: Knowledge,
  satiation: Satiation,
  parameters: ChoiceParameters,
): Want {
  const taste = tasteTerm(facts, tastes, knowledge, parameters);
  const against = (usual: number): number =>
    facts.rating === null
      ? 0
      : clamp((facts.rating - usual) / Math.max(smallestSpread, profile.ratingSpread), 2.5);
  const quality = against(profile.ratingMean);
  const fame =
    facts.votes === null
      ? 0
      : clamp(
          (Math.log1p(facts.votes) - profile.votesMean) / Math.max(smallestSpread, profile.votesSpread),
          4,
        );
  const conformity = conformityWeight[profile.conformity];
  const total =
    parameters.taste * taste +
    (facts.rating === null ? -parameters.unrated * conformity : parameters.quality * conformity * quality) +
    parameters.popularity * fame -
    parameters.satiation * varietyWeight[profile.diversity] * satiationFor(facts.genres, satiation) -
    (tastes.seen.has(completed(knowledge, facts.title)) ? parameters.familiar : 0) +
    parameters.look * look;
  return { taste, quality, standing: against(profile.othersMean), total };
}

/** Amounts after fading to `time` and consuming `amount` of these genres. */
export function sate(
  satiation: Satiation,
  genres: readonly string[],
  amount: number,
  time: number,
  halfLifeHours: number,
): Satiation {
  const fade = 0.5 ** (Math.max(0, time - satiation.time) / (halfLifeHours * 3600));
  const amounts = new Map(
    Object.entries(satiation.amounts).map(([genre, value]) => [genre, value * fade] as const),
  );
  for (const genre of genres.map((word) => word.toLowerCase()))
    amounts.set(genre, (amounts.get(genre) ?? 0) + amount);
  return { time, amounts: Object.fromEntries(amounts) };
}

/**
 * Stars for something watched: what it was worth is placed among the visitor's own cumulative rating shares,
 * so a strict visitor gives ones and twos as often as its history does (ordered thresholds).
 */
export function starsFor(worth: number, profile: Profile, parameters: ChoiceParameters): number {
  const rank = normalCdf((worth - parameters.ratingCentre) / parameters.ratingSpread);
  const below = profile.strictness.filter((share) => rank > share).length;
  return below + 1;
}

/** Φ, the standard normal distribution function (Zelen and Severo 1964, |error| < 7.5e−8): a psychometric curve, not a statistic. */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

/** Titles of the knowledge this visitor would like best and has not seen, best first. */
export function longedFor(tastes: Tastes, knowledge: Knowledge, count: number): string[] {
  const centre = tastes.liked.reduce<Float64Array | null>(
    (sum, vector) =>
      sum === null ? Float64Array.from(vector) : sum.map((value, index) => value + vector[index]!),
    null,
  );
  if (centre === null) return [];
  return [...knowledge.titles]
    .filter(([title]) => !tastes.seen.has(title))
    .map(([title, vector]) => ({ title, score: dot(centre, vector) }))
    .sort((a, b) => b.score - a.score || (a.title < b.title ? -1 : 1))
    .slice(0, count)
    .map(({ title }) => knowledge.spelling.get(title)!);
}

function tasteTerm(facts: Facts, tastes: Tastes, knowledge: Knowledge, parameters: ChoiceParameters): number {
  const recalled = recallTitle(knowledge, facts.title, facts.genres);
  if (tastes.liked.length === 0) return 0;
  if (recalled === null) return -parameters.unheard;
  const standard =
    (tasteOf(recalled.vector, tastes.liked, tastes.disliked, parameters.nearest, parameters.dislike) -
      tastes.mean) /
    tastes.spread;
  return clamp(recalled.known ? standard : parameters.genreTrust * standard - parameters.unheard, 4);
}

function satiationFor(genres: readonly string[], satiation: Satiation): number {
  if (genres.length === 0) return 0;
  return genres.reduce((sum, genre) => sum + amountOf(satiation, genre), 0) / genres.length;
}

/** A genre is any word that stands on a page, and may be one that every object has ('constructor'). */
function amountOf({ amounts }: Satiation, genre: string): number {
  const word = genre.toLowerCase();
  return Object.hasOwn(amounts, word) ? amounts[word]! : 0;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
