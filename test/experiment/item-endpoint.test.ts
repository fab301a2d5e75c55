// What is asked about items, against the stand-in: kept, so that nothing is asked twice, and stopped by a cap.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareExperiment } from '../../src/experiment/build.ts';
import {
  endpointOfScenario,
  itemEndpoint,
  type ItemEndpointParts,
} from '../../src/experiment/item-endpoint.ts';
import { noCaps } from '../../src/llm/budget.ts';
import { llmSchema } from '../../src/llm/open.ts';
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
  expect(logged[0]).toMatch(/^vectors of stand-in: 3 calls, \d+ tokens, price unknown; kept in .*shop/);
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

it('an arm that wants an endpoint is wrong usage where the scenario has none', async () => {
  const arms = [popularityArm, { name: 'tiger', method: 'tiger', settings: { vectors: 'endpoint' } }];
  const prepared = prepareExperiment(small({ arms }), catalogue, () => undefined);
  await expect(prepared).rejects.toThrowError(/no endpoint is named/);
});

it('a scenario without a model has no endpoint', () => {
  const parts = { access: null, interrupted: new AbortController().signal, log: () => undefined };
  expect(endpointOfScenario(small(), parts)).toEqual({});
});
