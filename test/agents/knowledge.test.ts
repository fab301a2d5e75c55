import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { knowledgeParameters, learnKnowledge, recallTitle, tasteOf } from '../../agents/knowledge.ts';
import { dot } from '../../agents/text.ts';
import { culture, films, knowledge } from './toy.ts';

const vectorOf = (title: string, genres: readonly string[] = []): Float64Array =>
  recallTitle(knowledge, title, genres)!.vector;
const meanProduct = (pairs: readonly (readonly [Float64Array, Float64Array])[]): number =>
  pairs.reduce((sum, [a, b]) => sum + dot(a, b), 0) / pairs.length;

describe('knowledge learned from a culture of two tastes', () => {
  it.each([
    [2, 0.5],
    [32, 0.15],
  ])('places titles of one taste together and apart from the other, at rank %i', (rank, margin) => {
    const learned = learnKnowledge(culture(), { ...knowledgeParameters, rank });
    const pairs = films.flatMap((one, i) => films.slice(i + 1).map((two) => [one, two] as const));
    const vectors = (same: boolean): (readonly [Float64Array, Float64Array])[] =>
      pairs
        .filter(([one, two]) => (one.genre === two.genre) === same)
        .map(([one, two]) => [
          recallTitle(learned, one.title, [])!.vector,
          recallTitle(learned, two.title, [])!.vector,
        ]);
    expect(meanProduct(vectors(true))).toBeGreaterThan(meanProduct(vectors(false)) + margin);
  });

  it('knows a title however it is written, and only by its title', () => {
    const { vector, known } = recallTitle(knowledge, 'THE RIVER OF SORROW!', ['Western'])!;
    expect(known).toBe(true);
    expect(vector).toEqual(vectorOf('river of sorrow'));
    expect(dot(vector, vector)).toBeCloseTo(1, 9);
  });

  it('falls back to the genres of a title it does not know, and to nothing without them', () => {
    const unknown = recallTitle(knowledge, 'Never heard of it', ['DRAMA', 'No such genre'])!;
    expect(unknown.known).toBe(false);
    expect(unknown.vector).toEqual(recallTitle(knowledge, 'Nor of this', ['Drama'])!.vector);
    const nearer = films.map((film) => ({ film, product: dot(unknown.vector, vectorOf(film.title)) }));
    const mean = (genre: string): number =>
      nearer.filter(({ film }) => film.genre === genre).reduce((sum, { product }) => sum + product, 0) / 12;
    expect(mean('Drama')).toBeGreaterThan(mean('Western'));
    expect(recallTitle(knowledge, 'Never heard of it', [])).toBeNull();
    expect(recallTitle(knowledge, 'Never heard of it', ['No such genre'])).toBeNull();
  });

  it('is the same for the same rows, and does not depend on their order', () => {
    const again = learnKnowledge(culture());
    expect(again).toEqual(knowledge);
    const shuffled = learnKnowledge(randomFrom('order').shuffle(culture()));
    expect([...shuffled.titles.keys()].sort()).toEqual([...knowledge.titles.keys()].sort());
    for (const [title, vector] of shuffled.titles) {
      expect(dot(vector, knowledge.titles.get(title)!)).toBeCloseTo(1, 9);
    }
    for (const [genre, vector] of shuffled.genres)
      expect(dot(vector, knowledge.genres.get(genre)!)).toBeCloseTo(1, 9);
  });

  it('changes its version with the culture', () => {
    expect(learnKnowledge(culture().slice(1)).version).not.toBe(knowledge.version);
  });

  it('keeps a sample of what it knows, and how titles are spelled', () => {
    const known = new Set(knowledge.titles.values());
    expect(knowledge.sample.length).toBeGreaterThan(0);
    for (const vector of knowledge.sample) expect(known.has(vector)).toBe(true);
    expect(knowledge.spelling.get('river of sorrow')).toBe('The River of Sorrow');
  });

  it('knows nothing without a culture, and something with one row', () => {
    const nothing = learnKnowledge([]);
    expect([nothing.size, nothing.titles.size, nothing.sample.length]).toEqual([0, 0, 0]);
    expect(recallTitle(nothing, 'The Third Man', ['Drama'])).toBeNull();
    const one = learnKnowledge([{ person: 'p', title: 'The Third Man', genres: ['Drama'] }]);
    expect(Math.abs(recallTitle(one, 'third man', [])!.vector[0]!)).toBeCloseTo(1, 9);
  });
});

describe('taste', () => {
  const [east, north] = [Float64Array.of(1, 0), Float64Array.of(0, 1)];

  it('is the mean product with the nearest likes, less a share of that with the nearest dislikes', () => {
    const between = Float64Array.of(0.6, 0.8);
    expect(tasteOf(between, [east, north], [], 1, 0)).toBeCloseTo(0.8, 12);
    expect(tasteOf(between, [east, north], [], 2, 0)).toBeCloseTo(0.7, 12);
    expect(tasteOf(between, [east, north], [], 9, 0)).toBeCloseTo(0.7, 12);
    expect(tasteOf(between, [north], [east], 1, 0.5)).toBeCloseTo(0.8 - 0.3, 12);
    expect(tasteOf(between, [], [], 5, 1)).toBe(0);
  });

  it('of someone with two tastes is as high for both as that of someone with one', () => {
    const two = [east, east, north, north];
    expect(tasteOf(east, two, [], 2, 0)).toBe(1);
    expect(tasteOf(north, two, [], 2, 0)).toBe(1);
  });
});
