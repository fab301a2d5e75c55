// The probe sees what each kind of server can do, and takes trouble for trouble, not for a lack.

import { expect, it } from 'vitest';
import { expectedOf } from './expected.ts';
import { endpointAt } from './wired.ts';
import { probe } from '../../src/llm/probe.ts';
import { always } from './stand-in/faults.ts';
import type { Kind } from './stand-in/kinds.ts';
import { openStandIn } from './stand-in/server.ts';

it.each(['openai', 'vllm', 'sglang', 'ollama', 'llama.cpp', 'words-only'] satisfies Kind[])(
  'finds out what a server of kind %s can do, in ten requests at most',
  async (kind) => {
    const server = await openStandIn({ kind });
    const access = { baseUrl: server.baseUrl, key: null };
    const found = await probe(endpointAt(server.baseUrl), access);
    expect(found).toEqual(expectedOf(kind));
    expect(server.counts().requests).toBeLessThanOrEqual(10);
    await server.close();
  },
);

it('does not believe in the sight of a model that guesses', async () => {
  const server = await openStandIn();
  server.rules = { 'probe-bands': () => ({ left: 'red', middle: 'red', right: 'red' }) };
  const found = await probe(endpointAt(server.baseUrl), { baseUrl: server.baseUrl, key: null });
  expect(found).toMatchObject({ vision: false, schema: true });
  await server.close();
});

it.each(['server-error', 'closed-socket', 'html', 'rate-limited'] as const)(
  'does not take a server in trouble (%s) for one without abilities',
  async (fault) => {
    const server = await openStandIn();
    server.plan = always(fault);
    const access = { baseUrl: server.baseUrl, key: null };
    await expect(probe(endpointAt(server.baseUrl), access)).rejects.toMatchObject({ name: 'ModelError' });
    await server.close();
  },
);

it('says that nothing listens', async () => {
  const server = await openStandIn();
  const { baseUrl } = server;
  await server.close();
  await expect(probe(endpointAt(baseUrl), { baseUrl, key: null })).rejects.toThrow(
    /Nothing listens at http:/,
  );
});
