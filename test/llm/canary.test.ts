// A key that must not leak: a run's worth of calls with a server that repeats the key wherever it can. Then every
// file and message that came of it is searched, for the key and for its forms.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ModelError } from '../../src/llm/failure.ts';
import { text } from '../../src/llm/message.ts';
import { llmSchema, openModel } from '../../src/llm/open.ts';
import { accessFrom } from '../../src/llm/settings.ts';
import { decided, decisionSchema, everything, question } from './asking.ts';

const canary = 'sk-live-CANARY-4f7a1b';

it(
  'never writes the key into a cassette, a trace, a log, an answer or an error',
  { timeout: 60_000 },
  async () => {
    let n = 0;
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        const echo = request.headers.authorization ?? '';
        const bodies: readonly [number, string][] = [
          [
            200,
            JSON.stringify({
              choices: [{ message: { content: decided.replace('short', echo) } }],
              model: echo,
            }),
          ],
          [200, JSON.stringify({ choices: [{ message: { content: `no JSON, but ${echo}` } }] })],
          [200, JSON.stringify({ choices: [{ message: { content: null, refusal: echo } }] })],
          [200, `<html>${echo}</html>`],
          [200, JSON.stringify({ choices: [{ message: { content: JSON.stringify({ [echo]: 1 }) } }] })],
          [400, JSON.stringify({ error: { message: `bad request ${echo}` } })],
          [401, JSON.stringify({ error: { message: `Incorrect API key provided: ${echo}` } })],
          [500, echo],
        ];
        const [status, body] = bodies[n++ % bodies.length] ?? [500, ''];
        response.writeHead(status, { 'x-echo': echo }).end(body);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const folder = mkdtempSync(join(tmpdir(), 'rehearsal-canary-'));
    const printed = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const spies = printed.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined));
    // Each of these makes one of the libraries beneath us talk, or trace to another server.
    for (const [name, value] of Object.entries({
      OPENAI_LOG: 'debug',
      LANGSMITH_TRACING: 'true',
      LANGSMITH_ENDPOINT: baseUrl,
      LANGSMITH_API_KEY: 'x',
    })) {
      vi.stubEnv(name, value);
    }
    try {
      const { client, spent, close } = await openModel({
        settings: llmSchema.parse({
          model: 'gpt-4o',
          capabilities: everything,
          attempts: 1,
          traceContent: true,
          cassette: { path: join(folder, 'answers.jsonl') },
        }),
        access: accessFrom({ OPENAI_API_KEY: canary }, { baseUrl }),
        tracePath: join(folder, 'trace.jsonl'),
      });
      const came: unknown[] = [];
      for (let asked = 0; asked < 24; asked++) {
        const tools = [
          { name: 'recall', description: 'x', input: decisionSchema, run: async () => [text('x')] },
        ];
        const reply = await client.ask(question(`n ${asked}`, asked % 3 === 0 ? { tools } : {}));
        came.push(reply, reply.status === 'failed' ? new ModelError(reply.failure).stack : null);
      }
      expect(spent().calls).toBe(n);
      close();
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
      expect(files).toHaveLength(2);
      const everythingWritten = [
        ...files,
        JSON.stringify(came),
        JSON.stringify(spies.map((spy) => spy.mock.calls)),
      ].join('\n');
      expect(everythingWritten).toContain('[key]');
      expect(everythingWritten).not.toContain('CANARY');
      expect(everythingWritten).not.toContain(Buffer.from(canary).toString('base64'));
    } finally {
      vi.unstubAllEnvs();
      spies.forEach((spy) => spy.mockRestore());
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
