// Figures of an audit in words: a number with its interval and its visitors, or why there is none.

import type { Found } from './figures.ts';

export function figureText(found: Found, show: (value: number) => string): string {
  if (found.kind === 'not-estimable') return `not estimable: ${found.reason}`;
  return `${show(found.value)} (${show(found.ci[0])} to ${show(found.ci[1])}; n = ${found.n})`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A difference of shares, with its sign. */
export function points(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}

export function plain(value: number): string {
  return value.toFixed(2);
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
