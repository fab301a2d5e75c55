// How a question becomes an answer: the ladder of modes, one repair and no more, and the bounded loop of an agent.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonIn } from '../../src/llm/answer.ts';
import { openClient } from '../../src/llm/ask.ts';
import type { Question } from '../../src/llm/client.ts';
import type { Endpoint } from '../../src/llm/endpoint.ts';
import { picture, text } from '../../src/llm/message.ts';
import { modeFor } from '../../src/llm/question.ts';
import { busy, decided, everything, question, scripted, type Decision } from './asking.ts';
import { clientAt } from './wired.ts';
import { openStandIn, type StandIn } from './stand-in/server.ts';

describe('the ladder', () => {
  it('goes from JSON schema to tools, to JSON mode, to words', () => {
    expect(modeFor({ schema: true, tools: true, json: true })).toBe('schema');
    expect(modeFor({ schema: false, tools: true, json: true })).toBe('tools');
    expect(modeFor({ schema: false, tools: false, json: true })).toBe('json');
    expect(modeFor({ schema: false, tools: false, json: false })).toBe('prompt');
  });

  it('puts the schema into words, at the end of the fixed text, only where it does not go over the wire', async () => {
    const inWords = scripted([decided]);
    await openClient(inWords, { ...everything, schema: false, tools: false }).ask(question());
    const [request] = inWords.asked;
    const system = request?.operation === 'chat' ? JSON.stringify(request.messages[0]) : '';
    expect(system).toMatch(/film site.*fits this JSON Schema/);
    const onWire = scripted([decided]);
    await openClient(onWire, everything).ask(question());
    expect(JSON.stringify(onWire.asked[0])).not.toContain('fits this JSON Schema');
  });

  it('finds JSON between fences among other fences, and none in line ends without end', () => {
    expect(jsonIn('So:\n```ts\nlet a;\n```\n```json \n\n{"a":1}\n ```\nDone')).toEqual({ a: 1 });
    expect(jsonIn('```\n{"a":1}```')).toEqual({ a: 1 });
    expect(jsonIn(`\`\`\`json${'\n'.repeat(90_000)}x`)).toBeUndefined();
    expect(jsonIn(`${'``` '.repeat(20_000)}\n`)).toBeUndefined();
  });

  it('takes off what models put around JSON', async () => {
    for (const said of [
      decided,
      `\n\n${decided}\n`,
      '```json\n' + decided + '\n```',
      `<think>Maybe {"interest":1}?</think>${decided}`,
      `Sure! Here it is: ${decided} Anything else?`,
    ]) {
      const reply = await openClient(scripted([said]), everything).ask(question());
      expect(reply).toMatchObject({ status: 'answered', answer: { mark: 2 }, repairs: 0 });
    }
  });
});

describe('repair', () => {
  it('shows a model once what is wrong, and counts it', async () => {
    const endpoint = scripted(['{"interest":9,"mark":2,"reason":"x"}', decided]);
    const reply = await openClient(endpoint, everything).ask(question());
    expect(reply).toMatchObject({ status: 'answered', repairs: 1, answer: { interest: 4 } });
    expect(reply.exchanges.map(({ failure }) => failure?.kind ?? null)).toEqual(['off-schema', null]);
    expect(JSON.stringify(endpoint.asked[1])).toMatch(/interest: .*Give the whole answer again/);
  });

  it('happens once: a second wrong answer fails with both kept', async () => {
    const endpoint = scripted(['no', 'no']);
    const reply = await openClient(endpoint, everything).ask(question());
    expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'not-json' } });
    expect(reply.exchanges.map(({ raw, repair }) => [raw, repair])).toEqual([
      ['no', 0],
      ['no', 1],
    ]);
    expect(endpoint.asked).toHaveLength(2);
  });

  it('also mends what only a refinement forbids, such as a mark that is not on the screen', async () => {
    const schema = question().schema.refine(({ mark }) => mark <= 2, {
      path: ['mark'],
      message: 'not on the screen',
    });
    const endpoint = scripted(['{"interest":4,"mark":9999,"reason":"x"}', decided]);
    const reply = await openClient(endpoint, everything).ask(question('Which?', { schema }));
    expect(reply).toMatchObject({ status: 'answered', repairs: 1 });
    expect(reply.exchanges[0]?.failure?.message).toContain('mark: not on the screen');
  });

  it('leaves the prefix of the question as it was', async () => {
    const endpoint = scripted(['no', decided]);
    await openClient(endpoint, everything).ask(question());
    const [first, second] = endpoint.asked.map((request) =>
      request.operation === 'chat' ? JSON.stringify(request.messages).slice(0, -1) : '',
    );
    expect(second?.startsWith(first ?? '-')).toBe(true);
  });

  it('is not for what the connection did', async () => {
    const endpoint = scripted([busy]);
    const reply = await openClient(endpoint, everything).ask(question());
    expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'rate-limited' } });
    expect(endpoint.asked).toHaveLength(1);
  });
});

it('refuses a picture for a model that cannot see, and sends nothing', async () => {
  const endpoint = scripted([decided]);
  const seen: Question<Decision> = question('See.', {
    messages: [{ role: 'user', content: [picture(new Uint8Array([1]), 'image/jpeg')] }],
  });
  const reply = await openClient(endpoint, { ...everything, vision: false }).ask(seen);
  expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'unsupported' } });
  expect(reply.exchanges[0]?.attempts).toBe(0);
  expect(endpoint.asked).toHaveLength(0);
});

it.each([
  ['an optional field', z.strictObject({ a: z.int().optional() })],
  ['an open object', z.looseObject({ a: z.int() })],
  ['a list', z.array(z.int())],
  ['a tuple', z.strictObject({ a: z.tuple([z.int()]) })],
])('tells us at once that strict mode does not take %s', async (_name, schema) => {
  const ask = openClient(scripted([decided]), everything).ask({ ...question(), schema: schema as z.ZodType });
  await expect(ask).rejects.toThrow(/strict mode|must be an object/);
});

it('does not take the answer to half a question for an answer', async () => {
  const server = await openStandIn({ kind: 'ollama' });
  const client = clientAt(server.baseUrl, { context: 4_096 });
  expect(await client.ask(question('A short one.'))).toMatchObject({ status: 'answered' });
  expect(await client.ask(question('word '.repeat(5_000)))).toMatchObject({
    status: 'failed',
    failure: { kind: 'question-cut', message: expect.stringContaining('4096 tokens') },
  });
  await server.close();
});

it('asks for one of several actions in a way that strict mode takes', async () => {
  const server = await openStandIn();
  const action = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('open'), mark: z.int() }),
    z.strictObject({ type: z.literal('leave') }),
  ]);
  const reply = await clientAt(server.baseUrl).ask({ ...question(), schema: z.strictObject({ action }) });
  expect(reply).toMatchObject({ status: 'answered', repairs: 0 });
  await server.close();
});

describe('an agent', () => {
  let server: StandIn;
  beforeAll(async () => {
    server = await openStandIn();
  });
  afterAll(async () => server.close());

  const tool = (run: (input: { query: string }) => Promise<readonly ReturnType<typeof text>[]>) => ({
    name: 'recall',
    description: 'Searches your memory.',
    input: z.strictObject({ query: z.string() }),
    run: run as (input: unknown) => Promise<readonly ReturnType<typeof text>[]>,
  });

  it('hands the result of its tools to the next turn, pictures too', async () => {
    const dot = picture(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
      'image/png',
    );
    const before = server.requests().length;
    const reply = await clientAt(server.baseUrl).ask(
      question('As an agent.', {
        tools: [{ ...tool(async () => []), run: async () => [text('You liked it.'), dot] }],
      }),
    );
    expect(reply).toMatchObject({ status: 'answered', toolsUsed: ['recall'] });
    const last = server.requests().at(-1)?.messages ?? [];
    expect(server.requests().length - before).toBe(2);
    expect(last.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
    expect(JSON.stringify(last[3])).toContain('You liked it.');
    expect(JSON.stringify(last[4])).toContain('data:image/png;base64');
  });

  it('uses no more tools than it may, and must then answer', async () => {
    const reply = await clientAt(server.baseUrl).ask(
      question('No tools left.', { tools: [tool(async () => [text('nothing')])], toolCalls: 0 }),
    );
    expect(reply).toMatchObject({ status: 'answered', toolsUsed: [] });
    expect(server.requests().at(-1)?.tools).toHaveLength(1);
  });

  it('tells the calls of its turns apart, also where the server does not', async () => {
    const inputs: unknown[] = [];
    let turn = 0;
    const base = scripted([decided]);
    const nameless: Endpoint = {
      identity: base.identity,
      send: async (request) => {
        const reply = await base.send(request);
        const said =
          turn++ < 2
            ? { content: '', calls: [{ id: 'same', name: 'recall', input: { query: `turn ${turn}` } }] }
            : { content: decided, calls: [] };
        const failure = request.operation === 'chat' ? request.judge(said) : null;
        return { ...reply, said, exchange: { ...reply.exchange, failure } };
      },
    };
    const recall = tool(async (input) => {
      inputs.push(input.query);
      return [text('found')];
    });
    const reply = await openClient(nameless, everything).ask(question('Twice.', { tools: [recall] }));
    expect(reply).toMatchObject({ status: 'answered', toolsUsed: ['recall', 'recall'] });
    expect(inputs).toEqual(['turn 1', 'turn 2']);
  });

  it('fails by name where the model goes on calling what it may not', async () => {
    const base = scripted([decided]);
    const insisting: Endpoint = {
      identity: base.identity,
      send: async (request) => {
        const reply = await base.send(request);
        const said = { content: '', calls: [{ id: 'a', name: 'recall', input: { query: 'x' } }] };
        const failure = request.operation === 'chat' ? request.judge(said) : null;
        return { ...reply, said, exchange: { ...reply.exchange, failure } };
      },
    };
    const reply = await openClient(insisting, everything).ask(
      question('Insist.', { tools: [tool(async () => [text('nothing')])], toolCalls: 2 }),
    );
    expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'tool-limit' } });
    expect(reply.exchanges).toHaveLength(4);
  });

  it('lets a defect of a tool through as what it is', async () => {
    const ask = clientAt(server.baseUrl).ask(
      question('Broken tool.', { tools: [tool(() => Promise.reject(new Error('the memory is gone')))] }),
    );
    await expect(ask).rejects.toThrow('the memory is gone');
  });

  it('says that it was interrupted, and does not break', async () => {
    const stop = new AbortController();
    server.latency = 200;
    setTimeout(() => stop.abort(), 50);
    const reply = await clientAt(server.baseUrl).ask(
      question('Stop.', { tools: [tool(async () => [])], signal: stop.signal }),
    );
    server.latency = 0;
    expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'aborted' } });
  });

  it('fails as its endpoint fails', async () => {
    server.plan = () => 'server-error';
    const reply = await clientAt(server.baseUrl).ask(question('Down.', { tools: [tool(async () => [])] }));
    server.plan = () => null;
    expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'server-error', status: 500 } });
    expect(reply.exchanges).toHaveLength(1);
  });
});
