// Requests that are broken or hostile, sent byte by byte to a served recommender: each is answered with its status and,
// where it was HTTP at all, with problem+json; afterwards the server answers a sound request as before.

import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { serve, type RunningServer } from '../../src/recommend/serve.ts';
import { smallWorld } from '../contracts/recommender.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await serve(await methodNamed('popularity').train(smallWorld(), {}, 1), { port: 0 });
});
afterAll(() => server.close());

const json = 'content-type: application/json';
const sound = { visitor: 'v', history: [], k: 2 };

function head(line: string, headers: readonly string[], host = 'host: localhost'): string {
  return [line, ...(host === '' ? [] : [host]), ...headers, '', ''].join('\r\n');
}
function posted(body: string | Buffer, headers: readonly string[] = [json], host?: string): Buffer {
  const bytes = Buffer.from(body);
  const length = `content-length: ${bytes.length}`;
  return Buffer.concat([Buffer.from(head('POST /recommend HTTP/1.1', [...headers, length], host)), bytes]);
}
const asked = (changes: object): Buffer => posted(JSON.stringify({ ...sound, ...changes }));
const got = (path: string, ...headers: string[]): string => head(`GET ${path} HTTP/1.1`, headers);
const noise = (seed: number): Buffer => {
  const random = randomFrom('hostile request', seed);
  return Buffer.from(Array.from({ length: 300 }, () => random.integer(256)));
};

/** What is sent, and the status that answers it. */
const requests: Readonly<Record<string, readonly [string | Buffer, number]>> = {
  'noise': [noise(1), 400],
  'more noise': [noise(2), 400],
  'a TLS greeting': [Buffer.from('16030100a5010000a10303', 'hex'), 400],
  'a line of another protocol': ['EHLO there\r\n\r\n', 400],
  'HTTP of another age': ['GET /health\r\n\r\n', 403],
  'HTTP of the future': ['GET /health HTTP/9.9\r\nhost: localhost\r\n\r\n', 400],
  'an unknown method': [head('STEAL /recommend HTTP/1.1', []), 400],
  'a header without a name': [head('GET /health HTTP/1.1', [': x']), 400],
  'a header with a NUL': [head('GET /health HTTP/1.1', ['x: a\0b']), 400],
  'headers without end': [head('GET /health HTTP/1.1', [`x: ${'a'.repeat(100_000)}`]), 431],
  'a length that is no number': [head('POST /recommend HTTP/1.1', [json, 'content-length: ten']), 400],
  'a length below nothing': [head('POST /recommend HTTP/1.1', [json, 'content-length: -1']), 400],
  'two lengths': [head('POST /recommend HTTP/1.1', [json, 'content-length: 1', 'content-length: 2']), 400],
  'a length and chunks': [head('POST /recommend HTTP/1.1', [json, 'content-length: 4', 'transfer-encoding: chunked']) + '0\r\n\r\n', 400],
  'chunks of no size': [head('POST /recommend HTTP/1.1', [json, 'transfer-encoding: chunked']) + 'zz\r\n\r\n', 400],
  'no host': [head('GET /health HTTP/1.1', [], ''), 400],
  'an empty host': [head('GET /health HTTP/1.1', [], 'host:'), 403],
  'a foreign host': [head('GET /health HTTP/1.1', [], 'host: evil.example'), 403],
  'a host that looks near': [head('GET /health HTTP/1.1', [], 'host: localhost.evil.example'), 403],
  'a host with a user': [head('GET /health HTTP/1.1', [], 'host: localhost@evil.example'), 403],
  'a foreign host, posting': [posted(JSON.stringify(sound), [json], 'host: evil.example:80'), 403],
  'a path that climbs out': [got('/../../etc/passwd'), 404],
  'a path that climbs out in disguise': [got('/%2e%2e/%2e%2e/etc/passwd'), 404],
  'a path with a NUL': [got('/recommend%00'), 404],
  'a path without end': [got(`/${'a'.repeat(8000)}`), 404],
  'a whole address for a path': [got('http://evil.example/recommend'), 404],
  'a path of the language': [got('/__proto__/recommend'), 404],
  'another case': [got('/RECOMMEND'), 404],
  'getting a recommendation': [got('/recommend'), 405],
  'deleting it': [head('DELETE /recommend HTTP/1.1', []), 405],
  'posting health': [head('POST /health HTTP/1.1', [json, 'content-length: 0']), 405],
  'asking what is allowed': [head('OPTIONS /recommend HTTP/1.1', ['origin: http://evil.example']), 403],
  'no content type': [posted('{}', []), 415],
  'a form': [posted('visitor=v&k=2', ['content-type: application/x-www-form-urlencoded']), 415],
  'plain text, as a page may send it': [posted(JSON.stringify(sound), ['content-type: text/plain']), 415],
  'a type that begins alike': [posted('{}', ['content-type: application/jsonp']), 415],
  'no body': [posted(''), 400],
  'half a body': [posted('{"visitor": "v", '), 400],
  'a body of noise': [posted(noise(3)), 400],
  'a body of Latin-1': [posted(Buffer.from('{"visitor": "L\xe9on", "history": [], "k": 2}', 'latin1')), 400],
  'a body of UTF-16': [posted(Buffer.from(JSON.stringify(sound), 'utf16le')), 400],
  'a packed body': [posted(Buffer.from('1f8b0800', 'hex'), [json, 'content-encoding: gzip']), 400],
  'brackets without end': [posted('['.repeat(500_000)), 400],
  'brackets that end': [posted('['.repeat(400_000) + ']'.repeat(400_000)), 422],
  'a body that is too large': [posted(JSON.stringify({ ...sound, visitor: 'x'.repeat(1_000_001) })), 413],
  'null': [posted('null'), 422],
  'a list': [posted('[]'), 422],
  'nothing asked': [posted('{}'), 422],
  'a visitor that is a number': [asked({ visitor: 1 }), 422],
  'a history that is an object': [asked({ history: { length: 9 } }), 422],
  'a history of ids': [asked({ history: ['a'] }), 422],
  'a time without end': [posted('{"visitor":"v","k":2,"history":[{"item":"a","time":1e999,"value":5}]}'), 422],
  'nothing wanted': [asked({ k: 0 }), 422],
  'less than nothing wanted': [asked({ k: -1 }), 422],
  'a million wanted': [asked({ k: 1_000_000 }), 422],
  'half an item wanted': [asked({ k: 1.5 }), 422],
  'an item wanted in words': [asked({ k: '2' }), 422],
  'an exclusion of objects': [asked({ exclude: [{}] }), 422],
  'a context of lists': [asked({ context: { page: [] } }), 422],
  'a seed that is too large': [asked({ seed: 1e300 }), 422],
}; // prettier-ignore

/** Sends the bytes and reads until the server closes or the answer is whole. */
function exchange(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const [, length] = /\r\ncontent-length: (\d+)/i.exec(text) ?? [];
      const body = text.indexOf('\r\n\r\n') + 4;
      if (length !== undefined && body > 3 && text.length >= body + Number(length)) socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(text) : reject(error)));
    socket.on('close', () => resolve(text));
  }); // prettier-ignore
}

async function answersSoundly(): Promise<boolean> {
  const answer = await exchange(posted(JSON.stringify(sound)));
  return answer.startsWith('HTTP/1.1 200') && answer.includes('"method":"popularity"');
}

it(`answers all of ${Object.keys(requests).length} with their status, and goes on`, async () => {
  expect(await answersSoundly()).toBe(true);
  const told: string[] = [];
  for (const [name, [bytes, status]] of Object.entries(requests)) {
    const answer = await exchange(bytes);
    const [, came] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
    if (Number(came) !== status) told.push(`${name}: ${came ?? 'nothing'} instead of ${status}`);
    // What is not even HTTP is answered by node itself, in one line.
    const isByNode = /^HTTP\/1\.1 4\d\d [^\r]*\r\nConnection: close\r\n/.test(answer);
    if (!isByNode && !/application\/problem\+json[^]*"detail":".{10,}"/.test(answer))
      told.push(`${name}: no problem was told: ${answer.slice(0, 200)}`);
    if (/ {4}at |node:internal/.test(answer)) told.push(`${name}: a stack was told`);
  }
  expect(told).toEqual([]);
  expect(Object.keys(requests).length).toBeGreaterThanOrEqual(50);
  expect(await answersSoundly()).toBe(true);
});

it('a visitor that goes away in the middle of its request takes nobody along', async () => {
  for (const part of [10, 60, 120]) {
    await new Promise<void>((done) => {
      const whole = posted(JSON.stringify(sound));
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
        socket.write(whole.subarray(0, part), () => socket.destroy());
      });
      socket.on('close', () => done());
    });
  }
  expect(await answersSoundly()).toBe(true);
});
