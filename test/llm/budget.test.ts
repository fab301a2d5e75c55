// The hard stop: passed by at most what was under way, for any order in which answers come.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readChat } from '../../src/llm/reading.ts';
import { budgeted, noCaps, nothingSpent, requirePrice, type Caps } from '../../src/llm/budget.ts';
import { usdOf } from '../../src/llm/prices.ts';
import { busy, chatRequest, decided, scripted } from './asking.ts';

const caps = (some: Partial<Caps>): Caps => ({ ...noCaps, ...some });

it.each([
  ['calls', caps({ calls: 10 }), 10],
  ['tokens', caps({ tokens: 1_050 }), 10],
  ['dollars', caps({ usd: 0.095 }), 10],
])('stops at its cap on %s, past it by at most one request a worker', async (_name, cap, expected) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), async (workers) => {
      const inner = scripted(async () => {
        await Promise.resolve();
        return decided;
      });
      const endpoint = budgeted(inner, cap);
      const worker = async (): Promise<void> => {
        for (let n = 0; n < 40; n++) {
          const { exchange } = await endpoint.send(chatRequest(`${n}`));
          if (exchange.failure?.kind === 'budget-spent') return;
        }
        throw new Error('the cap was not kept');
      };
      await Promise.all(Array.from({ length: workers }, worker));
      expect(inner.asked.length).toBeGreaterThanOrEqual(expected);
      expect(inner.asked.length).toBeLessThanOrEqual(expected + workers - 1);
      expect(endpoint.spent().calls).toBe(inner.asked.length);
    }),
    { numRuns: 20 },
  );
});

it('goes on from what earlier parts of the run have spent', async () => {
  const inner = scripted([decided]);
  const endpoint = budgeted(inner, caps({ calls: 10 }), { ...nothingSpent, calls: 9 });
  expect((await endpoint.send(chatRequest())).exchange.failure).toBeNull();
  expect((await endpoint.send(chatRequest())).exchange.failure).toMatchObject({
    kind: 'budget-spent',
    limit: 'calls',
    message: expect.stringContaining('10 calls of 10'),
  });
  expect(inner.asked).toHaveLength(1);
});

it('keeps what would be spent if the process ended now: nothing that was sent is ever missing', async () => {
  let kept = nothingSpent;
  const inner = scripted(async () => {
    await Promise.resolve();
    expect(kept.calls).toBeGreaterThanOrEqual(inner.asked.length);
    return decided;
  });
  const endpoint = budgeted(inner, noCaps, nothingSpent, { keep: (spent) => (kept = spent) });
  const under = Array.from({ length: 3 }, (_, n) => endpoint.send(chatRequest(`${n}`)));
  expect(kept).toMatchObject({ calls: 3, unmeasured: 3, tokensIn: 0 });
  await Promise.all(under);
  expect({ ...kept, minutes: 0 }).toEqual({ ...endpoint.spent(), minutes: 0 });
  expect(kept).toMatchObject({ calls: 3, unmeasured: 0 });
});

it('stops by the clock', async () => {
  let now = 0;
  const endpoint = budgeted(scripted([decided]), caps({ minutes: 2 }), nothingSpent, {
    timer: { now: () => now, sleep: async () => undefined },
  });
  expect((await endpoint.send(chatRequest())).exchange.failure).toBeNull();
  now = 120_000;
  expect((await endpoint.send(chatRequest())).exchange.failure).toMatchObject({ limit: 'minutes' });
});

it('does not pretend to keep a cap on tokens that nobody counts', async () => {
  const silent = { input: null, output: null, cached: null };
  const endpoint = budgeted(scripted([decided], silent as never), caps({ tokens: 1_000_000 }));
  await endpoint.send(chatRequest());
  expect((await endpoint.send(chatRequest())).exchange.failure?.message).toContain('states no token usage');
  expect(endpoint.spent()).toMatchObject({ calls: 1, unmeasured: 1 });
});

it('takes a count of 0 for none, which some servers state for everything', () => {
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const body = { model: 'm', choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop' }], usage };
  expect(readChat(JSON.stringify(body))).toMatchObject({
    usage: { input: null, output: null },
    said: { content: 'Yes.' },
  });
});

it.each([
  ['wrong answers', 'no JSON', { input: null, output: null, cached: null }],
  ['output that is not told', decided, { input: 90, output: null, cached: null }],
])('nor where it is spent on %s', async (_name, said, usage) => {
  const inner = scripted([said, said, said], usage as never);
  const endpoint = budgeted(inner, caps({ tokens: 1_000_000 }));
  await endpoint.send(chatRequest());
  expect((await endpoint.send(chatRequest())).exchange.failure?.message).toContain('states no token usage');
  expect(inner.asked).toHaveLength(1);
  expect(endpoint.spent()).toMatchObject({ calls: 1, unmeasured: 1 });
});

it('counts what was turned away as a call that cost nothing', async () => {
  const endpoint = budgeted(scripted([busy]), noCaps);
  await endpoint.send(chatRequest());
  expect(endpoint.spent()).toMatchObject({ calls: 1, tokensIn: 0, usd: 0, unmeasured: 0, unpriced: 0 });
});

it('needs a price for a cap on money', () => {
  expect(() => requirePrice(caps({ usd: 1 }), { model: 'my-model' })).toThrow(/my-model has none/);
  expect(() => requirePrice(caps({ usd: 1 }), { model: 'gpt-4o-mini-2024-07-18' })).not.toThrow();
  expect(() => requirePrice(caps({ tokens: 1 }), { model: 'my-model' })).not.toThrow();
});

it('prices cached tokens apart, and does not know a price that is not stated', () => {
  const usage = { input: 1_000_000, output: 100_000, cached: 400_000 };
  expect(usdOf('gpt-4o-mini', usage)).toBeCloseTo(0.6 * 0.15 + 0.4 * 0.075 + 0.1 * 0.6, 12);
  expect(usdOf('my-model', usage)).toBeNull();
  expect(usdOf('my-model', usage, { input: 1, cached: 0, output: 2 })).toBeCloseTo(0.8, 12);
  expect(usdOf('gpt-4o-mini', { ...usage, output: null })).toBeNull();
});
