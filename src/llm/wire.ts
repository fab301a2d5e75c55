// One bounded HTTP request, and everything that came of it: status, headers, body or why there is none. It is the
// `fetch` that LangChain is given, so that no library between us and the socket can lose an answer or its usage.
// It never retries or follows redirects, and takes the key out of whatever the server says.

import { wallMilliseconds } from '../base/clock.ts';

/** A body above this many bytes is not read on: an answer has at most some hundred kilobytes, vectors some more. */
const BODY_LIMIT = { chat: 2_000_000, embeddings: 64_000_000 };

/** Shorter keys are placeholders ('EMPTY', 'ollama') that may well be words of an answer. */
const SHORTEST_SECRET = 8;

/** Statuses of which a Response takes no body. */
const withoutBody = [204, 205, 304];

export type Caught =
  | { readonly status: number; readonly retryAfter: string | null; readonly body: string }
  | {
      readonly broken: 'timeout' | 'aborted' | 'unreachable' | 'connection-closed' | 'endless';
      readonly detail: string;
    };

export interface Wire {
  /** For LangChain: answers with what came, and throws where nothing did. */
  readonly fetch: typeof globalThis.fetch;
  /** What the one request came to; null before it was made. */
  caught(): Caught | null;
  /** Wall-clock milliseconds from the request to the last byte. */
  ms(): number;
}

/** A wire for one request. `timeoutMs` counts to the last byte. */
export function openWire(options: {
  readonly operation: 'chat' | 'embeddings';
  readonly timeoutMs: number;
  readonly key: string | null;
  readonly signal?: AbortSignal;
}): Wire {
  let caught: Caught | null = null;
  let ms = 0;
  const send: typeof globalThis.fetch = async (input, init) => {
    if (caught !== null) throw new Error('A wire carries one request, and this one was used already.');
    const begun = wallMilliseconds();
    const late = AbortSignal.timeout(options.timeoutMs);
    const signal = AbortSignal.any([late, ...(options.signal === undefined ? [] : [options.signal])]);
    try {
      const response = await fetch(input, { ...init, signal, redirect: 'manual' });
      const body = await limitedText(response, BODY_LIMIT[options.operation]);
      caught =
        body === null
          ? { broken: 'endless', detail: `more than ${BODY_LIMIT[options.operation]} bytes` }
          : {
              status: response.status,
              retryAfter: response.headers.get('retry-after'),
              body: withoutKey(body, options.key),
            };
    } catch (cause) {
      caught = brokenBy(cause, { late, signal: options.signal, key: options.key });
    }
    ms = wallMilliseconds() - begun;
    if ('broken' in caught) throw new Error(`no answer: ${caught.broken}`);
    return new Response(withoutBody.includes(caught.status) ? null : caught.body, {
      status: caught.status,
      headers: { 'content-type': 'application/json' },
    });
  };
  return { fetch: send, caught: () => caught, ms: () => ms };
}

/** Bytes of a body as text, or null where there are more than `limit`. */
async function limitedText(response: Response, limit: number): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limit) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The text with the key struck out, also where the server escaped it for JSON or a URL. */
export function withoutKey(text: string, key: string | null): string {
  if (key === null || key.length < SHORTEST_SECRET) return text;
  const forms = new Set([
    key,
    JSON.stringify(key).slice(1, -1),
    encodeURIComponent(key),
    Buffer.from(key).toString('base64'),
  ]);
  return [...forms].reduce((left, form) => left.replaceAll(form, '[key]'), text);
}

function brokenBy(
  cause: unknown,
  { late, signal, key }: { late: AbortSignal; signal?: AbortSignal; key: string | null },
): Caught {
  if (signal?.aborted === true) return { broken: 'aborted', detail: 'the run was interrupted' };
  const chain = causesOf(cause);
  const codes = chain.flatMap((link) => ('code' in link && typeof link.code === 'string' ? [link.code] : []));
  if (late.aborted || codes.some((code) => /^UND_ERR_\w+_TIMEOUT$/.test(code)))
    return { broken: 'timeout', detail: '' };
  const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
  const detail = withoutKey(codes[0] ?? chain.at(-1)?.message ?? String(cause), key);
  return {
    broken: codes.some((code) => unreachable.includes(code)) ? 'unreachable' : 'connection-closed',
    detail,
  };
}

/** The error and its causes, outermost first; of an AggregateError its first error. */
function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let link = error;
  while (link instanceof Error && !chain.includes(link)) {
    chain.push(link);
    link = link instanceof AggregateError ? link.errors[0] : link.cause;
  }
  return chain;
}
