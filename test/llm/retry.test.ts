// Retries: only of what passes, as long as the server says, and every try counted.

import { expect, it } from 'vitest';
import type { Failure } from '../../src/llm/failure.ts';
import { retried, retryDefaults } from '../../src/llm/retry.ts';
import type { Timer } from '../../src/llm/timer.ts';
import { busy, chatRequest, decided, scripted } from './asking.ts';

function clock(): Timer & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => waits.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms) => void waits.push(ms),
  };
}

const failure = (kind: 'timeout' | 'connection-closed' | 'unreachable'): Failure => ({
  kind,
  message: '',
  hint: '',
});

it('tries again what passes, and counts every request', async () => {
  const timer = clock();
  const endpoint = retried(scripted([busy, failure('timeout'), decided]), retryDefaults, timer);
  const { exchange } = await endpoint.send(chatRequest());
  expect(exchange).toMatchObject({ failure: null, attempts: 3, raw: decided });
  expect(timer.waits).toHaveLength(2);
});

it('waits about twice as long each time, and the same in every run', async () => {
  const waits = async (): Promise<readonly number[]> => {
    const timer = clock();
    await retried(scripted([busy]), { ...retryDefaults, attempts: 6 }, timer).send(chatRequest());
    return timer.waits;
  };
  const first = await waits();
  expect(first).toEqual(await waits());
  first.forEach((wait, n) => {
    expect(wait).toBeGreaterThanOrEqual(250 * 2 ** n);
    expect(wait).toBeLessThanOrEqual(500 * 2 ** n);
  });
});

it('waits as long as the server says, and not for one that says too long', async () => {
  const timer = clock();
  await retried(scripted([{ ...busy, wait: 7 } as Failure, decided]), retryDefaults, timer).send(
    chatRequest(),
  );
  expect(timer.waits).toEqual([7_000]);
  const endpoint = scripted([{ ...busy, wait: 3_600 } as Failure, decided]);
  const { exchange } = await retried(endpoint, retryDefaults, timer).send(chatRequest());
  expect(exchange.failure?.kind).toBe('rate-limited');
  expect(endpoint.asked).toHaveLength(1);
});

it('gives up after its attempts, with the last failure', async () => {
  const endpoint = scripted([failure('unreachable')]);
  const { exchange } = await retried(endpoint, retryDefaults, clock()).send(chatRequest());
  expect(exchange).toMatchObject({ attempts: 5, failure: { kind: 'unreachable' } });
});

it.each([
  ['a refusal', { kind: 'refused', message: '', hint: '' }],
  ['a wrong key', { kind: 'unauthorised', status: 401, message: '', hint: '' }],
  ['a wrong request', { kind: 'rejected', status: 400, message: '', hint: '' }],
  ['a spent budget', { kind: 'budget-spent', limit: 'usd', message: '', hint: '' }],
] as const)('never repeats %s', async (_name, lasting) => {
  const endpoint = scripted([lasting]);
  await retried(endpoint, retryDefaults, clock()).send(chatRequest());
  expect(endpoint.asked).toHaveLength(1);
});

it('ends at once where the run is interrupted while it waits', async () => {
  const stop = new AbortController();
  const endpoint = scripted([busy]);
  const timer = { now: () => 0, sleep: async () => stop.abort() };
  const reply = await retried(endpoint, retryDefaults, timer).send(chatRequest('x', { signal: stop.signal }));
  expect(reply.exchange).toMatchObject({ failure: { kind: 'aborted' }, attempts: 1 });
});
