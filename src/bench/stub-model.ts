// A model that thinks for a fixed time and then does something legal: an OpenAI-compatible server on the loopback, so that
// what a step costs outside the model can be measured without one. It reads what may be done, and no picture.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { wallMilliseconds } from '../base/clock.ts';
import { seedFrom } from '../base/random.ts';

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

/** Starts the stub on a free port; every answer takes `thinkingMs`. */
export async function openStubModel(thinkingMs: number): Promise<StubModel> {
  let [busy, requests] = [0, 0];
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (text) => {
      const began = wallMilliseconds();
      requests += 1;
      await sleep(thinkingMs);
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
