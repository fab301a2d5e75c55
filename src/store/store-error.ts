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
export function writeFault(error: unknown): StoreFault | undefined {
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
