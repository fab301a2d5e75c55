// A line of JSON for every HTTP request, with the attributes that OpenTelemetry names for generative AI (schema
// gen-ai 1.42.0, status "development"). What was said is left out unless it is asked for; pictures stand as hashes.

import { sha256 } from '../base/hash.ts';
import { wallDate } from '../base/clock.ts';
import type { Exchange } from './client.ts';
import type { Endpoint, EndpointRequest } from './endpoint.ts';
import type { Message, Part } from './message.ts';

export interface TraceOptions {
  /** Takes one line, without its end. */
  write(line: string): void;
  /** Whether messages and answers are written, too. */
  readonly content: boolean;
}

/** The endpoint with a span written for each of its requests, after it ended. */
export function traced(endpoint: Endpoint, options: TraceOptions): Endpoint {
  let spans = 0;
  return {
    identity: endpoint.identity,
    async send(request) {
      const startTime = wallDate();
      const reply = await endpoint.send(request);
      const { exchange } = reply;
      const span = {
        traceId: sha256(request.conversation ?? 'run').slice(0, 32),
        spanId: sha256(`${startTime} ${++spans} ${exchange.requestHash}`).slice(0, 16),
        name: `${request.operation} ${exchange.model}`,
        kind: 'CLIENT',
        startTime,
        durationMs: exchange.ms,
        status: statusOf(exchange, options.content),
        attributes: {
          ...attributesOf(request, exchange),
          ...(options.content ? contentOf(request, exchange) : {}),
        },
      };
      options.write(JSON.stringify(span));
      return reply;
    },
  };
}

/** The sentence of a failure quotes the model, so it counts as content. */
function statusOf(
  { failure }: Exchange,
  content: boolean,
): { readonly code: string; readonly message?: string } {
  if (failure === null) return { code: 'OK' };
  return content ? { code: 'ERROR', message: failure.message } : { code: 'ERROR' };
}

/** Attributes whose value is unknown are left out, as the convention wants. */
function attributesOf(request: EndpointRequest, exchange: Exchange): Record<string, unknown> {
  const sampling = request.operation === 'chat' ? request.sampling : null;
  const attributes = {
    'gen_ai.operation.name': request.operation,
    'gen_ai.provider.name': 'openai',
    'gen_ai.conversation.id': request.conversation,
    'gen_ai.request.model': exchange.model,
    'gen_ai.request.temperature': sampling?.temperature,
    'gen_ai.request.top_p': sampling?.topP,
    'gen_ai.request.max_tokens': sampling?.maxTokens,
    'gen_ai.request.seed': sampling?.seed,
    'gen_ai.output.type': request.operation === 'chat' ? 'json' : undefined,
    'gen_ai.response.model': exchange.servedBy,
    'gen_ai.usage.input_tokens': exchange.usage.input,
    'gen_ai.usage.output_tokens': exchange.usage.output,
    'gen_ai.usage.cache_read.input_tokens': exchange.usage.cached,
    'error.type': exchange.failure?.kind,
    'rehearsal.purpose': exchange.purpose,
    'rehearsal.request_hash': exchange.requestHash,
    'rehearsal.mode': exchange.mode,
    'rehearsal.repair': exchange.repair,
    'rehearsal.usd': exchange.usd,
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null));
}

function contentOf(request: EndpointRequest, exchange: Exchange): Record<string, unknown> {
  const input = request.operation === 'chat' ? request.messages.map(messageOf) : request.texts;
  return {
    'gen_ai.input.messages': input,
    'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: exchange.raw ?? '' }] }],
  };
}

function messageOf(message: Message): unknown {
  return { role: message.role, parts: message.content.map(partOf) };
}

function partOf(part: Part): unknown {
  return part.type === 'text'
    ? { type: 'text', content: part.text }
    : { type: 'blob', mime_type: part.format, sha256: part.hash };
}
