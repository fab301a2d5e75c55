// Cassettes: what was said is said again, to the byte, without a server; what was not is a miss with its reason.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openClient } from '../../src/llm/ask.ts';
import { openCassetteFile } from '../../src/llm/cassette-file.ts';
import { openCassette, taped, type CassetteMode } from '../../src/llm/cassette.ts';
import type { Exchange, Reply } from '../../src/llm/client.ts';
import type { Endpoint } from '../../src/llm/endpoint.ts';
import { picture } from '../../src/llm/message.ts';
import { busy, chatRequest, decided, everything, question, scripted } from './asking.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-cassette-'));
  path = join(folder, 'cassettes', 'answers.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const on = (endpoint: Endpoint, mode: CassetteMode): Endpoint =>
  taped(endpoint, openCassette(path, mode), mode);

/** What may differ between a run and its replay. */
const weather = ({ attempts, source, ms, ...exchange }: Exchange): unknown =>
  attempts >= 0 && source !== null && ms >= 0 ? exchange : null;
const lasting = (reply: Reply<unknown>): unknown => ({ ...reply, exchanges: reply.exchanges.map(weather) });

it('replays answers, repairs and refusals alike, without asking', async () => {
  const spoken = ['{"interest":9}', decided, 'never', 'never again', decided];
  const live = openClient(on(scripted(spoken), 'record'), everything);
  const recorded = [
    await live.ask(question('a')),
    await live.ask(question('b')),
    await live.ask(question('c')),
  ];
  expect(recorded.map(({ status }) => status)).toEqual(['answered', 'failed', 'answered']);

  const silent = scripted([busy]);
  const again = openClient(on(silent, 'replay'), everything);
  const replayed = [
    await again.ask(question('a')),
    await again.ask(question('b')),
    await again.ask(question('c')),
  ];
  expect(replayed.map(lasting)).toEqual(recorded.map(lasting));
  expect(silent.asked).toHaveLength(0);
  expect(replayed[0]?.exchanges[0]).toMatchObject({ source: 'cassette', attempts: 0, usd: 0.01 });
});

it('gives equal questions equal answers where the first of them found no answer', async () => {
  let n = 0;
  const spoken = [busy, ...[1, 2].map((interest) => `{"interest":${interest},"mark":1,"reason":"x"}`)];
  const inner = scripted(() => spoken[n++]!);
  const endpoint = on(inner, 'record');
  const asked = await Promise.all([1, 2, 3, 4].map(() => endpoint.send(chatRequest('same'))));
  expect(new Set(asked.slice(1).map(({ exchange }) => exchange.raw)).size).toBe(1);
  expect(inner.asked).toHaveLength(2);
});

it('gives equal questions equal answers within one recording, asked at once or later', async () => {
  let n = 0;
  const inner = scripted(() => `{"interest":${(n++ % 5) + 1},"mark":1,"reason":"x"}`);
  const endpoint = on(inner, 'record');
  const twins = await Promise.all([endpoint.send(chatRequest('same')), endpoint.send(chatRequest('same'))]);
  const later = await endpoint.send(chatRequest('same'));
  expect(new Set([...twins, later].map(({ exchange }) => exchange.raw)).size).toBe(1);
  expect(inner.asked).toHaveLength(1);
  const other = await endpoint.send(chatRequest('same', { replicate: 1 }));
  expect(other.exchange.raw).not.toBe(later.exchange.raw);
});

it('does not keep what the connection did', async () => {
  const live = on(scripted([busy, decided]), 'auto');
  expect((await live.send(chatRequest())).exchange.failure?.kind).toBe('rate-limited');
  expect((await live.send(chatRequest())).exchange.failure).toBeNull();
});

it('adds what is missing in mode auto', async () => {
  await on(scripted([decided]), 'record').send(chatRequest('a'));
  const inner = scripted([decided]);
  const endpoint = on(inner, 'auto');
  await endpoint.send(chatRequest('a'));
  await endpoint.send(chatRequest('b'));
  expect(inner.asked).toHaveLength(1);
  expect(openCassetteFile(path).entries.size).toBe(2);
});

it.each([
  [
    'the words',
    () => chatRequest('Which two?'),
    /messages\.1\.content\.0: recorded ".*Which one\?.*", now ".*Which two\?/,
  ],
  [
    'the sampling',
    () => chatRequest(undefined, { sampling: { temperature: 1, topP: 1, maxTokens: 300, seed: 1 } }),
    /sampling\.temperature: recorded "0", now "1"/,
  ],
  ['the replicate', () => chatRequest(undefined, { replicate: 3 }), /replicate: recorded "0", now "3"/],
  [
    'a picture',
    () => {
      const request = chatRequest();
      const [system, ...rest] = request.messages;
      const pictured = { role: 'user' as const, content: [picture(new Uint8Array([1]), 'image/jpeg')] };
      return { ...request, messages: system === undefined ? [] : [system, pictured, ...rest] };
    },
    /messages\.1\.content\.0/,
  ],
])('names the difference to the nearest entry where %s changed', async (_name, asked, difference) => {
  await on(scripted([decided]), 'record').send(chatRequest());
  const inner = scripted([decided]);
  const { exchange } = await on(inner, 'replay').send(asked());
  expect(exchange.failure).toMatchObject({ kind: 'not-recorded' });
  expect(exchange.failure?.message).toMatch(difference);
  expect(inner.asked).toHaveLength(0);
});

it('keeps long texts once and pictures as hashes', async () => {
  const long = `Begin. ${'A long prompt. '.repeat(500)}`;
  const endpoint = on(scripted([decided]), 'record');
  const pictured = (n: number): ReturnType<typeof chatRequest> => {
    const request = chatRequest();
    return {
      ...request,
      messages: [
        { role: 'system', content: [{ type: 'text', text: long }] },
        { role: 'user', content: [picture(new Uint8Array(50_000).fill(n), 'image/jpeg')] },
      ],
    };
  };
  for (let n = 0; n < 20; n++) await endpoint.send(pictured(n));
  const file = readFileSync(path, 'utf8');
  expect(file.split('Begin. A long')).toHaveLength(2);
  expect(file.length).toBeLessThan(60_000);
  const { exchange } = await on(scripted([busy]), 'replay').send(pictured(7));
  expect(exchange.failure).toBeNull();
});

it('drops a last line that a kill cut off, and goes on behind it', async () => {
  await on(scripted([decided]), 'record').send(chatRequest('a'));
  appendFileSync(path, '{"key":"00');
  await on(scripted([decided]), 'auto').send(chatRequest('b'));
  expect(openCassetteFile(path).entries.size).toBe(2);
});

it('names the line that is no entry', async () => {
  await on(scripted([decided]), 'record').send(chatRequest('a'));
  writeFileSync(path, `{"nonsense":1}\n${readFileSync(path, 'utf8')}`);
  expect(() => openCassetteFile(path)).toThrow(/Line 1 of the cassette .* is no entry/);
});

it('records into an empty cassette only, and replays from a full one only', async () => {
  expect(() => openCassette(path, 'replay')).toThrow(/nothing to replay/);
  await on(scripted([decided]), 'record').send(chatRequest('a'));
  expect(() => openCassette(path, 'record')).toThrow(/holds 1 answers already/);
});
