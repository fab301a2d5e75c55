import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { encoderDecoder } from '../../src/recommend/encoder-decoder.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { openTensors } from '../../src/recommend/kit/tensor.ts';
import { initialise, multipleOfFour, toDevice } from '../../src/recommend/kit/parameters.ts';
import { decoderPlans } from '../../src/recommend/semantic-decoder.ts';
import { byProbability, reachingSearch, type Keeping } from '../../src/recommend/semantic-search.ts';
import { tokenise } from '../../src/recommend/tokenise.ts';
import { requestOf } from '../contracts/recommender.ts';
import { circle, onTheCircle } from './circle.ts';

/** Seconds on a quiet machine; a training has no place in a tight limit. */
const slow = { timeout: 240_000 };

/** A search among thirty items with random weights; two codes of four each. */
function untrainedSearch(beam: number, keeping: Keeping = byProbability): ReturnType<typeof reachingSearch> {
  const random = randomFrom('tiger-search');
  const vectors = Float64Array.from({ length: 30 * 4 }, () => random.normal());
  const tokens = tokenise(vectors, 4, { levels: 2, codes: 4, balanced: false }, random);
  const shape = { width: 16, heads: 2, groups: 2, layers: 1, expansion: 2 };
  const plan = { shape, levels: 3, codes: multipleOfFour(Math.max(4, tokens.lastCodes)), length: 8 };
  const parameters = toDevice(initialise(decoderPlans(plan), random));
  return reachingSearch({
    parameters,
    model: encoderDecoder(plan),
    plan,
    tokens,
    beam,
    rows: 4,
    keeping,
  });
}

describe('tiger', () => {
  beforeAll(openTensors);

  it(
    'generates the item that follows, from order alone, and reaches one that nobody met at the end of the list',
    slow,
    async () => {
      const settings = {
        scale: 'xs',
        levels: 2,
        codes: 4,
        beam: 13,
        epochs: 20,
        history: 8,
        rate: 0.02,
        validationPeople: 0,
      };
      const recommender = await methodNamed('tiger').train(circle(), settings, 1);
      for (const [past, next] of onTheCircle) {
        const { items } = await recommender.recommend(requestOf({ history: past, k: 13 }));
        expect(items[0]!.id).toBe(next);
        expect(items.map(({ id }) => id)).toContain('untouched');
        const probability = items.reduce((sum, item) => sum + Math.exp(item.score), 0);
        expect(probability).toBeLessThanOrEqual(1 + 1e-4);
        expect(probability).toBeGreaterThan(0.9);
      }
    },
  );

  it('its version changes with the words of its items where it reads them, and only there', async () => {
    const quick = { scale: 'xs', epochs: 0, history: 8, levels: 2, codes: 4, validationPeople: 0 };
    const set = circle();
    const renamed = { ...set, items: set.items.map((item) => ({ ...item, title: `${item.title} again` })) };
    const versionOf = async (vectors: string, of: typeof set): Promise<string> =>
      (await methodNamed('tiger').train(of, { ...quick, vectors }, 1)).version;
    expect(await versionOf('both', renamed)).not.toBe(await versionOf('both', set));
    expect(await versionOf('collaborative', renamed)).toBe(await versionOf('collaborative', set));
  });

  it('a beam as wide as the catalogue is the exact ranking; a longer list widens it, exclusions take no place of it', () => {
    const ask = (history: number[], k = 30, excluded: Iterable<number> = []) => ({
      history: Int32Array.from(history),
      k,
      excluded: new Set(excluded),
    });
    const search = untrainedSearch(4);
    const { found: exact } = search([ask([3, 7])], Infinity)[0]!;
    expect(search([ask([3, 7])], 30)[0]!.found).toEqual(exact);
    expect(new Set(exact.map((one) => one.item)).size).toBe(30);
    const excluded = exact.slice(0, 25).map((one) => one.item);
    expect(search([ask([3, 7], 10, excluded)])[0]).toEqual({ found: exact.slice(25), reach: 'everything' });
    const { found: four, reach } = search([ask([3, 7], 4, excluded.slice(0, 20))])[0]!;
    expect(four).toHaveLength(4);
    expect(excluded.slice(0, 20)).not.toEqual(expect.arrayContaining(four.map(({ item }) => item)));
    expect(reach).toBe('beam');
    // A shorter list of the same beam is the beginning of the longer one.
    expect(search([ask([3, 7], 2, excluded.slice(0, 20))])[0]!.found).toEqual(four.slice(0, 2));
    const reaches = [2, 6, 30].map((k) => search([ask([3, 7], k)])[0]!.reach);
    expect(reaches).toEqual(['beam', 'wider', 'everything']);
    // Another place in the history, another ranking: the decoder looks at the encoding.
    expect(search([ask([7, 3])], Infinity)[0]!.found).not.toEqual(exact);
    // Who else asks, and how far their searches widen, changes nothing.
    const alone = search([ask([7, 3], 2)]);
    expect(search([ask([3, 7], 30), ask([7, 3], 2), ask([], 4, excluded)])[1]).toEqual(alone[0]);
  });

  it('the model looks at what is left alone, whatever the length of the list, and at nothing where nothing is left', () => {
    const grown: number[] = [];
    const prune: Keeping['prune'] = (width, ...known) => {
      const kept = byProbability.prune(width, ...known);
      return (searches, level) => (grown.push(searches[0]!.length), kept(searches, level));
    };
    const search = untrainedSearch(4, { ...byProbability, prune });
    const ask = (left: readonly number[], k: number) => {
      const all = Array.from({ length: 30 }, (_, item) => item);
      return search([
        { history: Int32Array.of(3, 7), k, excluded: new Set(all.filter((item) => !left.includes(item))) },
      ])[0]!;
    };
    const { found, reach } = ask([2, 11, 29], 3);
    expect(new Set(found.map(({ item }) => item))).toEqual(new Set([2, 11, 29]));
    expect(reach).toBe('everything');
    expect(grown).toHaveLength(3);
    expect(Math.max(...grown)).toBeLessThanOrEqual(3);
    expect(ask([], 3)).toEqual({ found: [], reach: 'everything' });
    expect(grown).toHaveLength(3);
    expect(ask([2, 11, 29], 1).found).toEqual(found.slice(0, 1));
    expect(Math.max(...grown)).toBeLessThanOrEqual(3);
  });

  it('refuses a catalogue with fewer items than codes', async () => {
    await expect(methodNamed('tiger').train(circle(), { codes: 64 }, 1)).rejects.toThrowError(
      /at least 64 items/,
    );
  });
});
