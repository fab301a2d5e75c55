// A client whose exchanges are heard: every question of one session, answered or not, is told to the planner that
// logs it. It changes nothing that is asked or answered.

import type { Client, Exchange } from '../llm/client.ts';
import type { CallRecord } from '../store/session.ts';

/** The client, telling `hear` of every exchange in order. */
export function listened(client: Client, hear: (exchange: Exchange) => void): Client {
  return {
    model: client.model,
    version: client.version,
    capabilities: client.capabilities,
    ask: async (question) => {
      const reply = await client.ask(question);
      reply.exchanges.forEach(hear);
      return reply;
    },
    embed: async (request) => {
      const reply = await client.embed(request);
      reply.exchanges.forEach(hear);
      return reply;
    },
  };
}

/** An exchange as the record keeps it. */
export function callRecord(exchange: Exchange): CallRecord {
  const { purpose, operation, model, servedBy, mode, requestHash, raw, usage, usd } = exchange;
  return {
    ...{ purpose, operation, model, servedBy, mode, requestHash, raw, usd },
    tokensIn: usage.input,
    tokensOut: usage.output,
    tokensCached: usage.cached,
    repair: exchange.repair,
    attempts: exchange.attempts,
    source: exchange.source,
    failureKind: exchange.failure?.kind ?? null,
    failureMessage: exchange.failure?.message ?? null,
    wallMs: exchange.ms,
  };
}
