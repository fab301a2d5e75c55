// What the doctor says of a model: each kind of server as it is, and what to do where something is missing.

import { afterEach, expect, it } from 'vitest';
import { examineModel, type ModelExamined } from '../../src/cli/doctor-model.ts';
import { always } from '../llm/stand-in/faults.ts';
import type { Kind } from '../llm/stand-in/kinds.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';

let server: StandIn | undefined;
afterEach(async () => server?.close());

const key = 'sk-doctor-0123456789';

async function examined(kind: Kind, model?: string): Promise<ModelExamined> {
  server = await openStandIn({ kind, key });
  const environment = { OPENAI_API_KEY: key };
  return examineModel({ address: server.baseUrl, model, embeddingModel: 'stand-in', environment });
}

const warned = ({ findings }: ModelExamined): readonly string[] =>
  findings.filter(({ status }) => status === 'warn').map(({ name }) => name);

it('finds nothing to mend at a server that can do everything', async () => {
  const found = await examined('openai');
  expect(warned(found)).toEqual([]);
  expect(found.capabilities).toMatchObject({ vision: true, schema: true, embeddings: 32 });
  expect(found.findings[0]?.detail).toMatch(/^stand-in answered \d+ requests, \d+ tokens$/);
});

it.each([
  ['vllm', []],
  ['sglang', ['tools']],
  ['ollama', ['tools', 'context']],
  ['llama.cpp', ['tools']],
  ['words-only', ['answers', 'tools', 'seed']],
] as const)('says what a server of kind %s lacks, each with advice', async (kind, lacks) => {
  const found = await examined(kind, 'stand-in');
  expect(warned(found)).toEqual(lacks);
  for (const { status, advice } of found.findings) expect(advice !== '').toBe(status !== 'ok');
});

it('names the models where none is named and there are several', async () => {
  server = await openStandIn();
  server.models = ['one', 'two'];
  const found = await examineModel({
    address: server.baseUrl,
    model: undefined,
    embeddingModel: undefined,
    environment: {},
  });
  expect(found).toMatchObject({
    capabilities: null,
    findings: [
      {
        status: 'warn',
        detail: expect.stringContaining('it has one, two'),
        advice: 'Name one with --model.',
      },
    ],
  });
  expect(server.counts().requests).toBe(0);
});

it('fails where the key is wrong or the server is in trouble, and does not repeat the key', async () => {
  server = await openStandIn({ key: 'sk-another-key-0000' });
  const asked = { address: server.baseUrl, model: 'stand-in', embeddingModel: undefined };
  const wrong = examineModel({ ...asked, environment: { OPENAI_API_KEY: key } });
  await expect(wrong).rejects.toMatchObject({ failure: { kind: 'unauthorised' } });
  await expect(wrong).rejects.not.toThrow(key);
  server.plan = always('server-error');
  const down = examineModel({ ...asked, environment: { OPENAI_API_KEY: 'sk-another-key-0000' } });
  await expect(down).rejects.toMatchObject({ failure: { kind: 'server-error' } });
});
