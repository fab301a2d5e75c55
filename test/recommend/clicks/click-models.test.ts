// What the five click models have in common: they learn an interaction, remember nothing of held-out rows, and give
// the same weights for the same seed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/recommend/kit/checkpoint.ts';
import { weightsHash } from '../../../src/recommend/kit/parameters.ts';
import { checkpointPath } from '../../../src/recommend/define-model.ts';
import { methodNamed } from '../../../src/recommend/methods.ts';
import type { Recommender, TrainingSet } from '../../../src/recommend/recommender.ts';
import { requestOf } from '../../contracts/recommender.ts';
import { colourOf, itemsOfColour, planted } from './planted.ts';

const names = ['fm', 'wide-deep', 'deepfm', 'dcn', 'afn'];
const quick = { scale: 'xs', epochs: 10, history: 8, rate: 0.05, dropout: 0, validationPeople: 0, decay: 0 };
/** The logarithms of afn need more and smaller steps. */
const patient = { epochs: 30, rate: 0.02 };
const slow = { timeout: 120_000 };

const train = (name: string, settings: object = {}, set: TrainingSet = planted()): Promise<Recommender> =>
  methodNamed(name).train(set, { ...quick, ...settings }, 1);

/** The share of the first 24 places, for a red and a blue visitor, that have the visitor's colour; chance is a half. */
async function ownColour(recommender: Recommender, ask: (colour: string) => object): Promise<number> {
  let own = 0;
  for (const colour of ['red', 'blue']) {
    const { items } = await recommender.recommend(requestOf({ k: itemsOfColour, ...ask(colour) }));
    own += items.filter(({ id }) => colourOf(id) === colour).length;
  }
  return own / (2 * itemsOfColour);
}

describe.each(names)('%s', (name) => {
  let recommender: Recommender;
  beforeAll(async () => {
    recommender = await train(name, name === 'afn' ? patient : {});
  });

  const past = (colour: string) =>
    [1, 5, 9, 13, 17, 21].map((number, time) => ({ item: `${colour}-${number}`, time, value: 5 }));

  it('learns that people of a colour go to items of that colour', async () => {
    const ask = (colour: string) => ({ visitor: `${colour}-person-3`, history: past(colour) });
    expect(await ownColour(recommender, ask)).toBeGreaterThan(0.95);
  });

  it('knows a stranger by what the stranger went through', async () => {
    const ask = (colour: string) => ({ visitor: 'a stranger', history: past(colour) });
    expect(await ownColour(recommender, ask)).toBeGreaterThan(0.95);
  });

  it('passes over a dislike', async () => {
    const liked = { item: 'red-1', time: 1, value: 5 };
    const disliked = { item: 'blue-2', time: 2, value: 1 };
    const slate = async (history: (typeof liked)[]) =>
      (await recommender.recommend(requestOf({ history }))).items;
    expect(await slate([liked, disliked])).toEqual(await slate([liked]));
  });
});

describe('a model that sees one side only', () => {
  const seeing = new Map<string, Recommender>();
  beforeAll(async () => {
    for (const features of ['user', 'item']) seeing.set(features, await train('deepfm', { features }));
  });
  const slateOf = async (features: string, visitor: string) =>
    (await seeing.get(features)!.recommend(requestOf({ visitor, k: 48 }))).items;

  it.each(['user', 'item'])('%s: knows nothing of colours', async (features) => {
    const ask = (colour: string) => ({ visitor: `${colour}-person-3` });
    const share = await ownColour(seeing.get(features)!, ask);
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });

  it('item: gives everybody the same list', async () => {
    const of = async (visitor: string) => (await slateOf('item', visitor)).map(({ id }) => id);
    expect(await of('red-person-1')).toEqual(await of('blue-person-1'));
  });

  it('user: has one score for all items and orders them by seed and visitor, not by id', async () => {
    const [first, second] = [await slateOf('user', 'red-person-1'), await slateOf('user', 'red-person-2')];
    expect(first[0]!.score - first.at(-1)!.score).toBeLessThan(1e-8);
    const ids = first.map(({ id }) => id);
    expect(ids).not.toEqual(ids.toSorted());
    expect(second.map(({ id }) => id)).not.toEqual(ids);
  });
});

describe('what a click model is trained on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-clicks-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hashOf = async (set: TrainingSet, seed: number): Promise<string> => {
    const keep = mkdtempSync(join(folder, 'run-'));
    const settings = { ...quick, epochs: 1, dropout: 0.1 };
    const { version } = await methodNamed('deepfm').train(set, settings, seed, { keep });
    return weightsHash(readCheckpoint(checkpointPath(keep, 'deepfm', version)).parameters);
  };

  it('decides its weights to the bit, with the seed', slow, async () => {
    const first = await hashOf(planted(), 1);
    expect(await hashOf(planted(), 1)).toBe(first);
    expect(await hashOf(planted(), 2)).not.toBe(first);
  });

  it(
    'has genres and people in its version, so that weights of other attributes are never served',
    slow,
    async () => {
      const set = planted();
      const version = async (changed: TrainingSet): Promise<string> =>
        (await train('fm', { epochs: 0 }, changed)).version;
      const plain = await version(set);
      expect(await version({ ...set, people: [{ id: 'red-person-1', gender: 'female' }] })).not.toBe(plain);
      const dyed = set.items.map((item) => ({ ...item, genres: [colourOf(item.id)] }));
      expect(await version({ ...set, items: dyed })).not.toBe(plain);
    },
  );
});
