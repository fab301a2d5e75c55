// Tries a request again where what stopped it passes: a full server, a broken connection. Waits as long as the
// server says, else twice as long each time, less a random part. What a model said is never asked for again.

import { randomFrom } from '../base/random.ts';
import { requestHash, unsent, type Endpoint, type EndpointRequest } from './endpoint.ts';
import type { Failure, FailureKind } from './failure.ts';
import { wallTimer, type Timer } from './timer.ts';

const passing: readonly FailureKind[] = [
  'unreachable',
  'connection-closed',
  'timeout',
  'rate-limited',
  'server-error',
  'malformed',
  'endless',
];

export interface RetryOptions {
  /** Requests at most, the first included. */
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** A server that says to wait longer than this is not waited for. */
  readonly longestRetryAfterMs: number;
}

export const retryDefaults: RetryOptions = {
  attempts: 5,
  firstWaitMs: 500,
  longestWaitMs: 30_000,
  longestRetryAfterMs: 120_000,
};

/** The endpoint with retries. The reply's exchange counts all attempts, and the time they took. */
export function retried(
  endpoint: Endpoint,
  options: RetryOptions = retryDefaults,
  timer: Timer = wallTimer,
): Endpoint {
  return {
    identity: endpoint.identity,
    async send(request) {
      const begun = timer.now();
      let attempts = 0;
      for (let attempt = 1; ; attempt++) {
        const reply = await endpoint.send(request);
        attempts += reply.exchange.attempts;
        const { failure } = reply.exchange;
        const wait =
          failure === null ? null : waitOf(failure, attempt, options, requestHash(endpoint, request));
        if (wait === null || attempt >= options.attempts) {
          return { ...reply, exchange: { ...reply.exchange, attempts, ms: timer.now() - begun } };
        }
        await timer.sleep(wait, request.signal);
        if (request.signal?.aborted === true) return given(endpoint, request, attempts, timer.now() - begun);
      }
    },
  };
}

/** Milliseconds to wait before the next attempt; null where there should be none. */
function waitOf(failure: Failure, attempt: number, options: RetryOptions, key: string): number | null {
  if (!passing.includes(failure.kind)) return null;
  if ('wait' in failure && failure.wait !== null) {
    const wait = failure.wait * 1000;
    return wait <= options.longestRetryAfterMs ? wait : null;
  }
  const longest = Math.min(options.longestWaitMs, options.firstWaitMs * 2 ** (attempt - 1));
  return longest * (0.5 + 0.5 * randomFrom('retry', key, attempt).uniform());
}

function given(
  endpoint: Endpoint,
  request: EndpointRequest,
  attempts: number,
  ms: number,
): ReturnType<typeof unsent> {
  const reply = unsent(endpoint, request, {
    kind: 'aborted',
    message: 'The question was given up while waiting for another try: the run was interrupted.',
    hint: '',
  });
  return { ...reply, exchange: { ...reply.exchange, attempts, ms } };
}
