import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checked } from '../../src/recommend/checked.ts';
import { ArmError } from '../../src/recommend/recommender.ts';
import { probeRecommender, type ProbeKnowledge } from '../../src/experiment/probe.ts';
import { requestOf } from '../contracts/recommender.ts';

const items = Array.from({ length: 80 }, (_, index) => `item-${index}`);
const liked = items.slice(0, 15);
const knowledge: ProbeKnowledge = {
  liked: new Map([['someone', liked]]),
  rated: new Map([['someone', new Set(items.slice(0, 30))]]),
  items,
};
const ask = (share: number, fields: Parameters<typeof requestOf>[0] = {}) =>
  checked(probeRecommender(share, knowledge), new Set(items), { timeoutMs: 1000 }).recommend(
    requestOf({ visitor: 'someone', ...fields }),
  );

describe('a probe arm', () => {
  it('mixes exactly its share of held-out likes into items the person never rated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10 }), fc.nat(1000), async (tenths, seed) => {
        const { items: slate } = await ask(tenths / 10, { seed });
        const own = slate.filter(({ id }) => liked.includes(id));
        expect(slate).toHaveLength(10);
        expect(own).toHaveLength(tenths);
        for (const { id, score } of slate) {
          expect(score).toBe(liked.includes(id) ? 1 : 0);
          if (score === 0) expect(items.slice(30)).toContain(id);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('puts the likes into any slot, and the same slate for the same seed', async () => {
    const slots = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 300; seed++) {
      const { items: slate } = await ask(0.2, { seed });
      expect((await ask(0.2, { seed })).items).toEqual(slate);
      slate.forEach(({ score }, slot) => (slots[slot]! += score));
    }
    // Each slot holds a like with probability 0.2: 60 of 300, standard deviation 6.9.
    for (const count of slots) expect(Math.abs(count - 60)).toBeLessThan(30);
  });

  it('never shows what is excluded, and runs short of likes with an ArmError', async () => {
    const shown = liked.slice(0, 11);
    const { items: slate } = await ask(0.4, { exclude: shown });
    expect(
      slate
        .filter(({ score }) => score === 1)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(liked.slice(11).sort());
    const error: unknown = await ask(0.5, { exclude: shown }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ArmError);
    expect(error).toMatchObject({
      fault: 'short-slate',
      message: expect.stringContaining('5 held-out'),
      hint: expect.stringContaining('minimumLiked'),
    });
  });

  it('is short for who has no held-out likes, unless it wants none', async () => {
    await expect(ask(0.1, { visitor: 'stranger' })).rejects.toMatchObject({ fault: 'short-slate' });
    expect((await ask(0, { visitor: 'stranger' })).items).toHaveLength(10);
  });

  it('has another version with another share', () => {
    expect(probeRecommender(0.1, knowledge).version).not.toBe(probeRecommender(0.2, knowledge).version);
  });
});
