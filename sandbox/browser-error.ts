// The browser itself failed: it died, hangs, or lost its page. The page that was asked for is not at fault, so the
// same page may be asked for again.

import { RehearsalError } from '../src/base/error.ts';

export class BrowserError extends RehearsalError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      hint: 'Run `rehearsal doctor` to try the browser alone; `rehearsal resume` continues the run.',
      cause,
    });
    this.name = 'BrowserError';
  }
}
