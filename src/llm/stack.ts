// The endpoint with everything around it, in one place. A request goes through from top to bottom, a reply from
// bottom to top: a recorded answer costs nothing, each try of a retried request waits its turn, and each HTTP
// request is counted against the budget and written to the trace.

import { budgeted, type Caps, type Spent } from './budget.ts';
import type { CassetteFile } from './cassette-file.ts';
import { taped, type CassetteMode } from './cassette.ts';
import type { Endpoint } from './endpoint.ts';
import { limited, type LimitOptions } from './limit.ts';
import { retried, type RetryOptions } from './retry.ts';
import { traced, type TraceOptions } from './trace.ts';

export interface StackOptions {
  readonly cassette: {
    readonly file: CassetteFile;
    readonly mode: CassetteMode;
    /** Called before anything is asked: nobody else may write the file from then on. */
    readonly claim?: () => void;
  } | null;
  readonly retry: RetryOptions;
  readonly limit: LimitOptions;
  readonly caps: Caps;
  /** What earlier parts of the same run have spent. */
  readonly spentBefore: Spent;
  /** Keeps what is spent where it outlives this process. */
  readonly keepSpent?: ((spent: Spent) => void) | undefined;
  readonly trace: TraceOptions | null;
}

export interface Stack extends Endpoint {
  spent(): Spent;
}

/** Piles the wrappers up on the wire. */
export function stacked(wire: Endpoint, options: StackOptions): Stack {
  const { cassette, retry, limit, caps, spentBefore, keepSpent, trace } = options;
  const seen = trace === null ? wire : traced(wire, trace);
  const counted = budgeted(seen, caps, spentBefore, { ...(keepSpent && { keep: keepSpent }) });
  const gated = limited(counted, limit);
  const patient = retried(gated, retry);
  const remembered =
    cassette === null ? patient : taped(patient, cassette.file, cassette.mode, cassette.claim);
  return { identity: wire.identity, send: (request) => remembered.send(request), spent: counted.spent };
}
