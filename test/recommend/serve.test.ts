import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import type { Recommender } from '../../src/recommend/recommender.ts';
import { checkHealth, remoteRecommender } from '../../src/recommend/remote.ts';
import { serve, type RunningServer } from '../../src/recommend/serve.ts';
import { requestOf, smallWorld } from '../contracts/recommender.ts';
import { brokenRecommenders } from './broken-recommenders.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly allow: string | undefined;
  readonly json: Record<string, unknown>;
}

/** One plain HTTP exchange, with any header. */
function exchange(url: string, method: string, headers: Record<string, string>, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const { allow, 'content-type': type = '' } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          type,
          allow,
          json: JSON.parse(text) as Record<string, unknown>,
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const minimal = JSON.stringify({ visitor: 'v', history: [], k: 2 });

describe('serve', () => {
  let popularity: Recommender;
  let server: RunningServer;
  beforeAll(async () => {
    popularity = await methodNamed('popularity').train(smallWorld(), {}, 1);
    server = await serve(popularity, { port: 0 });
  });
  afterAll(() => server.close());

  it('answers exactly items, method, version and ms', async () => {
    const { status, type, json: answer } = await exchange(`${server.url}/recommend`, 'POST', json, minimal);
    expect([status, type]).toEqual([200, 'application/json']);
    expect(Object.keys(answer)).toEqual(['items', 'method', 'version', 'ms']);
    expect(answer['items']).toEqual((await popularity.recommend(requestOf({ k: 2 }))).items);
    expect(answer['version']).toBe(popularity.version);
  });

  it('hears /health while it works through a queue, drops who hung up, and refuses who comes when it is full', async () => {
    const seen: string[] = [];
    const slow: Recommender = {
      method: 'slow',
      version: '1',
      recommend: async ({ visitor }) => {
        seen.push(visitor);
        const until = performance.now() + 5;
        while (performance.now() < until);
        return { items: [], method: 'slow', version: '1' };
      },
    };
    const busy = await serve(slow, { port: 0 });
    const body = (visitor: string) => JSON.stringify({ visitor, history: [], k: 1 });
    const ask = (visitor: string) => exchange(`${busy.url}/recommend`, 'POST', json, body(visitor));
    try {
      const many = Array.from({ length: 100 }, (_, at) => ask(`first ${at}`));
      await Promise.race(many);
      await exchange(`${busy.url}/health`, 'GET', {});
      expect(seen.length).toBeLessThan(100);
      await Promise.all(many);
      seen.length = 0;
      const gone = Array.from({ length: 100 }, (_, at) => {
        const headers = { ...json, 'content-length': String(body(`gone ${at}`).length) };
        const sent = httpRequest(`${busy.url}/recommend`, { method: 'POST', headers });
        sent.on('error', () => {});
        sent.end(body(`gone ${at}`));
        return sent;
      });
      while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const sent of gone) sent.destroy();
      expect((await ask('last')).status).toBe(200);
      expect(seen.at(-1)).toBe('last');
      expect(seen.length).toBeLessThan(100);
      // Four hundred in one piece: all are there before the first is answered.
      const { port } = new URL(busy.url);
      const one = `POST /recommend HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${minimal.length}\r\n\r\n${minimal}`;
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(one.repeat(400));
      let told = '';
      for await (const chunk of socket) {
        told += String(chunk);
        if ((told.match(/HTTP\/1\.1 /g) ?? []).length === 400) break;
      }
      expect(told.match(/HTTP\/1\.1 503 [^]*?retry-after: 1/g)!.length).toBeGreaterThan(0);
      expect(told.match(/HTTP\/1\.1 200 /g)!.length).toBeGreaterThanOrEqual(256);
    } finally {
      await busy.close();
    }
  });

  it('tells five faults of a request and counts the others; a history beyond all measure is not read', async () => {
    const faulty = (entries: number) =>
      exchange(
        `${server.url}/recommend`,
        'POST',
        json,
        JSON.stringify({ visitor: 'v', k: 2, history: Array.from({ length: entries }, () => ({})) }),
      );
    const some = await faulty(1000);
    expect(some.status).toBe(422);
    expect(some.json['detail']).toMatch(/history\[0\]\.item[^]*and 2995 faults more$/);
    const many = await faulty(300_000);
    expect(many.status).toBe(422);
    expect(String(many.json['detail']).length).toBeLessThan(300);
    expect(many.json['detail']).toMatch(/32000/);
  });

  it('refuses an empty host, which would be every address of the machine', async () => {
    await expect(serve(popularity, { port: 0, host: '' })).rejects.toThrowError(/empty/);
  });

  const post = (path: string, headers: Record<string, string>, body: string) => () =>
    exchange(`${server.url}${path}`, 'POST', headers, body);
  const wrong: [string, number, () => Promise<Answer>][] = [
    ['an unknown path', 404, post('/recommendations', json, minimal)],
    ['GET on /recommend', 405, () => exchange(`${server.url}/recommend`, 'GET', {})],
    ['POST on /health', 405, post('/health', json, '{}')],
    ['a body that is not JSON', 400, post('/recommend', json, '{"visitor":')],
    ['a form', 415, post('/recommend', { 'content-type': 'application/x-www-form-urlencoded' }, 'k=1')],
    ['no content type', 415, post('/recommend', {}, minimal)],
    ['k of zero', 422, post('/recommend', json, JSON.stringify({ visitor: 'v', history: [], k: 0 }))],
    ['a missing visitor', 422, post('/recommend', json, JSON.stringify({ history: [], k: 1 }))],
    [
      'two megabytes',
      413,
      post('/recommend', json, JSON.stringify({ visitor: 'x'.repeat(2_000_000), history: [], k: 1 })),
    ],
    ['a foreign Host header', 403, post('/recommend', { ...json, host: 'evil.example' }, minimal)],
  ];
  it.each(wrong)('answers %s with problem+json %i', async (_name, status, ask) => {
    const answer = await ask();
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
    expect(answer.json).toMatchObject({ type: expect.any(String), title: expect.any(String), status });
    expect(String(answer.json['detail']).length).toBeGreaterThan(10);
    expect(answer.allow !== undefined).toBe(status === 405);
  });

  it.each(['localhost', '127.0.0.1:1234', '[::1]:80', 'LOCALHOST'])(
    'accepts the Host header %s',
    async (host) => {
      expect((await exchange(`${server.url}/recommend`, 'POST', { ...json, host }, minimal)).status).toBe(
        200,
      );
    },
  );

  it('takes hosts that were allowed in capitals, as the names that callers send are not', async () => {
    const other = await serve(popularity, { port: 0, allowedHosts: ['VM.Example'] });
    const { status } = await exchange(`${other.url}/health`, 'GET', { host: 'vm.example' });
    await other.close();
    expect(status).toBe(200);
  });

  it('tells its health', async () => {
    const { method, version } = popularity;
    expect(await checkHealth(server.url)).toEqual({
      status: 'ok',
      recommenders: [{ name: method, method, version }],
    });
  });

  it('passes the failure of a recommender on as 500 with its message', async () => {
    const broken = await serve(brokenRecommenders['a rejection']!.recommender, { port: 0 });
    const answer = await exchange(`${broken.url}/recommend`, 'POST', json, minimal);
    await broken.close();
    expect(answer).toMatchObject({
      status: 500,
      type: 'application/problem+json',
      json: { detail: 'no model loaded' },
    });
  });

  it('serves several by name', async () => {
    const random = await methodNamed('random').train(smallWorld(), {}, 1);
    const both = await serve(new Map([['pop', popularity], ['rnd', random]]), { port: 0 }); // prettier-ignore
    const ask = (name: string) =>
      remoteRecommender({ url: `${both.url}/${name}`, timeoutMs: 2000 }).recommend(requestOf());
    const [first, second] = [await ask('pop'), await ask('rnd')];
    const health = await checkHealth(both.url);
    await both.close();
    expect([first.method, second.method]).toEqual(['popularity', 'random']);
    expect(health.recommenders?.map((recommender) => recommender.name)).toEqual(['pop', 'rnd']);
  });

  it('says that a port is taken, out of range, or that a name does not fit', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serve(popularity, { port })).rejects.toThrowError(/something else listens there/);
    await expect(serve(popularity, { port: 70_000 })).rejects.toBeInstanceOf(UsageError);
    await expect(serve(new Map([['a/b', popularity]]), { port: 0 })).rejects.toThrowError(/"a\/b"/);
    await expect(serve(new Map(), { port: 0 })).rejects.toBeInstanceOf(UsageError);
  });

  it('closes while connections are kept alive', async () => {
    const other = await serve(popularity, { port: 0 });
    await remoteRecommender({ url: other.url, timeoutMs: 2000 }).recommend(requestOf());
    await other.close();
    await expect(checkHealth(other.url)).rejects.toThrowError(/refused/);
  });

  it('answers what has come before it closes, and takes nothing more', async () => {
    const [come, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let waiting = 0;
    const slow: Recommender = {
      ...popularity,
      recommend: async (request) => {
        if (++waiting === 3) come.resolve();
        await asked.promise;
        return popularity.recommend(request);
      },
    };
    const other = await serve(slow, { port: 0 });
    const answers = Array.from({ length: 3 }, () =>
      exchange(`${other.url}/recommend`, 'POST', { ...json, connection: 'keep-alive' }, minimal),
    );
    await come.promise;
    const closed = other.close();
    await expect(checkHealth(other.url)).rejects.toThrowError(/refused/);
    asked.resolve();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await closed;
  });

  it.each([0, 5.1, -1])('a value of %d in a history is no request', async (value) => {
    const history = [{ item: 'a', time: 0, value }];
    const { status, json: problem } = await exchange(
      `${server.url}/recommend`,
      'POST',
      json,
      JSON.stringify({ visitor: 'v', history, k: 2 }),
    );
    expect(status).toBe(422);
    expect(problem['detail']).toMatch(/value/);
  });

  it('says of a host that is not of this machine that it is the host', async () => {
    await expect(serve(popularity, { port: 0, host: '203.0.113.7' })).rejects.toMatchObject({
      hint: expect.stringContaining('--host'),
    });
  });
});
