import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import {
  deviationFromOthers,
  genresWithin,
  induceProfiles,
  type Level,
  type Past,
  type PastRating,
} from '../../agents/profile.ts';

const rating = (fields: Partial<PastRating> = {}): PastRating => ({
  title: 'Some film',
  genres: [],
  value: 3,
  others: 3,
  votes: 10,
  ...fields,
});
const past = (id: string, ratings: readonly PastRating[]): Past => ({ id, demographics: {}, ratings });
const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const counted = (levels: readonly Level[]): Record<string, number> =>
  Object.fromEntries(
    ['low', 'medium', 'high'].map((level) => [level, levels.filter((own) => own === level).length]),
  );

describe('habits are percentiles of the population', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it('activity: how much is rated, cut at 60 and 90', () => {
    const population = hundred.map((count) =>
      past(
        `p${count}`,
        numbered('t', count).map((title) => rating({ title })),
      ),
    );
    const profiles = induceProfiles(population);
    const levels = profiles.map((profile) => profile.activity);
    expect(counted(levels)).toEqual({ low: 60, medium: 30, high: 10 });
    expect([levels[59], levels[60], levels[89], levels[90]]).toEqual(['low', 'medium', 'medium', 'high']);
    expect(profiles.map((profile) => profile.activityRank)).toEqual(
      hundred.map((count) => (count - 0.5) / 100),
    );
  });

  it('diversity: how many genres make up four fifths, cut at 33 and 66', () => {
    const population = hundred.map((count) =>
      past(`p${count}`, [rating({ genres: numbered('g', 5 * count) })]),
    );
    expect(counted(induceProfiles(population).map((profile) => profile.diversity))).toEqual({
      low: 33,
      medium: 33,
      high: 34,
    });
  });

  it('conformity: nearness to what others gave, the nearest quarter high and the farthest fifth low', () => {
    const population = hundred.map((step) => past(`p${step}`, [rating({ others: 3 - step / 100 })]));
    const levels = induceProfiles(population).map((profile) => profile.conformity);
    expect(counted(levels)).toEqual({ low: 20, medium: 55, high: 25 });
    expect([levels[0], levels[99]]).toEqual(['high', 'low']);
  });

  it('puts equal people on equal levels, in whatever order they come', () => {
    const population = Array.from({ length: 30 }, (_, person) =>
      past(
        `p${person}`,
        numbered('t', 1 + (person % 5)).map((title) =>
          rating({ title, genres: [`g${person % 3}`], others: 3 - (person % 4) }),
        ),
      ),
    );
    const byId = (list: readonly Past[]) =>
      new Map(induceProfiles(list).map((profile) => [profile.id, profile]));
    const [straight, shuffled] = [byId(population), byId(randomFrom('order').shuffle(population))];
    // The population's histogram is a sum in another order, so only its last bits may differ.
    for (const [id, { strictness, ...rest }] of straight) {
      const { strictness: other, ...same } = shuffled.get(id)!;
      expect(same).toEqual(rest);
      strictness.forEach((share, index) => expect(other[index]).toBeCloseTo(share, 12));
    }
    expect(straight.get('p0')!.activity).toBe(straight.get('p5')!.activity);
  });
});

describe('a habit in numbers', () => {
  it('counts the commonest genres that together are at most the share', () => {
    const genres = (counts: Record<string, number>): PastRating[] =>
      Object.entries(counts).flatMap(([genre, count]) =>
        Array.from({ length: count }, () => rating({ genres: [genre] })),
      );
    expect(genresWithin(genres({ a: 5, b: 3, c: 2 }), 0.8)).toBe(2);
    expect(genresWithin(genres({ a: 5, b: 3, c: 2 }), 0.79)).toBe(1);
    expect(genresWithin(genres({ a: 9, b: 1 }), 0.8)).toBe(0);
    expect(genresWithin(genres({ a: 1, b: 1, c: 1, d: 1, e: 1 }), 0.8)).toBe(4);
    expect(genresWithin([], 0.8)).toBe(0);
  });

  it('is the mean squared distance from the others, where there are others', () => {
    expect(
      deviationFromOthers([
        rating({ value: 5, others: 3 }),
        rating({ value: 2, others: 3 }),
        rating({ others: null }),
      ]),
    ).toBe(2.5);
    expect(deviationFromOthers([rating({ others: null })])).toBe(0);
  });
});

describe('a profile', () => {
  const ratings = [
    rating({ title: 'Loved', genres: ['Drama', 'Crime'], value: 5, votes: 100 }),
    rating({ title: 'Liked', genres: ['Drama'], value: 4, votes: 100 }),
    rating({ title: 'Middling', genres: ['War'], value: 3, votes: 100 }),
    rating({ title: 'Hated', genres: ['War'], value: 0.5, votes: 100 }),
  ];
  const [profile] = induceProfiles([
    past('someone', ratings),
    past(
      'strict',
      numbered('t', 90).map((title) => rating({ title, value: 1 })),
    ),
  ]);

  it('holds likes, dislikes and everything seen as titles, and weights of the liked genres', () => {
    expect(profile!.liked.map(({ title }) => title)).toEqual(['Loved', 'Liked']);
    expect(profile!.disliked.map(({ title }) => title)).toEqual(['Hated']);
    expect(profile!.seen).toEqual(['Loved', 'Liked', 'Middling', 'Hated']);
    expect(profile!.genreWeights).toEqual({ crime: 0.5, drama: 1 });
  });

  it('holds how it rates: mean, spread, and shares shrunk toward the population by ten ratings', () => {
    expect(profile!.ratingMean).toBe(3.125);
    expect(profile!.ratingSpread).toBeCloseTo(
      Math.sqrt((1.875 ** 2 + 0.875 ** 2 + 0.125 ** 2 + 2.625 ** 2) / 4),
      12,
    );
    expect(profile!.votesMean).toBeCloseTo(Math.log(101), 12);
    expect(profile!.votesSpread).toBeCloseTo(0, 12);
    // Own shares (1, 0, 1, 1, 1)/4 and the population's (91, 0, 1, 1, 1)/94, weights 4/14 and 10/14.
    const [one, two] = [(4 / 14) * 0.25 + (10 / 14) * (91 / 94), (4 / 14) * 0.25 + (10 / 14) * (1 / 94)];
    expect(profile!.strictness[0]).toBeCloseTo(one, 12);
    expect(profile!.strictness[1]).toBeCloseTo(one, 12);
    expect(profile!.strictness[3]).toBeCloseTo(one + 2 * two, 12);
  });

  it('likes what is above its own mean when it gives no fours', () => {
    const [strict] = induceProfiles([
      past('strict', [rating({ title: 'best', value: 3 }), rating({ title: 'worst', value: 1 })]),
    ]);
    expect(strict!.liked.map(({ title }) => title)).toEqual(['best']);
    expect(strict!.disliked.map(({ title }) => title)).toEqual(['worst']);
  });
});

const folder = new URL('../../../shared/data/agent4rec-ml1m/', import.meta.url);
const present = existsSync(folder);

describe.skipIf(!present)(
  `against Agent4Rec's own statistics of 1,000 people${present ? '' : ' (skipped: the data are not there)'}`,
  () => {
    const csv = (name: string): string[][] =>
      readFileSync(new URL(name, folder), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.trim().split(','));
    const numbers = present ? csv('user_statistic_num.csv').map((row) => row.map(Number)) : [];
    const published = present ? csv('user_statistic.csv').map((row) => row.map(Number)) : [];
    /** user → liked movies of all three parts; movie → genres (the quoted column before rating and summary). */
    const likes = (): Map<number, string[]> => {
      const all = new Map<number, string[]>();
      for (const part of ['train.txt', 'valid.txt', 'test.txt']) {
        for (const row of readFileSync(new URL(part, folder), 'utf8').trim().split('\n')) {
          const [user, ...movies] = row.trim().split(' ');
          all.set(Number(user), [...(all.get(Number(user)) ?? []), ...movies]);
        }
      }
      return all;
    };
    const genresOf = (): Map<string, string[]> =>
      new Map(
        readFileSync(new URL('movie_detail.csv', folder), 'utf8')
          .trim()
          .split('\n')
          .slice(1)
          .map((row) => /^(\d+),(?:"(?:[^"]|"")*"|[^",]*),([^,]*),/.exec(row)!)
          .map(([, id, genres]) => [id!, genres!.split('|')]),
      );
    const levels: Readonly<Record<number, Level>> = { 1: 'low', 2: 'medium', 3: 'high' };

    it('counts diversity as published for everyone whose history the files hold whole', () => {
      const [histories, genres] = [likes(), genresOf()];
      const whole = numbers.filter(([user, activity]) => histories.get(user!)!.length === activity);
      expect(whole).toHaveLength(820);
      for (const [user, , diversity] of whole) {
        const ratings = histories.get(user!)!.map((movie) => rating({ genres: genres.get(movie)! }));
        expect(genresWithin(ratings, 0.8)).toBe(diversity);
      }
    });

    // Levels were published for 1,000 of 6,040 people and cut in all of them, so near the cuts a few must differ.
    it('gives nearly all people the published levels, and diversity exactly', () => {
      const population = numbers.map(([user, activity, diversity, deviation]) =>
        past(String(user), [
          // Of n equally common genres ⌊0.8 n⌋ make up at most four fifths.
          rating({ genres: numbered('g', Math.ceil(1.25 * diversity!)), others: 3 - Math.sqrt(deviation!) }),
          ...Array.from({ length: activity! - 1 }, () => rating({ others: null })),
        ]),
      );
      const profiles = induceProfiles(population);
      const agreement = (
        habit: 'activity' | 'diversity' | 'conformity',
        column: number,
        turned: boolean,
      ): number =>
        profiles.filter(
          (profile, index) =>
            profile[habit] === levels[turned ? 4 - published[index]![column]! : published[index]![column]!],
        ).length / profiles.length;
      expect(agreement('activity', 1, false)).toBeGreaterThan(0.92);
      expect(agreement('diversity', 2, false)).toBe(1);
      // Published level 1 of conformity is the smallest deviation, which is our high.
      expect(agreement('conformity', 3, true)).toBeGreaterThan(0.95);
    });
  },
);
