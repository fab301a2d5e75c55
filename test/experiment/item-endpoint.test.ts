// What is asked about items, against the stand-in: kept, so that nothing is asked twice, and stopped by a cap.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemSchema } from '../../src/catalogue/item.ts';
import { prepareExperiment } from '../../src/experiment/build.ts';
import {
  endpointOfScenario,
  itemEndpoint,
  type ItemEndpointParts,
} from '../../src/experiment/item-endpoint.ts';
import { noCaps, nothingSpent, type Spent } from '../../src/llm/budget.ts';
import type { ItemQuote } from '../../src/experiment/item-quote.ts';
import { lockCassette } from '../../src/llm/cassette-file.ts';
import { llmSchema } from '../../src/llm/open.ts';
import { everything } from '../llm/asking.ts';
import { always, noFaults } from '../llm/stand-in/faults.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { catalogue, popularityArm, small } from './small.ts';

let server: StandIn;
let answers: string;
let logged: string[];
beforeEach(async () => {
  server = await openStandIn();
  answers = mkdtempSync(join(tmpdir(), 'rehearsal-items-'));
  logged = [];
});
afterEach(async () => {
  await server.close();
  rmSync(answers, { recursive: true, force: true });
});

function opened(more: Partial<ItemEndpointParts> = {}) {
  return itemEndpoint({
    catalogue: 'shop',
    settings: llmSchema.parse({ model: 'stand-in', embeddingModel: 'stand-in', attempts: 1 }),
    access: { baseUrl: server.baseUrl, key: null },
    caps: noCaps,
    interrupted: new AbortController().signal,
    log: (line) => void logged.push(line),
    answers,
    ...more,
  });
}

const texts = Array.from({ length: 300 }, (_, at) => `text ${at}`);

it('vectors come in the order of the texts, after one question of what the model can do', async () => {
  const vectors = await opened().embed!(texts);
  expect(vectors).toHaveLength(300);
  expect(vectors[0]).toHaveLength(32);
  const [alone] = await opened().embed!(texts.slice(299));
  expect(vectors[299]).toEqual(alone);
  // Two batches and the probe, then one more batch: no chat is asked of a server for vectors.
  expect(server.counts().requests).toBe(4);
  expect(server.requests()).toEqual([]);
  expect(logged[0]).toBe('vectors: 300 items, 2 of 2 requests not answered yet');
  expect(logged[1]).toMatch(/^vectors of stand-in: 3 calls, \d+ tokens, price unknown; kept in .*shop/);
});

it('what is kept is not asked again, also where nobody can be asked', async () => {
  const first = await opened().embed!(texts);
  const before = server.counts().requests;
  expect(await opened().embed!(texts)).toEqual(first);
  expect(server.counts().requests).toBe(before);
  await server.close();
  expect(await opened({ access: null }).embed!(texts)).toEqual(first);
  expect(readdirSync(join(answers, 'shop'))).toHaveLength(1);
  await expect(opened({ access: null }).embed!(['another'])).rejects.toMatchObject({
    failure: { kind: 'not-recorded' },
  });
});

it('what is kept is taken while another command asks; who has to ask, too, is told to wait and asks nobody', async () => {
  const first = await opened().embed!(texts);
  const [file] = readdirSync(join(answers, 'shop'));
  const letGo = lockCassette(join(answers, 'shop', file!));
  const before = server.counts().requests;
  expect(await opened().embed!(texts)).toEqual(first);
  await expect(opened().embed!(['another'])).rejects.toMatchObject({
    name: 'RehearsalError',
    message: expect.stringContaining('Another run is recording answers'),
    hint: expect.stringMatching(/^Wait for it to end and give the same command again(?!.*--record)/),
  });
  expect(server.counts().requests).toBe(before);
  letGo();
  expect(await opened().embed!(['another'])).toHaveLength(1);
  expect(readdirSync(join(answers, 'shop'))).toEqual([file]);
});

it('a cap stops the questions and says how to go on; what was answered before it is kept', async () => {
  const capped = opened({ caps: { ...noCaps, calls: 2 } });
  await expect(capped.embed!(texts)).rejects.toMatchObject({
    failure: { kind: 'budget-spent', hint: expect.stringContaining('the same command again') },
    exitCode: 3,
  });
  await opened().embed!(texts);
  expect(server.counts().requests).toBe(3);
});

it('a server without embeddings says so, and a model that is not named embeds nothing', async () => {
  server.kind = 'vllm';
  await expect(opened().embed!(texts)).rejects.toThrowError(/no embeddings/);
  expect(opened({ settings: llmSchema.parse({ model: 'stand-in' }) }).embed).toBeUndefined();
});

const shop = Array.from({ length: 12 }, (_, at) =>
  itemSchema.parse({ id: `i${at}`, title: `Comb ${at}`, genres: ['Hair'], text: 'x'.repeat(400) }),
);
const toBeNamed = shop.map((item, at) => ({
  item,
  neighbours: [shop[(at + 1) % 12]!, shop[(at + 2) % 12]!],
}));
/** The number of the item that is asked about, not of a neighbour. */
const numberIn = (words: string): string => /The item:\n.*\nComb (\d+)/.exec(words)![1]!;
const good = (words: string) => ({
  ...{ kind: 'comb', use: 'hair-care', feature: 'plain', audience: 'unisex' },
  own: `n${numberIn(words)}`,
});

it('names are asked with the neighbours in view, once each, and kept', async () => {
  server.rules = { 'name-item': ({ words }) => good(words) };
  const names = await opened().nameItems!(toBeNamed);
  expect(names[7]).toEqual(['comb', 'hair-care', 'plain', 'unisex', 'n7']);
  const asked = JSON.stringify(
    server.requests().filter((one) => JSON.stringify(one).includes('The item:'))[0],
  );
  expect(asked).toMatch(/1\. Comb \d+ \| Hair \| x{150}[^x].*2\. Comb/);
  expect(logged).toContain('names: 0 of 12 items kept extracted names');
  const before = server.counts().requests;
  await server.close();
  expect(await opened({ access: null }).nameItems!(toBeNamed)).toEqual(names);
  expect(server.counts().requests).toBe(before);
});

describe('many questions', () => {
  const quoted = (answer: boolean, more: Partial<ItemEndpointParts> = {}) => {
    const quotes: ItemQuote[] = [];
    const agree = async (quote: ItemQuote): Promise<boolean> => {
      quotes.push(quote);
      return answer;
    };
    return { quotes, endpoint: opened({ agree, ...more }) };
  };
  const unprobed = { model: 'stand-in', embeddingModel: 'stand-in', capabilities: everything, attempts: 1 };
  const settings = llmSchema.parse({ ...unprobed, price: { input: 1000, cached: 1000, output: 1000 } });

  it('are quoted from the first three, which who declines has paid for and who goes on does not pay again', async () => {
    server.rules = { 'name-item': ({ words }) => good(words) };
    const declined = quoted(false, { settings });
    await expect(declined.endpoint.nameItems!(toBeNamed)).rejects.toMatchObject({
      exitCode: 3,
      hint: expect.stringContaining('What was answered is kept'),
    });
    expect(server.counts().requests).toBe(3);
    expect(logged).toContain('names: 12 items, a question each, 12 not answered yet');
    expect(declined.quotes).toMatchObject([
      { what: 'names', sessions: 12, played: 3, calls: { expected: 12, low: 12, high: 12 } },
    ]);
    const accepted = quoted(true, { settings });
    await accepted.endpoint.nameItems!(toBeNamed);
    expect(logged).toContain('names: 12 items, a question each, 9 not answered yet');
    expect(server.counts().requests).toBe(12);
    // The three that were kept are no part of what is still to be asked.
    const { tokensIn, tokensOut } = server.counts();
    expect(declined.quotes[0]!.usd!.expected / ((tokensIn + tokensOut) / 1000)).toBeCloseTo(1, 1);
    const again = quoted(false, { settings });
    await again.endpoint.nameItems!(toBeNamed);
    expect([accepted.quotes.length, again.quotes.length]).toEqual([1, 0]);
  });

  it('of vectors are counted in requests, and a handful of questions is nothing to be told of', async () => {
    const many = Array.from({ length: 6 * 256 }, (_, at) => `text ${at}`);
    const few = quoted(false, { settings });
    await few.endpoint.embed!(many.slice(0, 5 * 256));
    await few.endpoint.nameItems!(toBeNamed.slice(0, 5));
    const none = quoted(false, { settings });
    await none.endpoint.embed!(many);
    expect(logged).toContain('vectors: 1536 items, 1 of 6 requests not answered yet');
    const declined = quoted(false, { settings });
    const before = server.counts().requests;
    await expect(declined.endpoint.embed!(many.map((text) => `other ${text}`))).rejects.toThrowError(
      /vectors of items/,
    );
    expect(server.counts().requests - before).toBe(3);
    expect(declined.quotes).toMatchObject([{ what: 'vectors', sessions: 6, played: 3 }]);
    expect([few.quotes, none.quotes]).toEqual([[], []]);
  });

  it('count against the caps with what the run had spent before, and are told to its ledger', async () => {
    const kept: Spent[] = [];
    const endpoint = opened({
      settings,
      caps: { ...noCaps, calls: 10 },
      spentBefore: { ...nothingSpent, calls: 8 },
      keepSpent: (spent) => void kept.push(spent),
    });
    await expect(endpoint.nameItems!(toBeNamed)).rejects.toMatchObject({ failure: { kind: 'budget-spent' } });
    expect(server.counts().requests).toBeGreaterThan(0);
    expect(kept.at(-1)!.calls).toBe(8 + server.counts().requests);
  });
});

it('a wrong name is asked for once more; what stays wrong is no name, and is counted', async () => {
  const asked = new Map<string, number>();
  let at = '';
  server.rules = {
    'name-item': ({ words }) => {
      // A repair is asked with what is wrong, right after its question.
      if (words.includes('The item:')) at = numberIn(words);
      asked.set(at, (asked.get(at) ?? 0) + 1);
      const right = good(`The item:\n\nComb ${at}`);
      if (at === '3') return { ...right, kind: 'two words' };
      if (at === '4') return { ...right, own: 'comb' };
      return at === '5' && asked.get(at) === 1 ? { ...right, kind: 'Comb' } : right;
    },
  };
  const oneAtATime = llmSchema.parse({ model: 'stand-in', concurrency: 1 });
  const names = await opened({ settings: oneAtATime }).nameItems!(toBeNamed);
  expect(names.map((name) => name !== null).indexOf(false)).toBe(3);
  expect([names[3], names[4], names[5]?.[0]]).toEqual([null, null, 'comb']);
  expect([asked.get('3'), asked.get('5'), asked.get('6')]).toEqual([2, 2, 1]);
  expect(logged).toContain('names: 2 of 12 items kept extracted names');
});

it('a server that fails ends the naming with its failure, and a cap stops it', async () => {
  server.rules = { 'name-item': ({ words }) => good(words) };
  await opened().nameItems!(toBeNamed.slice(0, 2));
  server.plan = always('server-error');
  await expect(opened().nameItems!(toBeNamed)).rejects.toMatchObject({ failure: { kind: 'server-error' } });
  server.plan = noFaults;
  const capped = opened({ caps: { ...noCaps, calls: 3 } });
  await expect(capped.nameItems!(toBeNamed)).rejects.toMatchObject({ failure: { kind: 'budget-spent' } });
});

it('an arm that wants an endpoint is wrong usage where the scenario has none', async () => {
  const arms = [popularityArm, { name: 'tiger', method: 'tiger', settings: { vectors: 'endpoint' } }];
  const prepared = prepareExperiment(small({ arms }), catalogue, () => undefined);
  await expect(prepared).rejects.toThrowError(/no endpoint is named/);
});

it('a scenario without a model has no endpoint', () => {
  const parts = { access: null, interrupted: new AbortController().signal, log: () => undefined };
  expect(endpointOfScenario(small(), parts)).toEqual({});
});
