import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { randomFrom } from '../../src/base/random.ts';
import { encoderDecoder, ensemble, merged } from '../../src/recommend/encoder-decoder.ts';
import {
  guidedKeeping,
  popularityJudge,
  processJudge,
  randomJudge,
  type Judge,
} from '../../src/recommend/guided-search.ts';
import { hierarchicalRecall, searchCases } from '../../src/recommend/hierarchical-recall.ts';
import { deviceBatch } from '../../src/recommend/kit/fit.ts';
import { noNoise } from '../../src/recommend/kit/layers.ts';
import { piecesOf, writeRows } from '../../src/recommend/kit/packing.ts';
import { initialise, multipleOfFour, toDevice } from '../../src/recommend/kit/parameters.ts';
import { compiled, download, openTensors, release, type Tensors } from '../../src/recommend/kit/tensor.ts';
import { judgedModel } from '../../src/recommend/methods/promise.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { prefixesOf } from '../../src/recommend/prefixes.ts';
import { judgeEncoding, judgePlanOf, judgePlans, rewards } from '../../src/recommend/process-reward.ts';
import { judgeMultiplications, searchMultiplications } from '../../src/recommend/search-cost.ts';
import { readArrays } from '../../src/recommend/semantic-batches.ts';
import { decoderPlans, encode, knownPlaces } from '../../src/recommend/semantic-decoder.ts';
import { byProbability, semanticSearch, type CodeModel } from '../../src/recommend/semantic-search.ts';
import { tokenise } from '../../src/recommend/tokenise.ts';
import { requestOf } from '../contracts/recommender.ts';
import { circle, onTheCircle } from './circle.ts';

const slow = { timeout: 240_000 };
const items = 30;
const beam = 4;

/** Random weights over thirty items; two codes of four each and a third. */
function untrained() {
  const random = randomFrom('promise-search');
  const vectors = Float64Array.from({ length: items * 4 }, () => random.normal());
  const tokens = tokenise(vectors, 4, { levels: 2, codes: 4, balanced: false }, random);
  const shape = { width: 16, heads: 2, groups: 2, layers: 1, expansion: 2 };
  const plan = { shape, levels: 3, codes: multipleOfFour(Math.max(4, tokens.lastCodes)), length: 8 };
  const prefixes = prefixesOf(tokens.full, 3);
  const judgePlan = judgePlanOf(plan, prefixes.codes.length);
  const parameters = toDevice(initialise({ ...decoderPlans(plan), ...judgePlans(judgePlan) }, random));
  const parts = { parameters, model: judgedModel(plan, judgePlan), plan, tokens, beam, rows: 2 };
  const guided = (judge: Judge, proposals: number, levels: number[], order: 'reward' | 'sum' = 'reward') =>
    guidedKeeping({ judge, beam, proposals, guided: new Set(levels), levels: 3, order });
  const process = processJudge(parameters, judgePlan, prefixes, 2, 16);
  return { parts, plan, judgePlan, prefixes, guided, process, tokens };
}

const cases = Array.from({ length: 12 }, (_, at) => ({
  past: Int32Array.from({ length: at % 7 }, (_step, step) => (at * 5 + step * 11) % items),
  next: (at * 7 + 3) % items,
}));

describe('promise', () => {
  beforeAll(openTensors);

  it('the judge learns which path leads on, and prunes a beam of two to it', slow, async () => {
    const settings = {
      scale: 'xs',
      levels: 2,
      codes: 4,
      beam: 2,
      negatives: 7,
      epochs: 25,
      history: 8,
      rate: 0.02,
      validationPeople: 0,
    };
    const recommender = await methodNamed('promise').train(circle(), settings, 1);
    for (const [past, next] of onTheCircle) {
      expect((await recommender.recommend(requestOf({ history: past, k: 2 }))).items[0]!.id).toBe(next);
      // Of all items, judged without the decoder's choice, the same one is first.
      expect((await recommender.recommend(requestOf({ history: past, k: 13 }))).items[0]!.id).toBe(next);
    }
  });

  it('a guided level that the semantic IDs do not have is refused, with the levels that they have', async () => {
    const train = (guided: string) =>
      methodNamed('promise').train(
        circle(),
        { scale: 'xs', levels: 2, codes: 4, beam: 2, negatives: 7, epochs: 0, guided },
        1,
      );
    for (const guided of ['7', '2+4']) {
      const refused = train(guided);
      await expect(refused).rejects.toBeInstanceOf(UsageError);
      await expect(refused).rejects.toThrowError(/have, 1, 2, 3, got level [74] in/);
    }
    for (const guided of ['none', '3', '1+3', 'all']) await train(guided);
  });

  it('without a guided level, or without more proposals than are kept, a plain beam keeps the same prefixes', () => {
    const { parts, guided, process } = untrained();
    const plain = searchCases({ ...parts, keeping: byProbability }, cases, 10);
    expect(searchCases({ ...parts, keeping: guided(process, 16, []) }, cases, 10)).toEqual(plain);
    const narrow = searchCases({ ...parts, keeping: guided(process, beam, [1, 2, 3]) }, cases, 10);
    expect(narrow.map(({ kept }) => kept)).toEqual(plain.map(({ kept }) => kept));
  });

  it('a judge that knows the path keeps it as soon as it is proposed: no level loses the item', () => {
    const { parts, guided, tokens } = untrained();
    const oracle =
      (next: number): Judge =>
      (_read, _searched, searches) =>
        searches.map((all) => all.map(({ codes }) => isPrefixOf(codes, tokens.full.subarray(next * 3))));
    for (const one of cases) {
      const keeping = guided(oracle(one.next), 1000, [1, 2, 3]);
      const [found] = searchCases({ ...parts, beam, keeping }, [one], 10);
      expect(found).toMatchObject({ kept: [true, true, true], rank: 0 });
      expect(found!.listed[0]).toBe(one.next);
    }
  });

  it('with every prefix kept, each item has the reward that its own path has after its own history', () => {
    const { parts, plan, judgePlan, prefixes, tokens, guided, process } = untrained();
    const program = compiled((weights, batch) => {
      const encoding = judgeEncoding(weights!, judgePlan, encode(weights!, plan, batch!, noNoise));
      const mask = knownPlaces(batch!, batch!['each']!);
      return { found: rewards(weights!, judgePlan, batch!['candidates']!, mask, encoding, noNoise) };
    });
    /** One history and one path, computed by themselves. */
    const rewardOf = (history: Int32Array, item: number): number => {
      const pieces = piecesOf(Int32Array.from([...history, 0]), plan.length, items);
      const one = (value: number) => ({ shape: [1, 1], values: Int32Array.of(value) });
      const arrays = {
        ...readArrays(writeRows([pieces], 1, plan.length, items), tokens, plan),
        candidates: one(prefixes.ofItem[item * 3 + 2]!),
        at: one(history.length),
        segmentAt: one(0),
        each: { shape: [1, 1, 1], values: Int32Array.of(1) },
      };
      const batch = deviceBatch({ tokens: 0, arrays });
      const outputs = program(parts.parameters, batch);
      const [found] = download(outputs.found);
      release(outputs, batch);
      return found!;
    };
    // Two rows of other lengths, and more candidates than are judged at once.
    const histories = [Int32Array.of(3, 7), Int32Array.of(5, 1, 28, 9)];
    const search = semanticSearch({ ...parts, keeping: guided(process, 4, [1, 2, 3]) });
    const asked = histories.map((history) => ({ history, k: items, excluded: new Set<number>() }));
    const lists = search(asked, Infinity);
    for (const [row, found] of lists.entries()) {
      expect(new Set(found.map(({ item }) => item)).size).toBe(items);
      for (const { item, score } of found) expect(score).toBeCloseTo(rewardOf(histories[row]!, item), 4);
      const scores = found.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(new Set(scores).size).toBeGreaterThan(items / 2);
    }
    const [found] = lists;
    const both = semanticSearch({ ...parts, keeping: guided(process, 4, [1, 2, 3], 'sum') });
    const [summed] = both([{ history: Int32Array.of(3, 7), k: items, excluded: new Set() }], Infinity);
    expect(summed!.map(({ item }) => item)).not.toEqual(found!.map(({ item }) => item));
    expect(summed!.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(0, 6);
  });

  it('recall of prefixes falls from level to level, and is told for each', () => {
    const { parts, guided, process } = untrained();
    const found = searchCases({ ...parts, keeping: guided(process, 8, [1, 2, 3]) }, cases, 10);
    const recall = hierarchicalRecall(found)!;
    expect(recall).toHaveLength(3);
    expect(recall).toEqual(recall.toSorted((a, b) => b - a));
    expect(recall[2]).toBeCloseTo(found.filter(({ kept }) => kept[2]).length / cases.length);
    expect(hierarchicalRecall([])).toBeNull();
  });

  it('two equal decoders averaged are one decoder; two different ones are neither', () => {
    const { parts, plan, tokens } = untrained();
    const other = toDevice(initialise(decoderPlans(plan), randomFrom('another')));
    const model = encoderDecoder(plan);
    const search = (parameters: Tensors, of: CodeModel) =>
      semanticSearch({ ...parts, parameters, model: of, keeping: byProbability })(
        [{ history: Int32Array.of(3, 7), k: items, excluded: new Set() }],
        Infinity,
      )[0]!;
    const alone = search(parts.parameters, model);
    const twice = search(merged([parts.parameters, parts.parameters]), ensemble([model, model]));
    expect(twice.map(({ item }) => item)).toEqual(alone.map(({ item }) => item));
    twice.forEach(({ score }, place) => expect(score).toBeCloseTo(alone[place]!.score, 4));
    const both = search(merged([parts.parameters, other]), ensemble([model, model]));
    expect(both).not.toEqual(alone);
    expect(both).not.toEqual(search(other, model));
    expect(both.reduce((sum, { score }) => sum + Math.exp(score), 0)).toBeLessThanOrEqual(1 + 1e-4);
    expect(tokens.lastCodes).toBeGreaterThan(1);
  });

  it('four proposals for each kept prefix cost a fraction of the search, a beam of four times the width far more', () => {
    const random = randomFrom('promise-cost');
    const vectors = Float64Array.from({ length: 600 * 8 }, () => random.normal());
    const tokens = tokenise(vectors, 8, { levels: 3, codes: 64, balanced: false }, random);
    const shape = { width: 64, heads: 4, groups: 4, layers: 2, expansion: 4 };
    const plan = { shape, levels: 4, codes: 64, length: 48 };
    const prefixes = prefixesOf(tokens.full, 4);
    const judgePlan = judgePlanOf(plan, prefixes.codes.length);
    const parameters = toDevice(initialise({ ...decoderPlans(plan), ...judgePlans(judgePlan) }, random));
    const parts = { parameters, model: encoderDecoder(plan), plan, tokens };
    const plain = searchMultiplications(parts, 10);
    const judged = (proposals: number) =>
      judgeMultiplications(parts, judgePlan, [proposals, proposals, proposals, proposals]);
    expect(judged(40) / plain).toBeLessThan(0.15);
    expect(judged(80)).toBeGreaterThan(judged(40));
    expect(searchMultiplications(parts, 40) / plain).toBeGreaterThan(2);
    release(parameters);
  });

  it('the controls know nothing of the visitor: chance is fixed for a prefix, popularity counts its steps', () => {
    const { prefixes, tokens } = untrained();
    const node = { children: new Map(), item: -1, leaves: 1 };
    const searches = [
      [0, 1, 2].map((item) => ({ codes: [...tokens.full.subarray(item * 3, item * 3 + 3)], score: 0, node })),
    ];
    const random = randomJudge(prefixes, randomFrom(1));
    expect(random({}, [], searches)).toEqual(random({}, [], searches));
    const popularity = popularityJudge(prefixes, [Int32Array.of(0, 1, 0), Int32Array.of(0)]);
    expect(popularity({}, [], searches)).toEqual([[Math.log(4), Math.log(2), 0]]);
  });
});

function isPrefixOf(codes: readonly number[], whole: Int32Array): number {
  return codes.every((code, level) => whole[level] === code) ? 1 : 0;
}
