import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { itemSchema } from '../../src/catalogue/item.ts';
import { noNoise } from '../../src/recommend/kit/layers.ts';
import { deviceBatch } from '../../src/recommend/kit/fit.ts';
import { initialise, toDevice } from '../../src/recommend/kit/parameters.ts';
import { compiled, download, openTensors, release } from '../../src/recommend/kit/tensor.ts';
import { writeRows } from '../../src/recommend/kit/packing.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import type { TrainingSet } from '../../src/recommend/recommender.ts';
import {
  historyPieces,
  itemTokens,
  namingPiece,
  special,
  vocabularyOf,
} from '../../src/recommend/term-documents.ts';
import { termLoss, termPlans } from '../../src/recommend/term-decoder.ts';
import { termGenerator } from '../../src/recommend/term-generation.ts';
import { requestOf } from '../contracts/recommender.ts';
import { circle, onTheCircle } from './circle.ts';

const slow = { timeout: 240_000 };
const terms = Array.from({ length: 6 }, (_, item) => [
  'thing',
  `kind-${item % 2}`,
  `use-${item % 3}`,
  'plain',
  `own-${item}`,
]);
const vocabulary = vocabularyOf(
  terms,
  terms.map((words) => [...words, 'shared']),
);

/** The circle, with titles that tell more than the id: a quarter of the circle, a word of its own. */
function namedCircle(): TrainingSet {
  const set = circle();
  const quarters = ['north', 'east', 'south', 'west'];
  return {
    ...set,
    items: set.items.map(({ id }, at) =>
      itemSchema.parse({
        id,
        title: `stop ${'abcdefghijklmn'[at]}${'abcdefghijklmn'[at]}`,
        genres: [quarters[Math.floor(at / 3)] ?? 'nowhere'],
      }),
    ),
  };
}

describe('grlm', () => {
  beforeAll(openTensors);

  it('writes the name of what follows from order alone', slow, async () => {
    const settings = { scale: 'xs', epochs: 60, history: 8, rate: 0.01, beam: 8, validationPeople: 0 };
    const recommender = await methodNamed('grlm').train(namedCircle(), settings, 1);
    for (const [past, next] of onTheCircle) {
      const { items, generated } = await recommender.recommend(requestOf({ history: past, k: 13 }));
      expect(items[0]!.id).toBe(next);
      // Eight names are written and thirteen items listed: the first was named, some stand there for want of names.
      expect(generated).toMatchObject({ by: 'writing', written: 8 });
      if (generated?.by !== 'writing') continue;
      expect(generated.named).toBeGreaterThan(0);
      expect(generated.named).toBeLessThanOrEqual(generated.valid);
      expect(generated.further).toBeGreaterThan(0);
    }
  });

  it('its version changes with the words of its items', async () => {
    const quick = { scale: 'xs', epochs: 0, history: 8, validationPeople: 0 };
    const versions = await Promise.all(
      [circle(), namedCircle()].map(async (set) => (await methodNamed('grlm').train(set, quick, 1)).version),
    );
    expect(versions[0]).not.toBe(versions[1]);
  });

  it('generates what the loss of the same words says: the beam sums their log probabilities', () => {
    const plan = {
      shape: { width: 16, heads: 2, groups: 2, layers: 2, expansion: 2 },
      rows: vocabulary.rows,
      used: vocabulary.used,
      length: 24,
    };
    const parameters = toDevice(initialise(termPlans(plan), randomFrom('terms')));
    const generate = termGenerator(parameters, plan, vocabulary, 6);
    const evaluate = compiled((weights, batch) => ({ loss: termLoss(weights!, plan, batch!, noNoise) }));
    for (const history of [[], [2], [4, 1]]) {
      const found = generate(Int32Array.from(history));
      expect(found).toHaveLength(6);
      const scores = found.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      for (const { words, score } of found.filter((one) => one.words.length === 5)) {
        const told = [special.history, ...history.flatMap((item) => itemTokens(vocabulary, item))];
        const all = [...told, ...words.map((word) => tokenOf(word))];
        const piece = {
          inputs: Int32Array.from(all.slice(0, -1)),
          targets: Int32Array.from(all.slice(1)),
          prompt: told.length - 1,
        };
        const { rows, length, ...arrays } = writeRows([[piece]], 1, plan.length, special.separator);
        const batch = deviceBatch({
          tokens: 0,
          arrays: Object.fromEntries(
            Object.entries(arrays).map(([name, values]) => [name, { shape: [rows, length], values }]),
          ),
        });
        const outputs = evaluate(parameters, batch);
        expect(score).toBeCloseTo(-5 * download(outputs.loss)[0]!, 3);
        release(outputs, batch);
      }
    }
    release(parameters);
  });
});

function tokenOf(word: string): number {
  for (let token = 0; token < vocabulary.used; token++) if (vocabulary.wordOf(token) === word) return token;
  throw new Error(`no token for ${word}`);
}

describe('documents of grlm', () => {
  const words = (tokens: Iterable<number>): string[] =>
    [...tokens].map((token) => vocabulary.wordOf(token) ?? `<${token}>`);

  it('a long history is cut into stretches that begin with the item before, which is not learned twice', () => {
    const sequence = Int32Array.of(0, 1, 2, 3, 4, 5, 0, 1);
    const pieces = historyPieces(vocabulary, sequence, 3);
    expect(pieces.map(({ prompt }) => prompt)).toEqual([0, 6, 6, 6]);
    const learned = pieces.flatMap(({ targets, prompt }) => [...targets.subarray(prompt)]);
    expect(words(learned)).toEqual(words([...sequence].flatMap((item) => itemTokens(vocabulary, item))));
    for (const { inputs } of pieces) expect(inputs.length).toBeLessThanOrEqual(18);
  });

  it('an item is named after its metadata, and only the name is learned', () => {
    const { inputs, targets, prompt } = namingPiece(vocabulary, 4, 24);
    expect(words(inputs.subarray(0, 1))).toEqual([`<${special.name}>`]);
    expect(words(targets.subarray(prompt))).toEqual([...terms[4]!, `<${special.separator}>`]);
    // 'own-4' is one item's word; it is in the vocabulary because it is a term.
    expect(words(inputs)).toContain('shared');
    for (const length of [12, 20, 24, 128]) {
      const cut = namingPiece(vocabulary, 4, length);
      expect(cut.inputs.length).toBeLessThanOrEqual(length);
      expect(words(cut.targets.subarray(cut.prompt))).toEqual([...terms[4]!, `<${special.separator}>`]);
    }
  });

  it('a position tells which word of a name stands there, in both kinds of documents', () => {
    const history = historyPieces(vocabulary, Int32Array.of(0, 3, 5), 4)[0]!;
    const naming = terms.map((_, item) => namingPiece(vocabulary, item, 24));
    for (const { inputs, prompt } of [history, ...naming]) {
      [...inputs].forEach((token, place) => {
        const at = (place % 6) - 1;
        if (place < (prompt ?? 0) || at < 0 || at > 4) return;
        expect(terms.map((name) => name[at])).toContain(vocabulary.wordOf(token));
      });
      expect(inputs.length % 6).toBe(0);
    }
  });
});
