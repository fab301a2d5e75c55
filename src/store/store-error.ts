// The record or the screens beside it could not be written or read. This is never one session's failure: it stops the
// run, which goes on by resume once the reason is mended; what was committed before is safe.

import { RehearsalError } from '../base/error.ts';

export type StoreFault = 'locked' | 'no-database' | 'not-allowed' | 'disk-full';

export class StoreError extends RehearsalError {
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options: { hint: string; cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.fault = fault;
  }
}

/** What the file system's code for a failed write means; undefined where it is no such code. */
function writeFault(error: unknown): StoreFault | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EIO':
      return 'disk-full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not-allowed';
    default:
      return undefined;
  }
}

/** What to throw when a file could not be written: what the file system refused by its name, anything else as it is. */
export function unwrittenFile(what: string, cause: unknown): unknown {
  const fault = writeFault(cause);
  if (fault === undefined) return cause;
  return new StoreError(
    fault,
    `${what} could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    {
      hint: 'Check the free space and the permissions of the folder; `rehearsal resume` goes on from what is recorded.',
      cause,
    },
  );
}
