import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../src/base/random.ts';
import { clickMethods } from '../../../src/recommend/click-methods.ts';
import { clickAccuracy } from '../../../src/recommend/clicks/accuracy.ts';
import { impressionLogOdds, type Impression } from '../../../src/recommend/clicks/impressions.ts';
import { colourOf, itemsOfColour, planted } from './planted.ts';

const quick = { scale: 'xs', epochs: 12, rate: 0.04, dropout: 0, decay: 0 };
/** The logarithms of afn need more and smaller steps. */
const patient = { ...quick, epochs: 24, rate: 0.02 };
const { items, interactions } = planted();
const people = [...new Set(interactions.map(({ user }) => user))];

/** Thirty impressions a person of items of either colour; those of the own colour are clicked, but for one in ten. */
const impressions = people.flatMap((visitor): Impression[] => {
  const random = randomFrom('impressions', visitor);
  return Array.from({ length: 30 }, (_, time) => {
    const item = items[random.integer(2 * itemsOfColour)]!.id;
    return {
      visitor,
      item,
      time,
      clicked: (colourOf(item) === colourOf(visitor)) !== random.uniform() < 0.1,
    };
  });
});
const train = impressions.filter(({ time }) => time < 24);
const test = impressions.filter(({ time }) => time >= 24);
const clicked = test.map((row) => row.clicked);
const [fm, , deepfm] = clickMethods;

describe('a click model on impressions', () => {
  it.each(clickMethods)(
    '$name tells later clicks from what was passed over',
    { timeout: 120_000 },
    async (method) => {
      const settings = method.name === 'afn' ? patient : quick;
      const logOdds = await impressionLogOdds(method, { items, train, test }, settings, 1);
      expect(logOdds).toHaveLength(test.length);
      const { auc, logloss } = clickAccuracy(logOdds, clicked);
      // One in ten is noise: the best AUC is 0.9, and a coin has a logloss of ln 2.
      expect(auc).toBeGreaterThan(0.8);
      expect(auc).toBeLessThan(0.95);
      expect(logloss).toBeLessThan(0.6);
    },
  );

  it('learns nothing from clicks that were dealt out at random', { timeout: 120_000 }, async () => {
    const random = randomFrom('dealt');
    const clicks = random.shuffle(train.map(({ clicked }) => clicked));
    const dealt = train.map((row, at) => ({ ...row, clicked: clicks[at]! }));
    const settings = { ...quick, epochs: 2 };
    const logOdds = await impressionLogOdds(fm!, { items, train: dealt, test }, settings, 1);
    const { auc } = clickAccuracy(logOdds, clicked);
    expect(auc).toBeGreaterThan(0.35);
    expect(auc).toBeLessThan(0.65);
  });

  it('does not look at the clicks of the test', { timeout: 120_000 }, async () => {
    const settings = { ...quick, epochs: 1 };
    const turned = test.map((row) => ({ ...row, clicked: !row.clicked }));
    expect(await impressionLogOdds(deepfm!, { items, train, test: turned }, settings, 1)).toEqual(
      await impressionLogOdds(deepfm!, { items, train, test }, settings, 1),
    );
  });

  it('refuses an item it does not know and an empty training', async () => {
    const strange = [{ visitor: 'red-person-1', item: 'green-1', time: 1, clicked: true }];
    await expect(impressionLogOdds(fm!, { items, train: strange, test }, quick, 1)).rejects.toThrow(
      /green-1/,
    );
    await expect(impressionLogOdds(fm!, { items, train: [], test }, quick, 1)).rejects.toThrow(
      /no impressions/,
    );
  });
});
