// The root error: a mistake a person can mend. The message says what was expected and what came,
// the hint what to do next. Anything else that is thrown is a defect of ours and keeps its stack.

/** Exit codes of the command line: 1 failed, 2 wrong usage, 3 finished but needs a human look. */
export type ExitCode = 1 | 2 | 3;

export class RehearsalError extends Error {
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'RehearsalError';
    this.hint = options.hint ?? '';
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Wrong usage: the command, an option or a scenario field is not what was expected (exit 2). */
export class UsageError extends RehearsalError {
  constructor(message: string, hint?: string) {
    super(message, { hint, exitCode: 2 });
    this.name = 'UsageError';
  }
}

/** The same error with the name of who it befell before its message; one that is of another kind and tells more stays as it is. */
export function befell(name: string, error: unknown): unknown {
  if (!(error instanceof RehearsalError)) return error;
  const { message, hint, exitCode, cause } = error;
  if (error.constructor === UsageError) return new UsageError(`${name}: ${message}`, hint);
  if (error.constructor !== RehearsalError) return error;
  return new RehearsalError(`${name}: ${message}`, { hint, exitCode, cause });
}
