// The whole stack as a run uses it: recorded with a server, replayed when it is off, stopped by a cap and gone on with.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../../src/base/hash.ts';
import { noCaps, type Caps, type Spent } from '../../src/llm/budget.ts';
import type { CassetteMode } from '../../src/llm/cassette.ts';
import type { Client, Exchange } from '../../src/llm/client.ts';
import { picture, text } from '../../src/llm/message.ts';
import { llmSchema, openModel, type Model } from '../../src/llm/open.ts';
import { bandsPng } from '../../src/llm/probe-picture.ts';
import { mixed } from './stand-in/faults.ts';
import { openStandIn, type StandIn } from './stand-in/server.ts';
import { question, sampling } from './asking.ts';

let server: StandIn;
let folder: string;
/** Closes the model opened last, so that the next may record where it did. */
let letGo = (): void => undefined;
beforeEach(async () => {
  server = await openStandIn();
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-model-'));
});
afterEach(async () => {
  letGo();
  letGo = () => undefined;
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  mode: CassetteMode,
  {
    caps = {},
    spentBefore,
    locksLate,
    ...more
  }: { caps?: Partial<Caps>; spentBefore?: Spent; locksLate?: boolean; model?: string } = {},
): Promise<Model> {
  letGo();
  const model = await openModel({
    settings: llmSchema.parse({
      model: 'stand-in',
      embeddingModel: 'stand-in',
      timeoutMs: 1_000,
      attempts: 4,
      price: { input: 1, cached: 0.5, output: 4 },
      cassette: { path: join(folder, 'answers.jsonl'), mode },
      ...more,
    }),
    access: { baseUrl: server.baseUrl, key: null },
    caps: { ...noCaps, ...caps },
    spentBefore,
    ...(locksLate === undefined ? {} : { locksLate }),
    tracePath: join(folder, 'trace.jsonl'),
  });
  letGo = () => model.close();
  return model;
}

it('is recorded into by one run at a time, and replayed meanwhile', async () => {
  const first = await open('record');
  await first.client.ask(question('Look.'));
  letGo = () => undefined;
  await expect(open('auto')).rejects.toMatchObject({
    name: 'RehearsalError',
    message: expect.stringContaining('Another run is recording'),
  });
  const replayed = await open('replay');
  expect((await replayed.client.ask(question('Look.'))).status).toBe('answered');
  first.close();
  await open('auto');
  letGo();
  expect(readdirSync(folder).sort()).toEqual(['answers.jsonl', 'trace.jsonl']);
});

it('who locks late takes what others have kept since it was opened, and asks it nobody', async () => {
  await (await open('record')).client.ask(question('Look.'));
  letGo();
  const late = await open('auto', { locksLate: true });
  letGo = () => undefined;
  const other = await open('auto');
  await other.client.ask(question('Look again.'));
  const meanwhile = late.client.ask(question('Look a third time.'));
  await expect(meanwhile).rejects.toThrowError('Another run is recording');
  other.close();
  const before = server.counts().requests;
  await late.client.ask(question('Look a third time.'));
  expect((await late.client.ask(question('Look again.'))).exchanges[0]?.source).toBe('cassette');
  expect(server.counts().requests).toBe(before + 1);
  late.close();
  const replayed = await open('replay');
  for (const words of ['Look.', 'Look again.', 'Look a third time.'])
    expect((await replayed.client.ask(question(words))).status).toBe('answered');
});

/** All kinds of questions; what came of them, without the weather. */
async function played(client: Client): Promise<unknown> {
  const still = ({ attempts: _, source: _source, ms: _ms, ...exchange }: Exchange): unknown => exchange;
  const seen = question('Look.', {
    messages: [
      {
        role: 'user',
        content: [text('[1] card: A\n[2] card: B'), picture(bandsPng(['red', 'blue']), 'image/png')],
      },
    ],
  });
  const recall = {
    name: 'recall',
    description: 'Searches your memory.',
    input: z.strictObject({ query: z.string() }) as z.ZodType,
    run: async () => [text('You liked it.')],
  };
  const replies = [
    ...(await Promise.all([client.ask(question('a')), client.ask(question('a')), client.ask(question('b'))])),
    await client.ask(question('b', { replicate: 1, sampling: { ...sampling, temperature: 1 } })),
    await client.ask(seen),
    await client.ask(question('as an agent', { tools: [recall] })),
    await client.embed({ purpose: 'memory', texts: Array.from({ length: 300 }, (_, n) => `memory ${n}`) }),
  ];
  return replies.map((reply) => ({ ...reply, exchanges: reply.exchanges.map(still) }));
}

it('replays a run to the byte with the server off and without a call', async () => {
  const live = await open('record');
  const recorded = await played(live.client);
  expect(live.spent().calls).toBe(server.counts().requests);
  expect(JSON.stringify(recorded)).not.toContain('"failed"');
  await server.close();

  const again = await open('replay');
  expect(again.client.capabilities).toEqual(live.client.capabilities);
  expect(again.client.version).toBe(live.client.version);
  expect(sha256(JSON.stringify(await played(again.client)))).toBe(sha256(JSON.stringify(recorded)));
  expect(again.spent().calls).toBe(0);
});

it('replays to the byte also what was recorded from a server in trouble', async () => {
  const live = await open('auto');
  server.plan = mixed(0.4, 3, [
    'rate-limited',
    'server-error',
    'closed-socket',
    'truncated-body',
    'off-schema',
    'truncated-json',
  ]);
  const recorded = await played(live.client);
  expect(Object.keys(server.counts().faults).length).toBeGreaterThan(2);
  expect(live.spent().calls).toBe(server.counts().requests);
  await server.close();
  const replayed = await played((await open('replay')).client);
  expect(sha256(JSON.stringify(replayed))).toBe(sha256(JSON.stringify(recorded)));
});

it('stops at its cap, goes on with a higher one, and pays for nothing twice', async () => {
  const words = Array.from({ length: 12 }, (_, n) => `step ${n}`);
  const kinds = async ({ client }: Model): Promise<(string | undefined)[]> => {
    const replies = [];
    for (const one of words) replies.push(await client.ask(question(one)));
    return replies.map((reply) => (reply.status === 'failed' ? reply.failure.kind : undefined));
  };
  const probed = await open('auto');
  const first = await open('auto', { caps: { calls: 5 } });
  expect(await kinds(first)).toEqual(words.map((_, n) => (n < 5 ? undefined : 'budget-spent')));
  expect(first.spent().calls).toBe(5);
  const second = await open('auto', { caps: { calls: 20 }, spentBefore: first.spent() });
  expect(await kinds(second)).toEqual(words.map(() => undefined));
  expect(second.spent().calls).toBe(12);
  expect(server.counts().requests).toBe(probed.spent().calls + 12);
  expect(second.spent().usd).toBeGreaterThan(first.spent().usd);
});

it('does not replay for another model, and says so', async () => {
  await (await open('record')).client.ask(question('a'));
  await expect(open('replay', { model: 'another' })).rejects.toThrow(
    /recorded with another model or settings/,
  );
});

it('does not replay what was cut off before anything was asked, and says so', async () => {
  await (await open('record')).client.ask(question('a'));
  const tape = join(folder, 'answers.jsonl');
  const lines = readFileSync(tape, 'utf8').split('\n');
  const end = lines.findIndex((line) => line.includes('"capabilities"'));
  writeFileSync(tape, `${lines.slice(0, end).join('\n')}\n{"cut`);
  await expect(open('replay')).rejects.toThrow(/its end is missing/);
});

it('writes one line of trace for each HTTP request', async () => {
  const model = await open('auto');
  server.plan = mixed(0.3, 5, ['rate-limited', 'server-error']);
  for (let n = 0; n < 10; n++) await model.client.ask(question(`${n}`));
  const lines = readFileSync(join(folder, 'trace.jsonl'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(server.counts().requests);
  expect(model.spent().calls).toBe(server.counts().requests);
});
