// How many requests may be under way at once, and how many a minute. The number adapts: it grows slowly while all
// goes well and is halved when the server says it is too much (additive increase, multiplicative decrease: Chiu and
// Jain 1989). It changes when requests go out, never what they are.

import { unsent, type Endpoint } from './endpoint.ts';
import type { Failure, FailureKind } from './failure.ts';
import { wallTimer, type Timer } from './timer.ts';

const tooMuch: readonly FailureKind[] = ['rate-limited', 'timeout', 'server-error'];

export interface LimitOptions {
  /** Most requests under way at once. */
  readonly concurrency: number;
  /** How many at the start. */
  readonly start: number;
  /** Most requests a minute, evenly spaced; null for no such limit. */
  readonly requestsPerMinute: number | null;
}

export interface Limited extends Endpoint {
  /** How many may be under way now: what the adaptation has come to. */
  allowed(): number;
}

/** The endpoint behind a gate; requests pass in the order in which they came. */
export function limited(endpoint: Endpoint, options: LimitOptions, timer: Timer = wallTimer): Limited {
  const waiting: (() => void)[] = [];
  let allowed = Math.min(options.start, options.concurrency);
  let underWay = 0;
  let nextStart = 0;
  let pausedUntil = 0;
  let lastCut = -1;

  const admit = (): void => {
    while (waiting.length > 0 && underWay < Math.floor(allowed)) {
      underWay++;
      waiting.shift()?.();
    }
  };
  const adapt = (failure: Failure | null, begun: number): void => {
    if (failure === null) allowed = Math.min(options.concurrency, allowed + 1 / allowed);
    // One halving for all requests that were under way when it became too much.
    else if (tooMuch.includes(failure.kind) && begun > lastCut) {
      allowed = Math.max(1, allowed / 2);
      lastCut = timer.now();
    }
    if (failure !== null && 'wait' in failure && failure.wait !== null) {
      pausedUntil = Math.max(pausedUntil, timer.now() + failure.wait * 1000);
    }
  };

  /** Waits out what the server said to wait, then for the next of the evenly spaced moments. */
  const turnOf = async (signal?: AbortSignal): Promise<void> => {
    while (pausedUntil > timer.now() && signal?.aborted !== true) {
      await timer.sleep(pausedUntil - timer.now(), signal);
    }
    if (options.requestsPerMinute === null) return;
    const start = Math.max(nextStart, timer.now());
    nextStart = start + 60_000 / options.requestsPerMinute;
    if (start > timer.now()) await timer.sleep(start - timer.now(), signal);
  };

  return {
    identity: endpoint.identity,
    allowed: () => Math.floor(allowed),
    async send(request) {
      await new Promise<void>((enter) => {
        waiting.push(enter);
        admit();
      });
      try {
        await turnOf(request.signal);
        if (request.signal?.aborted === true) {
          return unsent(endpoint, request, {
            kind: 'aborted',
            message: 'The question was given up while it waited its turn: the run was interrupted.',
            hint: '',
          });
        }
        const begun = timer.now();
        const reply = await endpoint.send(request);
        adapt(reply.exchange.failure, begun);
        return reply;
      } finally {
        underWay--;
        admit();
      }
    },
  };
}
