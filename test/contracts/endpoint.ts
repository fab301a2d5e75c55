// What holds between our client and any server of the OpenAI interface: an answer with its raw text and price, one
// request for an exchange, and each mishap under its own name. The suite knows no server; it is handed one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../../src/llm/ask.ts';
import type { Failure } from '../../src/llm/failure.ts';
import { text } from '../../src/llm/message.ts';
import { decisionSchema, everything, question } from '../llm/asking.ts';
import { endpointAt } from '../llm/wired.ts';

/** A server that answers questions of purpose 'act' with a decision. */
export interface Served {
  readonly baseUrl: string;
  readonly model: string;
  /** Requests that have reached it. */
  requests(): number;
  /** Makes every following request meet a mishap; null mends it. */
  mishap(name: Mishap | null): void;
  close(): Promise<void>;
}

export type Mishap = 'rate-limited' | 'server-error' | 'malformed' | 'closed-socket';

const named: Readonly<Record<Mishap, readonly Failure['kind'][]>> = {
  'rate-limited': ['rate-limited'],
  'server-error': ['server-error'],
  malformed: ['malformed'],
  'closed-socket': ['connection-closed'],
};

/** Runs the contract; `modes` are the ways of asking that the server keeps to. */
export function endpointContract(
  name: string,
  open: () => Promise<Served>,
  {
    modes,
    usage,
    embeddings,
  }: { modes: readonly ('schema' | 'tools' | 'json' | 'prompt')[]; usage: boolean; embeddings: boolean },
): void {
  describe(name, () => {
    let served: Served;
    beforeAll(async () => {
      served = await open();
    });
    afterAll(async () => served.close());

    it.each(modes)('answers in mode %s, with raw text and price, in one request', async (mode) => {
      const client = openClient(endpointAt(served.baseUrl, { model: served.model }), {
        ...everything,
        schema: mode === 'schema',
        tools: mode === 'tools',
        json: mode === 'json',
      });
      const before = served.requests();
      const reply = await client.ask(question(`Asked in mode ${mode}.`));
      expect(reply).toMatchObject({ status: 'answered', repairs: 0 });
      const { exchanges } = reply;
      expect(exchanges).toHaveLength(1);
      expect(exchanges[0]).toMatchObject({ mode, attempts: 1, failure: null, model: served.model });
      expect(decisionSchema.safeParse(reply.status === 'answered' ? reply.answer : null).success).toBe(true);
      expect(exchanges[0]?.raw).toContain('interest');
      expect(exchanges[0]?.usage.input).toEqual(usage ? expect.any(Number) : null);
      expect(served.requests() - before).toBe(1);
    });

    it.each(Object.keys(named) as Mishap[])(
      'names the mishap %s, asks once and loses nothing',
      async (mishap) => {
        const endpoint = endpointAt(served.baseUrl, { model: served.model, timeoutMs: 2_000 });
        const client = openClient(endpoint, { ...everything, schema: modes[0] === 'schema' });
        const before = served.requests();
        served.mishap(mishap);
        const reply = await client.ask(question(`Asked in mishap ${mishap}.`));
        served.mishap(null);
        expect(reply.status).toBe('failed');
        expect(named[mishap]).toContain(reply.exchanges[0]?.failure?.kind);
        expect(reply.exchanges).toHaveLength(1);
        expect(served.requests() - before).toBe(1);
      },
    );

    it('says which model is not there, or what else is wrong with a request', async () => {
      const endpoint = endpointAt(`${served.baseUrl}/nowhere`, { model: served.model });
      const reply = await openClient(endpoint, everything).ask(question());
      expect(reply).toMatchObject({ status: 'failed', failure: { kind: 'rejected', status: 404 } });
    });

    it.runIf(embeddings)('gives one vector for each text, all of one length', async () => {
      const endpoint = endpointAt(served.baseUrl, { embeddingModel: served.model });
      const request = { operation: 'embeddings' as const, purpose: 'memory', replicate: 0 };
      const reply = await endpoint.send({ ...request, texts: ['a film', 'another film', ''] });
      expect(reply.exchange.failure).toBeNull();
      expect(reply.vectors).toHaveLength(3);
      expect(new Set(reply.vectors?.map((vector) => vector.length)).size).toBe(1);
    });

    it.runIf(modes.includes('tools'))('answers an agent after its tools', async () => {
      const client = openClient(endpointAt(served.baseUrl, { model: served.model }), everything);
      const asked: unknown[] = [];
      const reply = await client.ask(
        question('Asked as an agent.', {
          tools: [
            {
              name: 'recall',
              description: 'Searches your memory.',
              input: decisionSchema.pick({ reason: true }),
              run: async (input) => {
                asked.push(input);
                return [text('You liked short films.')];
              },
            },
          ],
        }),
      );
      expect(reply).toMatchObject({ status: 'answered', toolsUsed: ['recall'] });
      expect(asked).toHaveLength(1);
      expect(reply.exchanges.length).toBe(2);
    });
  });
}
