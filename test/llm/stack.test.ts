// What every wrapper of an endpoint holds to: where nothing stands in the way it is not there, and what came passes
// through it as it was.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { budgeted, noCaps, nothingSpent } from '../../src/llm/budget.ts';
import { openCassette, taped } from '../../src/llm/cassette.ts';
import type { Endpoint } from '../../src/llm/endpoint.ts';
import { limited } from '../../src/llm/limit.ts';
import { retried, retryDefaults } from '../../src/llm/retry.ts';
import { stacked } from '../../src/llm/stack.ts';
import { traced } from '../../src/llm/trace.ts';
import { busy, chatRequest, decided, scripted } from './asking.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-stack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let tapes = 0;

const retry = { ...retryDefaults, attempts: 2, firstWaitMs: 1 };
const limit = { concurrency: 4, start: 2, requestsPerMinute: null };
const trace = { content: true, write: () => undefined };
const tape = (): ReturnType<typeof openCassette> => openCassette(join(folder, `${tapes++}.jsonl`), 'auto');

const wrappers: readonly [string, (inner: Endpoint) => Endpoint][] = [
  ['retry', (inner) => retried(inner, retry)],
  ['limit', (inner) => limited(inner, limit)],
  ['budget', (inner) => budgeted(inner, noCaps)],
  ['trace', (inner) => traced(inner, trace)],
  ['cassette', (inner) => taped(inner, tape(), 'auto')],
  [
    'the whole stack',
    (inner) =>
      stacked(inner, {
        cassette: { file: tape(), mode: 'auto' },
        retry,
        limit,
        caps: noCaps,
        spentBefore: nothingSpent,
        trace,
      }),
  ],
];

describe.each(wrappers)('%s', (_name, wrap) => {
  it('is of the identity of what it wraps', () => {
    const inner = scripted([decided]);
    expect(wrap(inner).identity).toBe(inner.identity);
  });

  it.each([
    ['an answer', decided],
    ['a wrong answer', 'no JSON'],
    ['a lasting failure', { kind: 'rejected', status: 400, message: 'wrong', hint: '' }],
  ] as const)('passes %s on as it came', async (_what, reply) => {
    const plain = await scripted([reply]).send(chatRequest());
    const { exchange, ...rest } = await wrap(scripted([reply])).send(chatRequest());
    expect({ ...exchange, ms: 0 }).toEqual({ ...plain.exchange, ms: 0 });
    expect({ exchange: 0, ...rest }).toEqual({ ...plain, exchange: 0 });
  });

  it('hands the request on as it is', async () => {
    const inner = scripted([decided]);
    const request = chatRequest('x', { conversation: 'session 1' });
    await wrap(inner).send(request);
    expect(inner.asked).toEqual([request]);
  });

  it('does not turn a failure into a rejection, nor a defect into a failure', async () => {
    const { exchange } = await wrap(scripted([busy])).send(chatRequest());
    expect(exchange.failure).toEqual(busy);
    const defect = wrap(scripted(() => Promise.reject(new Error('a defect'))));
    await expect(defect.send(chatRequest())).rejects.toThrow('a defect');
    await expect(defect.send(chatRequest())).rejects.toThrow('a defect');
  });
});
