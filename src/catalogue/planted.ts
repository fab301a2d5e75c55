// A planted population: invented people with known tastes, who saw real titles. Each has weights on genres and
// decades, a leaning to the popular, and a latent vector; items lie in latent clusters within their genre, which
// no attribute shows, so collaborative filtering has something to find. What they saw is drawn by exposure
// (popular films are met more often) times utility, as in RecSim's user models (Ie et al. 2019, arXiv 1909.04847).

import { randomFrom } from '../base/random.ts';
import type { Random } from '../base/random.ts';
import type { Catalogue, Interaction, Item, Person } from './item.ts';
import { byText, byTime } from './order.ts';

export interface PlantedSettings {
  readonly seed: number;
  readonly people: number;
  /** How much utility, against exposure, decides what is seen. */
  readonly selectivity: number;
}

/** What only tests and the oracle may know. */
export interface Truth {
  /** Utility of an item to a person, standard deviation near 1 over all pairs. Throws on an unknown id. */
  utility(personId: string, itemId: string): number;
}

export interface Planted {
  readonly catalogue: Catalogue;
  readonly truth: Truth;
}

const standard: PlantedSettings = { seed: 1, people: 1000, selectivity: 1.6 };
const latentSize = 8;
const clustersPerGenre = 4;
const fewest = 20;
const most = 400;
/** Weights of the parts of utility; their squares sum to about 1. */
const weights = { latent: 0.75, genre: 0.4, quality: 0.4, decade: 0.25, mainstream: 0.2 };
/** Noise of one rating, and spread of how strictly people rate, against utility's 1. */
const ratingNoise = 0.5;
const strictnessSpread = 0.45;
/** Shares of the ratings 0.5, 1, … 5, near those of MovieLens: 13 % are 2 or less. */
const ratingShares = [0.012, 0.033, 0.017, 0.072, 0.044, 0.2, 0.105, 0.287, 0.077, 0.153];
const firstDay = 1_262_304_000; // 2010-01-01
const hour = 3600;

interface Shape {
  /** Places in the lists of genres and decades. */
  readonly genre: number;
  readonly decade: number;
  readonly latent: Float64Array;
  readonly quality: number;
  readonly popularity: number;
}

interface Taste {
  readonly person: Person;
  /** Weights in the order of the lists of genres and decades. */
  readonly genres: Float64Array;
  readonly decades: Float64Array;
  readonly latent: Float64Array;
  readonly mainstream: number;
  readonly strictness: number;
}

/** Items with a planted population `person-<n>`; every person has 20 to 400 ratings, about 60 in the mean. */
export function plant(
  name: string,
  items: readonly Item[],
  settings: Partial<PlantedSettings> = {},
): Planted {
  const { seed, people, selectivity } = { ...standard, ...settings };
  const genres = [...new Set(items.map(genreOf))].sort(byText);
  const decades = [...new Set(items.map(decadeOf))].sort(byText);
  const shapes = shapesOf(items, genres, decades, seed);
  const tastes = Array.from({ length: people }, (_, index) =>
    tasteOf(`person-${index + 1}`, genres.length, decades.length, seed),
  );

  const felt: { interaction: Interaction; feeling: number }[] = [];
  const exposure = shapes.map((shape) => shape.popularity);
  for (const taste of tastes) {
    const random = randomFrom(seed, 'planted-history', taste.person.id);
    const utilities = shapes.map((shape) => utilityOf(taste, shape));
    const scores = Float64Array.from(
      utilities,
      (utility, index) => (exposure[index] ?? 0) + selectivity * utility + random.gumbel(),
    );
    const seen = random.shuffle(highest(scores, activity(random, items.length)));
    let time = firstDay + random.integer(365 * 24) * hour;
    for (const index of seen) {
      time += 60 + Math.floor(-Math.log(1 - random.uniform()) * 30 * hour);
      const feeling = (utilities[index] ?? 0) + ratingNoise * random.normal() - taste.strictness;
      felt.push({
        interaction: { user: taste.person.id, item: items[index]?.id ?? '', time, value: 0 },
        feeling,
      });
    }
  }
  const thresholds = thresholdsOf(felt.map(({ feeling }) => feeling));
  const interactions = felt
    .map(({ interaction, feeling }) => ({
      ...interaction,
      value: (1 + thresholds.filter((edge) => feeling > edge).length) / 2,
    }))
    .sort(byTime);

  const tasteById = new Map(tastes.map((taste) => [taste.person.id, taste]));
  const shapeById = new Map(items.map((item, index) => [item.id, shapes[index]]));
  return {
    catalogue: { name, implicit: false, items, people: tastes.map((taste) => taste.person), interactions },
    truth: {
      utility: (personId, itemId) => {
        const taste = tasteById.get(personId);
        const shape = shapeById.get(itemId);
        if (taste === undefined || shape === undefined)
          throw new Error(`no planted ${taste === undefined ? personId : itemId}`);
        return utilityOf(taste, shape);
      },
    },
  };
}

function genreOf(item: Item): string {
  return item.genres[0] ?? 'none';
}

function decadeOf(item: Item): string {
  return item.year === undefined ? 'none' : String(Math.floor(item.year / 10) * 10);
}

function shapesOf(
  items: readonly Item[],
  genres: readonly string[],
  decades: readonly string[],
  seed: number,
): Shape[] {
  const centres = new Map<string, Float64Array>();
  const centre = (name: string): Float64Array => {
    const known = centres.get(name) ?? normals(randomFrom(seed, 'planted-centre', name), 1);
    centres.set(name, known);
    return known;
  };
  const ratings = items.map((item) => item.rating ?? Number.NaN).filter((rating) => !Number.isNaN(rating));
  const mean = ratings.reduce((sum, rating) => sum + rating, 0) / Math.max(1, ratings.length);
  const spread =
    Math.sqrt(ratings.reduce((sum, rating) => sum + (rating - mean) ** 2, 0) / Math.max(1, ratings.length)) ||
    1;
  return items.map((item) => {
    const random = randomFrom(seed, 'planted-item', item.id);
    const genre = genreOf(item);
    const cluster = centre(`${genre} ${random.integer(clustersPerGenre)}`);
    const shared = centre(genre);
    const own = normals(random, 1);
    // Variances 0.2 of the genre, 0.65 of the hidden cluster, 0.15 of the item alone.
    const latent = own.map(
      (value, index) =>
        Math.sqrt(0.2) * (shared[index] ?? 0) +
        Math.sqrt(0.65) * (cluster[index] ?? 0) +
        Math.sqrt(0.15) * value,
    );
    return {
      genre: genres.indexOf(genre),
      decade: decades.indexOf(decadeOf(item)),
      latent,
      quality: item.rating === undefined ? 0 : (item.rating - mean) / spread,
      popularity: 0.55 * Math.log((item.votes ?? 0) + 100),
    };
  });
}

function tasteOf(id: string, genres: number, decades: number, seed: number): Taste {
  const random = randomFrom(seed, 'planted-person', id);
  return {
    person: { id },
    genres: Float64Array.from({ length: genres }, () => random.normal()),
    decades: Float64Array.from({ length: decades }, () => random.normal()),
    latent: normals(random, 1 / Math.sqrt(latentSize)),
    mainstream: random.normal(),
    strictness: strictnessSpread * random.normal(),
  };
}

function utilityOf(taste: Taste, shape: Shape): number {
  let latent = 0;
  for (let index = 0; index < latentSize; index++)
    latent += (taste.latent[index] ?? 0) * (shape.latent[index] ?? 0);
  return (
    weights.latent * latent +
    weights.genre * (taste.genres[shape.genre] ?? 0) +
    weights.decade * (taste.decades[shape.decade] ?? 0) +
    weights.quality * shape.quality +
    weights.mainstream * taste.mainstream * (shape.popularity - 4.5)
  );
}

/** 20 and a lognormal number with mean 40 more. */
function activity(random: Random, available: number): number {
  return Math.min(fewest + Math.round(Math.exp(3.2 + 0.98 * random.normal())), most, available);
}

/** Indices of the `count` highest scores (Gumbel-top-k: a draw without replacement), in index order. */
function highest(scores: Float64Array, count: number): number[] {
  const edge = scores.slice().sort()[scores.length - count] ?? Number.NEGATIVE_INFINITY;
  const indices: number[] = [];
  for (const [index, score] of scores.entries())
    if (score >= edge && indices.length < count) indices.push(index);
  return indices;
}

/** Ordered thresholds between the ten ratings, placed so that the population's shares are `ratingShares`. */
function thresholdsOf(feelings: readonly number[]): number[] {
  const sorted = Float64Array.from(feelings).sort();
  let below = 0;
  return ratingShares.slice(0, -1).map((share) => {
    below += share;
    return sorted[Math.floor(below * sorted.length)] ?? 0;
  });
}

function normals(random: Random, scale: number): Float64Array {
  return Float64Array.from({ length: latentSize }, () => scale * random.normal());
}
