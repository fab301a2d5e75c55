// Every way in which a question to a model can fail, as a closed union. A failure is a value, because the
// wrappers count, log and charge it; `ModelError` is how it rises out of a mind, to fail or truncate a session.
// A failed question is never an action: no default stands in for an answer.

import { RehearsalError } from '../base/error.ts';

interface Told {
  /** What was expected and what came, in one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
}

export type Failure = Told &
  (
    | { readonly kind: 'unreachable' | 'connection-closed' | 'timeout' | 'aborted' }
    /** The endpoint answered with a status that says to come later; seconds as Retry-After states them. */
    | {
        readonly kind: 'rate-limited' | 'server-error';
        readonly status: number;
        readonly wait: number | null;
      }
    /** 401, 403: the key. Other 4xx: the request, for example a model that is not there. */
    | { readonly kind: 'unauthorised' | 'rejected'; readonly status: number }
    /** A body that is no completion: another shape, no JSON, or more bytes than allowed. */
    | { readonly kind: 'malformed' | 'endless' }
    /** The model spoke, and what it said is no answer. Raw text and usage are in the exchange. */
    | { readonly kind: 'refused' | 'filtered' | 'cut-off' | 'empty' | 'not-json' | 'off-schema' }
    /** The question filled the endpoint's context, and was cut without a word. */
    | { readonly kind: 'question-cut' }
    /** An agent asked for tools until its calls were used up. */
    | { readonly kind: 'tool-limit' }
    /** The endpoint lacks what was asked of it: vision, embeddings. */
    | { readonly kind: 'unsupported' }
    /** The hard stop: nothing was sent. Sessions are truncated by it, not failed. */
    | { readonly kind: 'budget-spent'; readonly limit: 'usd' | 'tokens' | 'calls' | 'minutes' }
    /** Replay without a recorded answer; the message names the difference to the nearest entry. */
    | { readonly kind: 'not-recorded' }
  );

export type FailureKind = Failure['kind'];

/** The endpoint lacks something; `what` goes on from 'The model endpoint'. */
export function unsupported(what: string, hint: string): Failure {
  return { kind: 'unsupported', message: `The model endpoint ${what}.`, hint };
}

/** A failure on its way out of a mind. */
export class ModelError extends RehearsalError {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message, { hint: failure.hint, exitCode: failure.kind === 'budget-spent' ? 3 : 1 });
    this.name = 'ModelError';
    this.failure = failure;
  }
}
