// The wire: bounds on time and bytes, no redirects, and no key in anything that comes back.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { accessFrom } from '../../src/llm/settings.ts';
import { openWire, withoutKey, type Caught } from '../../src/llm/wire.ts';
import { chatRequest } from './asking.ts';
import { endpointAt } from './wired.ts';

const canary = 'sk-canary/9f8e"7d6c+5b4a';
let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  close = () =>
    new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function caughtAt(
  address: string,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Caught | null> {
  const wire = openWire({ operation: 'chat', timeoutMs: 2_000, key: canary, ...options });
  await wire.fetch(address).catch(() => undefined);
  return wire.caught();
}

it('waits no longer than it may, to the last byte', async () => {
  const address = await serve((_request, response) => {
    response.write('{');
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  expect(await caughtAt(address, { timeoutMs: 150 })).toMatchObject({ broken: 'timeout' });
});

it('reads no more than it may', async () => {
  const address = await serve((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  });
  expect(await caughtAt(address)).toMatchObject({ broken: 'endless' });
});

it('does not follow a redirect, and so does not carry the key elsewhere', async () => {
  let visits = 0;
  const address = await serve((request, response) => {
    visits++;
    response.writeHead(307, { location: `http://${request.headers.host}/elsewhere` }).end();
  });
  const { exchange } = await endpointAt(address, {}, { key: canary }).send(chatRequest());
  expect(exchange.failure).toMatchObject({ kind: 'rejected', status: 307 });
  expect(visits).toBe(1);
});

it('stops at once where the run is interrupted', async () => {
  const address = await serve(() => undefined);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 30);
  expect(await caughtAt(address, { signal: stop.signal })).toMatchObject({ broken: 'aborted' });
});

it('carries one request and no second', async () => {
  const address = await serve((_request, response) => response.end('{}'));
  const wire = openWire({ operation: 'chat', timeoutMs: 2_000, key: null });
  await wire.fetch(address);
  await expect(wire.fetch(address)).rejects.toThrow('carries one request');
});

it('strikes the key out of what the server says, however it is written', () => {
  const forms = [
    canary,
    JSON.stringify({ canary }),
    encodeURIComponent(canary),
    Buffer.from(canary).toString('base64'),
  ];
  for (const form of forms) {
    expect(withoutKey(`you sent ${form}.`, canary)).not.toContain('9f8e');
    expect(withoutKey(`you sent ${form}.`, canary)).toContain('[key]');
  }
  expect(withoutKey('an EMPTY list', 'EMPTY')).toBe('an EMPTY list');
});

it('sends the key as a bearer and nowhere else, and no other key of the environment', async () => {
  vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin-canary');
  vi.stubEnv('LANGSMITH_API_KEY', 'ls-canary');
  const seen: string[] = [];
  let headers = '';
  const address = await serve((request, response) => {
    headers = JSON.stringify(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(
        request.headers.authorization ?? '',
        `${request.url}${Buffer.concat(chunks).toString('utf8')}`,
      );
      response.writeHead(401).end(JSON.stringify({ error: { message: `Incorrect API key: ${canary}` } }));
    });
  });
  const { exchange } = await endpointAt(address, {}, { key: canary }).send(chatRequest());
  vi.unstubAllEnvs();
  expect(seen[0]).toBe(`Bearer ${canary}`);
  expect(headers).not.toMatch(/sk-admin-canary|ls-canary/);
  expect(seen[1]).not.toContain('9f8e');
  expect(exchange.failure).toMatchObject({ kind: 'unauthorised', message: expect.stringContaining('[key]') });
  expect(JSON.stringify(exchange)).not.toContain('9f8e');
});

it('takes the address from the flag, else the scenario, else the environment, and the key from the environment', () => {
  const environment = { OPENAI_BASE_URL: 'http://env/v1', OPENAI_API_KEY: 'secret-key' };
  expect(accessFrom(environment, { baseUrl: 'http://scenario/v1' }, 'http://flag/v1/')).toEqual({
    baseUrl: 'http://flag/v1',
    key: 'secret-key',
  });
  expect(accessFrom(environment, { baseUrl: 'http://scenario/v1' }).baseUrl).toBe('http://scenario/v1');
  expect(accessFrom(environment, {}).baseUrl).toBe('http://env/v1');
  expect(() => accessFrom({}, {})).toThrow(/none is named/);
});

it.each(['not an address', 'ftp://host/v1', 'http://user:hidden@host/v1', 'http://host/v1?api_key=hidden'])(
  'does not take %s for an address, and does not repeat what may be secret in it',
  (address) => {
    expect(() => accessFrom({}, {}, address)).toThrow(/http address of a model endpoint/);
    try {
      accessFrom({}, {}, address);
    } catch (error) {
      expect(String(error)).not.toContain('hidden');
    }
  },
);
