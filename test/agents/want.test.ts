import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { choiceParameters, type ChoiceParameters } from '../../agents/minds/choice-parameters.ts';
import type { Facts } from '../../agents/perceive.ts';
import type { Profile } from '../../agents/profile.ts';
import { longedFor, normalCdf, sate, starsFor, tastesOf, want, type Satiation } from '../../agents/want.ts';
import { normaliseTitle } from '../../agents/text.ts';
import { films, knowledge, profiles } from './toy.ts';

/** Every term has weight, whatever the defaults are tuned to. */
const parameters: ChoiceParameters = {
  ...choiceParameters,
  taste: 1,
  nearest: 3,
  dislike: 0.3,
  genreTrust: 0.5,
  unheard: 1,
  quality: 0.5,
  popularity: 0.5,
  unrated: 0.4,
  familiar: 2,
  satiation: 0.5,
  look: 0.5,
};
const profile = profiles[0]!; // likes dramas
const nothing: Satiation = { time: 0, amounts: {} };
const factsOf = (film: number, fields: Partial<Facts> = {}): Facts => ({
  title: films[film]!.title,
  year: 1995,
  genres: [films[film]!.genre],
  rating: 3.5,
  votes: 100,
  ...fields,
});
const total = (
  facts: Facts,
  fields: { profile?: Profile; look?: number; satiation?: Satiation; parameters?: ChoiceParameters } = {},
): number => {
  const who = fields.profile ?? profile;
  const with_ = fields.parameters ?? parameters;
  return want(
    facts,
    fields.look ?? 0,
    who,
    tastesOf(who, knowledge, with_),
    knowledge,
    fields.satiation ?? nothing,
    with_,
  ).total;
};
const unseen = 22; // a drama nobody's past holds
const unseenWestern = 23;

describe('wanting', () => {
  it('rises with taste: a drama for who likes dramas, a western for who likes westerns', () => {
    expect(total(factsOf(unseen))).toBeGreaterThan(total(factsOf(unseenWestern)));
    expect(total(factsOf(unseen), { profile: profiles[1]! })).toBeLessThan(
      total(factsOf(unseenWestern), { profile: profiles[1]! }),
    );
  });

  it('falls for a title never heard of, and more so without known genres', () => {
    const unheard = total(factsOf(unseen, { title: 'Never heard of' }));
    expect(unheard).toBeLessThan(total(factsOf(unseen)));
    expect(total(factsOf(unseen, { title: 'Never heard of', genres: [] }))).toBeLessThan(unheard);
  });

  it('has no taste without likes or without a culture', () => {
    const blank = { ...profile, liked: [] };
    expect(total(factsOf(unseen), { profile: blank })).toBe(
      total(factsOf(unseenWestern), { profile: blank }),
    );
  });

  it('rises with the rating shown, and suffers when none is shown', () => {
    const [low, middle, high, none] = [1, profile.ratingMean, 5, null].map((rating) =>
      total(factsOf(unseen, { rating })),
    );
    expect(high).toBeGreaterThan(middle!);
    expect(middle).toBeGreaterThan(low!);
    expect(middle! - none!).toBeCloseTo(
      { low: 0.5, medium: 1, high: 1.5 }[profile.conformity] * parameters.unrated,
      12,
    );
  });

  it('heeds ratings more the more the visitor conforms', () => {
    const heed = (conformity: Profile['conformity']): number =>
      total(factsOf(unseen, { rating: 5 }), { profile: { ...profile, conformity } }) -
      total(factsOf(unseen, { rating: 2 }), { profile: { ...profile, conformity } });
    expect(heed('low')).toBeGreaterThan(0);
    expect(heed('medium')).toBeCloseTo(2 * heed('low'), 9);
    expect(heed('high')).toBeCloseTo(3 * heed('low'), 9);
  });

  it('rises with how widely known it is, and does not mind unknown votes', () => {
    const [few, usual, many, unknown] = [1, Math.expm1(profile.votesMean), 100_000, null].map((votes) =>
      total(factsOf(unseen, { votes })),
    );
    expect(many).toBeGreaterThan(usual!);
    expect(usual).toBeGreaterThan(few!);
    expect(unknown).toBeCloseTo(usual!, 9);
  });

  it('falls with satiation of its genres, more so for who seeks variety, and not with that of others', () => {
    const drop = (diversity: Profile['diversity'], genre: string): number => {
      const who = { ...profile, diversity };
      return (
        total(factsOf(unseen), { profile: who }) -
        total(factsOf(unseen), { profile: who, satiation: sate(nothing, [genre], 2, 0, 6) })
      );
    };
    expect(drop('low', 'Drama')).toBeGreaterThan(0);
    expect(drop('high', 'DRAMA')).toBeGreaterThan(drop('low', 'Drama'));
    expect(drop('high', 'Western')).toBe(0);
  });

  it('falls for what was seen before, however it is written', () => {
    const title = films[0]!.title;
    expect(profile.seen).toContain(title);
    const forgetful = { ...profile, seen: [] };
    const fall =
      total(factsOf(0, { title: title.toUpperCase() }), { profile: forgetful }) -
      total(factsOf(0, { title: title.toUpperCase() }));
    expect(fall).toBeCloseTo(parameters.familiar, 12);
  });

  it('rises with the liveliness of the picture', () => {
    expect(total(factsOf(unseen), { look: 1 }) - total(factsOf(unseen))).toBeCloseTo(parameters.look, 12);
  });

  it('scales its taste to what everybody knows: mean 0 and spread 1 over the sample', () => {
    const tastes = tastesOf(profile, knowledge, parameters);
    expect(tastes.spread).toBeGreaterThan(0);
    const values = [...knowledge.titles.keys()].map(
      (title) => want(factsOf(0, { title }), 0, profile, tastes, knowledge, nothing, parameters).taste,
    );
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.5);
  });
});

describe('satiation', () => {
  it('knows a genre by any word, one that every object has among them', () => {
    const words = ['Constructor', '__proto__', 'toString'];
    expect(total(factsOf(unseen, { genres: words }))).toBe(total(factsOf(unseen, { genres: ['Sets'] })));
    const sated = sate(nothing, words, 1, 0, 1);
    expect(Object.entries(sated.amounts)).toEqual(words.map((word) => [word.toLowerCase(), 1]));
    expect(total(factsOf(unseen, { genres: words }), { satiation: sated })).toBeLessThan(
      total(factsOf(unseen, { genres: words })),
    );
  });

  it('adds up by genre and halves every half-life', () => {
    const full = sate(sate(nothing, ['Drama', 'Crime'], 1, 0, 6), ['drama'], 1, 0, 6);
    expect(full.amounts).toEqual({ drama: 2, crime: 1 });
    expect(sate(full, [], 0, 6 * 3600, 6).amounts).toEqual({ drama: 1, crime: 0.5 });
    expect(sate(full, [], 0, -5, 6).amounts).toEqual(full.amounts);
  });
});

describe('stars', () => {
  const centred = { ...parameters, ratingCentre: 0.7, ratingSpread: 1.3 };

  it('reproduce the histogram of the visitor when worth is normal with the centre and spread of the parameters', () => {
    const random = randomFrom('worths');
    const worths = Array.from(
      { length: 20_000 },
      () => centred.ratingCentre + centred.ratingSpread * random.normal(),
    );
    for (const strictness of [
      [0.05, 0.15, 0.4, 0.75],
      [0.4, 0.7, 0.9, 0.98],
      [0, 0, 0.1, 0.1],
    ] as const) {
      const stars = worths.map((worth) => starsFor(worth, { ...profile, strictness }, centred));
      [0, ...strictness].forEach((from, index) => {
        const share = stars.filter((given) => given === index + 1).length / stars.length;
        expect(Math.abs(share - ([...strictness, 1][index]! - from))).toBeLessThan(0.01);
      });
    }
  });

  it('never fall as worth rises, and lie in 1-5', () => {
    const given = Array.from({ length: 81 }, (_, step) =>
      starsFor(-10 + step / 4, { ...profile, strictness: [0.1, 0.2, 0.4, 0.8] }, centred),
    );
    expect(given).toEqual(given.toSorted());
    expect([given[0], given.at(-1)]).toEqual([1, 5]);
  });

  it('follow the normal distribution function', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 7);
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021, 6);
    expect(normalCdf(-1.2815516)).toBeCloseTo(0.1, 6);
  });
});

describe('longing', () => {
  it('is for unseen titles of the visitor’s kind, best first, as they are spelled', () => {
    const longed = longedFor(tastesOf(profile, knowledge, parameters), knowledge, 4);
    expect(longed).toHaveLength(4);
    for (const title of longed) {
      expect(films.map((film) => film.title)).toContain(title);
      expect(profile.seen.map(normaliseTitle)).not.toContain(normaliseTitle(title));
      expect(title).toMatch(/Sorrow$/);
    }
    expect(longedFor(tastesOf({ ...profile, liked: [] }, knowledge, parameters), knowledge, 4)).toEqual([]);
  });
});
