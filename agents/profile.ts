// Who a visitor is, induced from the training part of a history: tastes in titles and genres, how it rates, and
// three habits as Agent4Rec defines them (SIGIR 2024): activity cut at the 60th and 90th percentile of the
// population, diversity at the 33rd and 66th, conformity at the 25th and 80th. Holds titles, never ids.

export type Level = 'low' | 'medium' | 'high';

export interface Taste {
  readonly title: string;
  readonly genres: readonly string[];
}

export interface Profile {
  /** Names the visitor in logs and random streams; means nothing to a mind. */
  readonly id: string;
  readonly demographics: Readonly<Record<string, string>>;
  readonly liked: readonly Taste[];
  readonly disliked: readonly Taste[];
  /** Everything the visitor remembers having seen before, as titles. */
  readonly seen: readonly string[];
  /** Share of liked titles by genre, lower case. */
  readonly genreWeights: Readonly<Record<string, number>>;
  readonly ratingMean: number;
  readonly ratingSpread: number;
  /** What other people think of what this person rated: its usual shown rating; the own mean where nobody else rated it. */
  readonly othersMean: number;
  /** Mean and spread of ln(1 + votes) over what the visitor has seen: how widely known its usual choices are. */
  readonly votesMean: number;
  readonly votesSpread: number;
  /** Cumulative share of ratings at most 1, 2, 3, 4 stars, shrunk toward the population's. */
  readonly strictness: readonly [number, number, number, number];
  readonly activity: Level;
  readonly diversity: Level;
  readonly conformity: Level;
  /** Rank within the population, 0-1: the number behind the activity level. */
  readonly activityRank: number;
}

/** The age that demographics state, in years; of a range its lower end, and null where none is stated. */
export function statedAge({ demographics }: Pick<Profile, 'demographics'>): number | null {
  const found = /\d{1,3}/.exec(demographics['age'] ?? '')?.[0];
  return found === undefined ? null : Number(found);
}

/** One row of a visitor's training history, as the visitor remembers it. */
export interface PastRating {
  readonly title: string;
  readonly genres: readonly string[];
  /** 0.5-5. */
  readonly value: number;
  /** Mean rating of the item among other people, or null if nobody else rated it. */
  readonly others: number | null;
  /** How many people rated it, as the site shows. */
  readonly votes: number;
}

export interface Past {
  readonly id: string;
  readonly demographics: Readonly<Record<string, string>>;
  readonly ratings: readonly PastRating[];
}

/** How strongly a person's own rating histogram is pulled toward the population's, in ratings. */
const histogramPrior = 10;
const likedFrom = 4;
const dislikedTo = 2.5;

/** Profiles of a whole population at once, since the habits' levels are percentiles of it. In the order given. */
export function induceProfiles(population: readonly Past[]): Profile[] {
  const counts = population.map((past) => past.ratings.length);
  const breadths = population.map((past) => genresWithin(past.ratings, 0.8));
  const deviations = population.map((past) => deviationFromOthers(past.ratings));
  const everyone = histogram(population.flatMap((past) => past.ratings));
  return population.map((past, index) => {
    const values = past.ratings.map((rating) => rating.value);
    const mean = meanOf(values);
    const liked = past.ratings.filter((rating) => rating.value >= Math.min(likedFrom, mean));
    return {
      id: past.id,
      demographics: past.demographics,
      liked: liked.map(({ title, genres }) => ({ title, genres })),
      disliked: past.ratings
        .filter((rating) => rating.value <= dislikedTo && rating.value < mean)
        .map(({ title, genres }) => ({ title, genres })),
      seen: past.ratings.map((rating) => rating.title),
      genreWeights: genreWeightsOf(liked),
      ratingMean: mean,
      ratingSpread: spreadOf(values),
      othersMean: othersMeanOf(past.ratings) ?? mean,
      votesMean: meanOf(past.ratings.map((rating) => Math.log1p(rating.votes))),
      votesSpread: spreadOf(past.ratings.map((rating) => Math.log1p(rating.votes))),
      strictness: cumulative(past.ratings, everyone),
      activity: levelOf(counts[index]!, counts, 0.6, 0.9),
      diversity: levelOf(breadths[index]!, breadths, 0.33, 0.66),
      // A small deviation from the others' mean is much conformity, so the levels run the other way.
      conformity: levelOf(
        -deviations[index]!,
        deviations.map((value) => -value),
        0.2,
        0.75,
      ),
      activityRank: rankOf(counts[index]!, counts),
    };
  });
}

/** How many of the commonest genres together make up at most `share` of the ratings' genres (Agent4Rec's diversity). */
export function genresWithin(ratings: readonly PastRating[], share: number): number {
  const counts = new Map<string, number>();
  for (const rating of ratings)
    for (const genre of rating.genres) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let covered = 0;
  let genres = 0;
  for (const count of [...counts.values()].sort((a, b) => b - a)) {
    covered += count;
    if (covered > share * total) break;
    genres += 1;
  }
  return genres;
}

function othersMeanOf(ratings: readonly PastRating[]): number | null {
  const others = ratings.flatMap((rating) => (rating.others === null ? [] : [rating.others]));
  return others.length === 0 ? null : meanOf(others);
}

/** Mean squared distance from the other people's mean rating (Agent4Rec's conformity); 0 when nothing can be compared. */
export function deviationFromOthers(ratings: readonly PastRating[]): number {
  const squares = ratings.flatMap((rating) =>
    rating.others === null ? [] : [(rating.value - rating.others) ** 2],
  );
  return squares.length === 0 ? 0 : meanOf(squares);
}

function levelOf(value: number, values: readonly number[], low: number, high: number): Level {
  const rank = rankOf(value, values);
  return rank <= low ? 'low' : rank <= high ? 'medium' : 'high';
}

/** Mid-rank of a value in its population, in (0, 1). */
function rankOf(value: number, values: readonly number[]): number {
  let below = 0;
  let equal = 0;
  for (const other of values) {
    if (other < value) below += 1;
    else if (other === value) equal += 1;
  }
  return (below + equal / 2) / values.length;
}

/** Share of the titles that have a genre, by genre, lower case. */
export function genreWeightsOf(liked: readonly Pick<Taste, 'genres'>[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { genres } of liked) {
    for (const genre of genres) counts.set(genre.toLowerCase(), (counts.get(genre.toLowerCase()) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([genre, count]) => [genre, count / Math.max(1, liked.length)]));
}

/** Shares of 1, 2, 3, 4, 5 stars; half stars round up. */
function histogram(ratings: readonly PastRating[]): number[] {
  const shares = [0, 0, 0, 0, 0];
  for (const rating of ratings)
    shares[Math.min(5, Math.max(1, Math.round(rating.value))) - 1]! += 1 / Math.max(1, ratings.length);
  return shares;
}

function cumulative(
  ratings: readonly PastRating[],
  everyone: readonly number[],
): [number, number, number, number] {
  const own = histogram(ratings);
  const weight = ratings.length / (ratings.length + histogramPrior);
  const shares = own.map((share, index) => weight * share + (1 - weight) * everyone[index]!);
  let sum = 0;
  const steps = shares.map((share) => (sum += share));
  return [steps[0]!, steps[1]!, steps[2]!, steps[3]!];
}

function spreadOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
