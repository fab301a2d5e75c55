// A model that thinks for a fixed time and then does something legal: an OpenAI-compatible server on the loopback, so that
// what a step costs outside the model can be measured without one. It reads what may be done, and no picture.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { wallMilliseconds } from '../base/clock.ts';
import { seedFrom } from '../base/random.ts';

/** What the stub can do in place of an answer. */
export const stubFaults = ['too many', 'broken', 'closed', 'no JSON', 'a page', 'empty'] as const;
export type StubFault = (typeof stubFaults)[number];

export interface StubModel {
  readonly baseUrl: string;
  /** Milliseconds from whole requests to whole answers, all together: what the model took. */
  busy(): number;
  requests(): number;
  close(): Promise<void>;
}

const bodySchema = z.object({
  messages: z.array(z.object({ content: z.unknown() })),
  response_format: z.object({ json_schema: z.object({ name: z.string() }) }),
});

/** Starts the stub on a free port; every answer takes `thinkingMs`, and `fault` may spoil the n-th request, from 0. */
export async function openStubModel(
  thinkingMs: number,
  fault: (n: number) => StubFault | null = () => null,
): Promise<StubModel> {
  let [busy, requests] = [0, 0];
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (text) => {
      const began = wallMilliseconds();
      const spoilt = fault(requests);
      requests += 1;
      await sleep(thinkingMs);
      if (spoilt !== null) return spoil(response, spoilt);
      const content = JSON.stringify(answerTo(bodySchema.parse(JSON.parse(text))));
      const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };
      const message = { role: 'assistant', content };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ model: 'stub', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }),
      );
      busy += wallMilliseconds() - began;
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    busy: () => busy,
    requests: () => requests,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

function spoil(response: ServerResponse, fault: StubFault): void {
  const said = (content: string): void => {
    const usage = { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010 };
    const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ model: 'stub', choices: [choice], usage }));
  };
  switch (fault) {
    case 'too many':
      response.writeHead(429, { 'retry-after': '0' }).end();
      return;
    case 'broken':
      response.writeHead(500).end();
      return;
    case 'closed':
      response.destroy();
      return;
    case 'no JSON':
      return said('I would rather not say.');
    case 'a page':
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Bad gateway</title>');
      return;
    case 'empty':
      return said('');
    default:
      return fault satisfies never;
  }
}

/** What is not an act is a reflection: visits of newcomers ask for nothing else. */
function answerTo({ messages, response_format }: z.infer<typeof bodySchema>): unknown {
  const words = JSON.stringify(messages.at(-1)?.content);
  if (response_format.json_schema.name !== 'act') return { conclusions: 'Nothing much.', importance: 2 };
  const draw = seedFrom('stub', words);
  const may = /You may: ([^."\\]+)/.exec(words)?.[1]?.split(', ') ?? ['leave 0'];
  // Seldom away, never to the search field: visits are to be long, and made of pages.
  const legal = may.filter(
    (one) => !one.startsWith('search') && (!one.startsWith('leave') || draw % 10 === 0),
  );
  const [action = 'leave', mark = '0'] = (legal[draw % legal.length] ?? 'leave 0').split(' ');
  return {
    noticed: [],
    interest: 1 + (draw % 5),
    mark: Number(mark),
    stars: action === 'rate' ? 1 + (draw % 5) : null,
    query: null,
    leaving: action === 'leave' ? 'bored' : null,
    reason: 'A stub does something legal.',
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
