// Servers in trouble: each fault alone, and all mixed at 20 %. Every question ends as answered or as failed by name,
// nothing passes for an answer that is none, and our own totals are the server's count.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../../src/llm/ask.ts';
import { noCaps, nothingSpent } from '../../src/llm/budget.ts';
import type { Reply } from '../../src/llm/client.ts';
import { stacked, type Stack } from '../../src/llm/stack.ts';
import { chatRequest, decisionSchema, everything, question, type Decision } from './asking.ts';
import { endpointAt } from './wired.ts';
import { always, faults, first, lasting, mixed } from './stand-in/faults.ts';
import { openStandIn, type StandIn } from './stand-in/server.ts';

let server: StandIn;
let stack: Stack;
const spans: { readonly attributes: Readonly<Record<string, unknown>> }[] = [];
beforeEach(async () => {
  server = await openStandIn();
  spans.length = 0;
  stack = stacked(endpointAt(server.baseUrl, { timeoutMs: 1_200 }), {
    cassette: null,
    retry: { attempts: 2, firstWaitMs: 1, longestWaitMs: 5, longestRetryAfterMs: 50 },
    limit: { concurrency: 8, start: 4, requestsPerMinute: null },
    caps: noCaps,
    spentBefore: nothingSpent,
    trace: { content: false, write: (line) => spans.push(JSON.parse(line) as (typeof spans)[number]) },
  });
});
afterEach(async () => server.close());

/** A screen with two marks: a third is a wrong mark. */
const schema = decisionSchema.refine(({ mark }) => mark <= 2, {
  path: ['mark'],
  message: 'not on the screen',
});
const ask = (words: string): Promise<Reply<Decision>> =>
  openClient(stack, everything).ask(question(words, { schema }));

/** Our totals against the server's own. */
function expectEqualTotals(replies: readonly Reply<Decision>[]): void {
  const counts = server.counts();
  const spent = stack.spent();
  const attempts = replies
    .flatMap(({ exchanges }) => exchanges)
    .reduce((sum, made) => sum + made.attempts, 0);
  expect(spent.calls).toBe(counts.requests);
  expect(attempts).toBe(counts.requests);
  expect(spans).toHaveLength(counts.requests);
  expect(spent.tokensIn).toBe(counts.tokensIn);
  expect(spent.tokensOut).toBe(counts.tokensOut);
}

describe('each fault alone', () => {
  it.each(faults)('%s, lasting: fails by its name and counts every request', async (fault) => {
    server.plan = always(fault);
    const reply = await ask('lasting');
    expect(reply).toMatchObject({ status: 'failed', failure: { kind: lasting[fault] } });
    expect(reply.status === 'failed' && reply.failure.message.length).toBeGreaterThan(10);
    expectEqualTotals([reply]);
  });

  it.each(faults.filter((fault) => fault !== 'refusal'))(
    '%s, once: is answered in the end',
    async (fault) => {
      server.plan = first(1, fault);
      const reply = await ask('once');
      expect(reply.status).toBe('answered');
      expectEqualTotals([reply]);
    },
  );
});

it('keeps its totals when everything goes wrong at once, a fifth of the time', async () => {
  server.plan = mixed(0.2, 11);
  const replies = await Promise.all(Array.from({ length: 300 }, (_, n) => ask(`mixed ${n}`)));
  expectEqualTotals(replies);
  const failed = replies.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(60);
  for (const reply of replies) {
    if (reply.status === 'answered') expect(schema.safeParse(reply.answer).success).toBe(true);
    else expect(Object.values(lasting)).toContain(reply.failure.kind);
  }
  expect(Object.keys(server.counts().faults).sort()).toEqual([...faults].sort());
});

it('an address without its /v1 is told as what it may be', async () => {
  const astray = endpointAt(server.baseUrl.replace(/\/v1$/, ''), {});
  const { exchange } = await astray.send(chatRequest());
  expect(exchange.failure).toMatchObject({ kind: 'rejected', status: 404 });
  expect(exchange.failure!.hint).toContain('ends in /v1');
});
