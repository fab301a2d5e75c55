import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { checked } from '../../src/recommend/checked.ts';
import { ArmError, type ArmFault } from '../../src/recommend/recommender.ts';
import { checkHealth, remoteRecommender } from '../../src/recommend/remote.ts';
import { requestOf } from '../contracts/recommender.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server that does as it is told; its address. */
async function serverThat(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function failure(url: string, timeoutMs = 2000): Promise<ArmError> {
  const error: unknown = await remoteRecommender({ url, timeoutMs })
    .recommend(requestOf())
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (error instanceof ArmError) return error;
  throw new Error(`Expected an ArmError, got ${String(error)}`);
}

const slate = { items: [{ id: 'a', score: 1, propensity: 1 }], method: 'm', version: '1' };
const problem = JSON.stringify({ title: 'No model', detail: 'train it first', status: 503 });

const broken: [string, RequestListener, ArmFault, RegExp][] = [
  [
    'a page',
    (_, r) => r.setHeader('content-type', 'text/html').end('<h1>hi</h1>'),
    'malformed',
    /JSON.*<h1>hi.*text\/html/,
  ],
  ['an empty answer', (_, r) => r.end(), 'malformed', /expected to answer with JSON/],
  ['other JSON', (_, r) => r.end('{"items":[{"item":"a"}]}'), 'malformed', /another shape[^]*id/],
  [
    'an unknown way of generating',
    (_, r) => r.end(JSON.stringify({ ...slate, generated: { by: 'luck' } })),
    'malformed',
    /another shape[^]*generated/,
  ],
  ['a problem', (_, r) => r.writeHead(503).end(problem), 'error', /503.*No model: train it first/],
  ['an error page', (_, r) => r.writeHead(500).end('oh\u001b[2J no'), 'error', /500.*oh\\u001b/],
  [
    'a redirect',
    (_, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    'error',
    /302.*not followed/,
  ],
  [
    'two megabytes',
    (_, r) => r.end(JSON.stringify({ ...slate, method: 'x'.repeat(2_000_000) })),
    'malformed',
    /1000000 bytes/,
  ],
  ['a broken connection', (_, r) => r.destroy(), 'error', /broke before an answer/],
  [
    'half an answer',
    (_, r) => (
      r.writeHead(200, { 'content-length': '100' }),
      r.write('{'),
      setTimeout(() => r.destroy(), 20)
    ),
    'error',
    /broke/,
  ],
];

describe('a remote recommender', () => {
  it.each(broken)('turns %s into an ArmError of its own', async (_name, listener, fault, says) => {
    const url = await serverThat(listener);
    const error = await failure(url);
    expect(error.fault).toBe(fault);
    expect(error.message).toMatch(says);
    expect(error.message).toContain(url);
    expect(error.hint).not.toBe('');
  });

  it('gives up after timeoutMs, before and within the body', async () => {
    const silent = await serverThat(() => {});
    expect(await failure(silent, 80)).toMatchObject({
      fault: 'timeout',
      message: expect.stringMatching(/80 ms/),
    });
    const slow = await serverThat((_, response) => void response.writeHead(200).write('{'));
    expect(await failure(slow, 80)).toMatchObject({ fault: 'timeout' });
  });

  it('says that nothing listens or that a host has no address', async () => {
    const url = await serverThat(() => {});
    servers.splice(0).forEach((server) => server.close());
    expect(await failure(url)).toMatchObject({
      fault: 'error',
      message: expect.stringMatching(/Nothing listens/),
    });
    expect((await failure('http://no-such-host.invalid')).fault).toBe('error');
  });

  it('refuses an address that is none', () => {
    for (const url of ['nonsense', 'ftp://127.0.0.1', 'http://user:word@127.0.0.1']) {
      expect(() => remoteRecommender({ url, timeoutMs: 10 })).toThrowError(UsageError);
    }
  });

  it('does not repeat a password that stands in an address', () => {
    const asked = () => remoteRecommender({ url: 'http://user:word@127.0.0.1', timeoutMs: 10 });
    expect(asked).toThrow(/127\.0\.0\.1/);
    expect(asked).not.toThrow(/word@/);
  });

  it('posts the request as JSON to /recommend below its address and leaves redirect targets alone', async () => {
    const seen: { path?: string; body?: unknown; type?: string } = {};
    const url = await serverThat(async (request, response) => {
      let body = '';
      for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
      Object.assign(seen, {
        path: request.url,
        body: JSON.parse(body),
        type: request.headers['content-type'],
      });
      response.end(JSON.stringify(slate));
    });
    const request = requestOf({ history: [{ item: 'é', time: 1, value: 4 }], exclude: ['b'] });
    expect(await remoteRecommender({ url: `${url}/models/`, timeoutMs: 2000 }).recommend(request)).toEqual(
      slate,
    );
    expect(seen).toEqual({ path: '/models/recommend', body: request, type: 'application/json' });
  });

  it('reports the health of a server that is not well as an error', async () => {
    const url = await serverThat((_, response) => response.end('{"status":"starting"}'));
    await expect(checkHealth(url)).rejects.toThrowError(/another shape/);
  });
});

describe('the server printed in docs/recommender-http.md', () => {
  const page = readFileSync(new URL('../../docs/recommender-http.md', import.meta.url), 'utf8');
  const source = /```js\n([^]*?)```/.exec(page)![1]!;

  it('is under 25 lines, is well and passes the door', async () => {
    expect(source.trim().split('\n').length).toBeLessThan(25);
    const url = await serverThat(() => {});
    const port = new URL(url).port;
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      env: { ...process.env, PORT: port },
    });
    try {
      let isWell = false;
      for (let tries = 0; tries < 100 && !isWell; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        isWell = await checkHealth(url).then(
          (health) => health.status === 'ok',
          () => false,
        );
      }
      expect(isWell).toBe(true);
      const ids = new Set(['318', '858', '527', '50', '296', '593']);
      const door = checked(remoteRecommender({ url, timeoutMs: 2000 }), ids, { timeoutMs: 2000 });
      const { items } = await door.recommend(requestOf({ k: 5, exclude: ['858', '50'] }));
      expect(items.map((item) => item.id)).toEqual(['318', '527', '296', '593']);
    } finally {
      child.kill();
    }
  });
});
