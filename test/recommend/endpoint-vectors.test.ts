import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { itemSchema } from '../../src/catalogue/item.ts';
import { checkpointPath } from '../../src/recommend/define-model.ts';
import { askedVectors, embeddedText } from '../../src/recommend/endpoint-vectors.ts';
import { itemVectors } from '../../src/recommend/item-vectors.ts';
import { openTensors } from '../../src/recommend/kit/tensor.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import type { EmbedTexts } from '../../src/recommend/recommender.ts';
import { tabulate } from '../../src/recommend/training-table.ts';
import { smallWorld } from '../contracts/recommender.ts';

/** Two kinds of items far from each other, an offset that all have in common, and a little of each one's own. */
const embed: EmbedTexts = async (texts) =>
  texts.map((text, at) => {
    const random = randomFrom('embedded', text);
    return Float32Array.from({ length: 48 }, (_, axis) =>
      axis === 0 ? 50 : axis === 1 + (at % 2) ? 5 : 0.1 * random.normal(),
    );
  });

describe('the text of an item', () => {
  it('is all that is known of it but what models call it, within what embedding models read', () => {
    const item = itemSchema.parse({
      id: 'secret',
      title: 'Comb',
      genres: ['Hair', 'Tools'],
      text: 'x'.repeat(5000),
      attributes: { brand: 'Acme', terms: 'a, b, c, d, e', codes: '<a_1>' },
    });
    const text = embeddedText(item);
    expect(text).toMatch(/^Comb \| Hair, Tools \| brand: Acme \| xxx/);
    expect(text).toHaveLength(2000);
  });
});

describe('vectors of an endpoint', () => {
  const { items } = smallWorld();
  const table = tabulate(smallWorld());

  it('keep what is near near, without what all have in common', async () => {
    const { content } = await askedVectors(items, embed);
    const vectors = itemVectors(items, table, 'endpoint', 4, randomFrom(1), content);
    expect(vectors.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 9);
    const first = Array.from(items, (_, item) => vectors[item * 4]!);
    for (const [item, value] of first.entries()) expect(Math.sign(value)).toBe(Math.sign(first[item % 2]!));
    expect(Math.sign(first[0]!)).not.toBe(Math.sign(first[1]!));
  });

  it('stand beside the collaborative ones with equal weight', async () => {
    const { content } = await askedVectors(items, embed);
    const both = itemVectors(items, table, 'endpoint+collaborative', 8, randomFrom(1), content);
    const weightOf = (from: number): number =>
      items.reduce(
        (sum, _, item) =>
          sum +
          both.subarray(item * 8 + from, item * 8 + from + 4).reduce((own, value) => own + value ** 2, 0),
        0,
      );
    expect(weightOf(0)).toBeCloseTo(1, 9);
    expect(weightOf(4)).toBeCloseTo(1, 9);
  });

  it.each<[string, EmbedTexts]>([
    ['too few', async (texts) => (await embed(texts)).slice(1)],
    ['of two lengths', async (texts) => (await embed(texts)).map((one, at) => one.slice(at % 2))],
    ['of no numbers', async (texts) => texts.map(() => Float32Array.of(NaN))],
    ['empty', async (texts) => texts.map(() => new Float32Array())],
  ])('that are %s are refused', async (_, broken) => {
    await expect(askedVectors(items, broken)).rejects.toThrowError(/60 vectors of one length/);
  });
});

describe('models over vectors of an endpoint', () => {
  beforeAll(openTensors);
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-endpoint-vectors-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const settings = { scale: 'xs', epochs: 0, levels: 2, codes: 4, beam: 8, history: 8, validationPeople: 0 };

  it.each(['tiger', 'promise', 'onerec-v2'])('%s: other vectors are another version', async (name) => {
    const chosen = { ...settings, vectors: 'endpoint', ...(name === 'promise' ? { negatives: 7 } : {}) };
    const train = async (own: EmbedTexts) =>
      (await methodNamed(name).train(smallWorld(), chosen, 1, { embed: own })).version;
    const version = await train(embed);
    expect(await train(embed)).toBe(version);
    const nudged: EmbedTexts = async (texts) => {
      const vectors = await embed(texts);
      vectors[7]![3]! += 0.001;
      return vectors;
    };
    expect(await train(nudged)).not.toBe(version);
  });

  it('a checkpoint over other vectors is refused, and its message says that it is the vectors', async () => {
    const chosen = { ...settings, vectors: 'endpoint' };
    const { version } = await methodNamed('tiger').train(smallWorld(), chosen, 1, { keep: folder, embed });
    const checkpoint = checkpointPath(folder, 'tiger', version);
    const turned: EmbedTexts = async (texts) => (await embed(texts)).toReversed();
    const loaded = methodNamed('tiger').train(smallWorld(), chosen, 1, { checkpoint, embed: turned });
    await expect(loaded).rejects.toThrowError(
      /differs in the codes, vectors or names its items were given \(hash [0-9a-f]{12}, not [0-9a-f]{12}\)\.$/,
    );
  });

  it.each(['endpoint', 'endpoint+collaborative'])(
    '%s without an endpoint is wrong usage',
    async (vectors) => {
      const training = methodNamed('tiger').train(smallWorld(), { ...settings, vectors }, 1);
      await expect(training).rejects.toMatchObject({
        name: 'UsageError',
        message: expect.stringContaining('no endpoint is named'),
        hint: expect.stringContaining('--embedding-model'),
      });
    },
  );

  it('other vectors ask nobody', async () => {
    const asked: EmbedTexts = async () => {
      throw new Error('asked');
    };
    const plain = await methodNamed('tiger').train(smallWorld(), settings, 1);
    const beside = await methodNamed('tiger').train(smallWorld(), settings, 1, { embed: asked });
    expect(beside.version).toBe(plain.version);
  });
});
