// The gate: never more under way than allowed, fewer when it is too much, more when all goes well.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Failure } from '../../src/llm/failure.ts';
import { limited } from '../../src/llm/limit.ts';
import { retried, retryDefaults } from '../../src/llm/retry.ts';
import { busy, chatRequest, decided, scripted } from './asking.ts';

const options = { concurrency: 8, start: 4, requestsPerMinute: null };

it('never lets more through at once than it may, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), async (fine) => {
      let underWay = 0;
      let most = 0;
      const inner = scripted(async (_request, n) => {
        most = Math.max(most, ++underWay);
        await Promise.resolve();
        await Promise.resolve();
        underWay--;
        return fine[n] === true ? decided : busy;
      });
      const gate = limited(inner, options);
      await Promise.all(fine.map((_, n) => gate.send(chatRequest(`${n}`))));
      expect(inner.asked).toHaveLength(fine.length);
      expect(most).toBeLessThanOrEqual(options.concurrency);
      expect(underWay).toBe(0);
      expect(gate.allowed()).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

it('allows half as many once for all that met the same full server', async () => {
  let now = 0;
  const timer = { now: () => now, sleep: async () => undefined };
  const gate = limited(scripted([busy]), { ...options, start: 8 }, timer);
  now = 1;
  await Promise.all(Array.from({ length: 8 }, (_, n) => gate.send(chatRequest(`${n}`))));
  expect(gate.allowed()).toBe(4);
  now = 2;
  await gate.send(chatRequest('later'));
  expect(gate.allowed()).toBe(2);
});

it('finds what a server can bear, so that few requests are turned away', async () => {
  let underWay = 0;
  let turnedAway = 0;
  const server = scripted(async () => {
    if (underWay >= 3) {
      turnedAway++;
      return busy;
    }
    underWay++;
    await new Promise((done) => setTimeout(done, 2));
    underWay--;
    return decided;
  });
  const gate = limited(server, { concurrency: 64, start: 32, requestsPerMinute: null });
  const patient = retried(gate, { ...retryDefaults, attempts: 20, firstWaitMs: 1, longestWaitMs: 8 });
  const replies = await Promise.all(Array.from({ length: 300 }, (_, n) => patient.send(chatRequest(`${n}`))));
  expect(replies.filter(({ exchange }) => exchange.failure !== null)).toEqual([]);
  expect(turnedAway).toBeLessThan(150);
  expect(gate.allowed()).toBeLessThan(8);
});

it('grows by about one for each round that goes well, up to its limit', async () => {
  const gate = limited(scripted([decided]), { ...options, start: 1 });
  const seen: number[] = [];
  for (let n = 0; n < 60; n++) {
    await gate.send(chatRequest(`${n}`));
    seen.push(gate.allowed());
  }
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(gate.allowed()).toBe(8);
});

it('holds everything back while the server says to wait', async () => {
  let now = 0;
  const sleeps: number[] = [];
  const timer = {
    now: () => now,
    sleep: async (ms: number) => {
      sleeps.push(ms);
      now += ms;
    },
  };
  const gate = limited(scripted([{ ...busy, wait: 3 } as Failure, decided]), options, timer);
  await gate.send(chatRequest('a'));
  await gate.send(chatRequest('b'));
  expect(sleeps).toEqual([3_000]);
});

it('spaces requests evenly over a minute', async () => {
  let now = 0;
  const starts: number[] = [];
  const timer = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const inner = scripted(() => {
    starts.push(now);
    return decided;
  });
  const gate = limited(inner, { ...options, requestsPerMinute: 30 }, timer);
  for (let n = 0; n < 4; n++) await gate.send(chatRequest(`${n}`));
  expect(starts).toEqual([0, 2_000, 4_000, 6_000]);
});

it('sends nothing for a run that was interrupted', async () => {
  const inner = scripted([decided]);
  const reply = await limited(inner, options).send(chatRequest('x', { signal: AbortSignal.abort() }));
  expect(reply.exchange.failure?.kind).toBe('aborted');
  expect(inner.asked).toHaveLength(0);
});
