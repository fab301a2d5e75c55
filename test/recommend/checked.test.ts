import { describe, expect, it } from 'vitest';
import { checked } from '../../src/recommend/checked.ts';
import { ArmError, type Recommender } from '../../src/recommend/recommender.ts';
import { askedOfBroken, brokenRecommenders, knownIds } from './broken-recommenders.ts';

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function listing(...ids: readonly string[]): Recommender {
  return {
    method: 'listing',
    version: '1',
    recommend: async () => ({
      items: ids.map((id) => ({ id, score: 1, propensity: 1 })),
      method: 'listing',
      version: '1',
    }),
  };
}

describe('the door between an arm and a visitor', () => {
  for (const [name, { recommender, fault, says }] of Object.entries(brokenRecommenders)) {
    it(`charges ${name} as ${fault}`, async () => {
      const door = checked(recommender, knownIds, { timeoutMs: 60 });
      const error = await rejection(door.recommend(askedOfBroken));
      expect(error).toBeInstanceOf(ArmError);
      if (!(error instanceof ArmError)) return;
      expect(error.fault).toBe(fault);
      expect(error.message).toContain("'broken'");
      expect(error.message).toContain('expected');
      expect(error.message).toMatch(says);
      expect(error.hint).not.toBe('');
    });
  }

  it('calls an arm by its own name where it has one', async () => {
    for (const { recommender } of Object.values(brokenRecommenders)) {
      const door = checked(recommender, knownIds, { timeoutMs: 60, name: 'mine' });
      expect(await rejection(door.recommend(askedOfBroken))).toMatchObject({
        message: expect.stringContaining("The arm 'mine' was expected"),
      });
    }
  });

  it('lets a right slate through unchanged and keeps method and version', async () => {
    const door = checked(listing('d', 'a', 'b'), knownIds, { timeoutMs: 1000 });
    expect([door.method, door.version]).toEqual(['listing', '1']);
    expect((await door.recommend(askedOfBroken)).items.map((item) => item.id)).toEqual(['d', 'a', 'b']);
  });

  it('refuses an account of generations that does not add up to the slate', async () => {
    const told = { by: 'writing' as const, written: 8, valid: 2, named: 1, nearest: 1, further: 1 };
    const telling = (changes: Partial<typeof told>): Recommender => ({
      ...listing('d', 'a', 'b'),
      recommend: async (request) => ({
        ...(await listing('d', 'a', 'b').recommend(request)),
        generated: { ...told, ...changes },
      }),
    });
    const answer = (changes: Partial<typeof told>) =>
      checked(telling(changes), knownIds, { timeoutMs: 1000 }).recommend(askedOfBroken);
    expect((await answer({})).generated).toEqual(told);
    for (const wrong of [{ named: 2 }, { valid: 9 }, { written: -1 }])
      expect(await rejection(answer(wrong))).toMatchObject({ fault: 'malformed' });
  });

  it('accepts fewer than k only where all that is left was returned', async () => {
    const request = { ...askedOfBroken, exclude: ['c', 'd', 'e', 'not in the catalogue'] };
    const all = checked(listing('a', 'b'), knownIds, { timeoutMs: 1000 });
    expect((await all.recommend(request)).items).toHaveLength(2);
    const one = checked(listing('a'), knownIds, { timeoutMs: 1000 });
    expect(await rejection(one.recommend(request))).toMatchObject({ fault: 'short-slate' });
  });

  it('passes on the fault that an arm states itself', async () => {
    const stated = new ArmError('malformed', 'sent a page');
    const arm: Recommender = { ...listing(), recommend: () => Promise.reject(stated) };
    expect(await rejection(checked(arm, knownIds, { timeoutMs: 1000 }).recommend(askedOfBroken))).toBe(
      stated,
    );
  });
});
