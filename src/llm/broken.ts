// Names what came instead of an answer: a broken connection or a status. One sentence for each, with what to do.
// 429 and 5xx pass, and are worth another try; other statuses are not.

import type { Failure } from './failure.ts';
import { parsedJson } from './json.ts';
import { quoted } from './quoted.ts';
import type { Caught } from './wire.ts';

/** What a caught answer failed by; null for a 2xx, whose body is for reading.ts. */
export function failureOfCaught(caught: Caught, address: string, timeoutMs: number): Failure | null {
  if ('broken' in caught) return failureOfConnection(caught, address, timeoutMs);
  const { status, body } = caught;
  if (status >= 200 && status < 300) return null;
  const told = `${address} answered with status ${status}: ${quoted(statedIn(body))}.`;
  if (status === 429 && /insufficient_quota|exceeded your current quota/.test(body)) {
    return {
      kind: 'rejected',
      status,
      message: told,
      hint: 'The account has no credit left; waiting does not help.',
    };
  }
  if (status === 429) {
    return {
      kind: 'rate-limited',
      status,
      wait: secondsOf(caught.retryAfter),
      message: told,
      hint: 'Lower llm.concurrency, or raise the limit at the provider.',
    };
  }
  if (status >= 500 || status === 408 || status === 425) {
    return {
      kind: 'server-error',
      status,
      wait: secondsOf(caught.retryAfter),
      message: told,
      hint: "Look at the server's own log.",
    };
  }
  if (status === 401 || status === 403) {
    return {
      kind: 'unauthorised',
      status,
      message: told,
      hint: 'Set OPENAI_API_KEY to a key that may use this model.',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      kind: 'rejected',
      status,
      message: told,
      hint: 'Redirects are not followed: give the final address.',
    };
  }
  if (status === 404) {
    return {
      kind: 'rejected',
      status,
      message: told,
      hint: 'Check the name of the model and the address, which ends in /v1 for most servers: http://127.0.0.1:8000/v1',
    };
  }
  return {
    kind: 'rejected',
    status,
    message: told,
    hint: 'Try `rehearsal doctor --base-url URL --model NAME`, which names what this endpoint can do.',
  };
}

function failureOfConnection(
  caught: Extract<Caught, { broken: string }>,
  address: string,
  timeoutMs: number,
): Failure {
  switch (caught.broken) {
    case 'timeout':
      return {
        kind: 'timeout',
        message: `${address} was expected to answer within ${timeoutMs} ms and did not.`,
        hint: 'Raise llm.timeoutMs, or lower llm.concurrency for a server that works one request at a time.',
      };
    case 'aborted':
      return { kind: 'aborted', message: 'The question was given up: the run was interrupted.', hint: '' };
    case 'unreachable':
      return {
        kind: 'unreachable',
        message: `Nothing listens at ${address} (${caught.detail}).`,
        hint: 'Start the model server first, or correct the base URL.',
      };
    case 'connection-closed':
      return {
        kind: 'connection-closed',
        message: `The connection to ${address} broke before the answer was whole: ${quoted(caught.detail)}.`,
        hint: "Look at the server's own log.",
      };
    case 'endless':
      return {
        kind: 'endless',
        message: `${address} sent ${caught.detail} in one answer, and was not read on.`,
        hint: 'Check that the address is that of a model endpoint.',
      };
    default:
      return caught.broken satisfies never;
  }
}

/** What the body of an error says: {error: {message}}, {error}, {message}, {detail}, or the body itself. */
function statedIn(body: string): string {
  const json = parsedJson(body);
  const error = field(json, 'error') ?? json;
  const stated = typeof error === 'string' ? error : (field(error, 'message') ?? field(error, 'detail'));
  return typeof stated === 'string' ? stated : body;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

/** Retry-After in seconds. A date is not read: our clock is not the server's, and backing off is as good. */
function secondsOf(header: string | null): number | null {
  const seconds = header === null || header.trim() === '' ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
