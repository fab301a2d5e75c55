// Ten thousand malformed answers: none is taken for an answer, none breaks anything, and each is named as what it was.
// All of them are read; the first thousand also come over a real connection, through LangChain, into the trace. With
// WIRE_FUZZ=10000 all do, which takes a minute.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { readChat } from '../../src/llm/reading.ts';
import { traced } from '../../src/llm/trace.ts';
import { chatRequest } from './asking.ts';
import { endpointAt } from './wired.ts';
import { wrongAnswer } from './malformed.ts';

const READ = 10_000;
const WIRED = Number(process.env['WIRE_FUZZ'] ?? 1_000);
const WORKERS = 8;

it(`names each of ${READ} malformed answers as what it is`, () => {
  const { judge } = chatRequest();
  const misnamed: string[] = [];
  for (let n = 0; n < READ; n++) {
    const { body, kind, made } = wrongAnswer(n);
    const { said, failure } = readChat(body.toString('utf8'));
    const named = (failure ?? (said === null ? null : judge(said)))?.kind;
    if (named !== kind) misnamed.push(`${n} (${made}): expected ${kind}, got ${named}`);
  }
  expect(misnamed.slice(0, 20)).toEqual([]);
});

it(`logs each of ${WIRED} malformed answers over the wire as what it was`, { timeout: 120_000 }, async () => {
  const server = createServer((request, response) => {
    const n = Number(/\/(\d+)\/chat/.exec(request.url ?? '')?.[1]);
    request.resume().on('end', () => response.end(wrongAnswer(n).body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const request = chatRequest();
  const misnamed: string[] = [];
  let logged = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < WIRED; n = next++) {
      const { kind, made } = wrongAnswer(n);
      let traceKind: unknown;
      const endpoint = traced(endpointAt(`${address}/${n}`), {
        content: true,
        write: (line) => {
          logged++;
          traceKind = (JSON.parse(line) as { attributes: Record<string, unknown> }).attributes['error.type'];
        },
      });
      const { exchange } = await endpoint.send(request);
      if (exchange.failure?.kind !== kind || traceKind !== kind) {
        misnamed.push(
          `${n} (${made}): expected ${kind}, got ${exchange.failure?.kind} from ${exchange.raw?.slice(0, 80)}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  server.closeAllConnections();
  server.close();
  expect(misnamed.slice(0, 20)).toEqual([]);
  expect(logged).toBe(WIRED);
});
