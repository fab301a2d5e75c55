// What stands above everything else of a run whose sessions are not all done: that they are not, and why.

import type { Result } from '../experiment/result.ts';
import { html, type Html } from './html.ts';

/** The card; null for a whole run. */
export function unfinishedCard({ status, reason }: Result): Html | null {
  if (status === 'complete') return null;
  return html`<div class="card">
    <span class="chip warn">${status}</span> ${whyOf(status, reason)} Go on with it before you decide
    anything.
  </div>`;
}

function whyOf(status: Exclude<Result['status'], 'complete'>, reason: string): string {
  switch (status) {
    case 'interrupted':
      return 'This run was stopped before all sessions were done.';
    case 'truncated':
      return 'This run was cut when its budget was used up, before all sessions were done.';
    case 'stopped':
      return `This run stopped itself: ${reason}.`;
    default:
      return status satisfies never;
  }
}
