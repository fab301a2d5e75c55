// Undoing a tail: the place x > 0 beyond (or below) which a distribution keeps a given probability. Newton's method
// in the logarithms of place and tail inside a bracket, so that a tail of 1e-300 is found as exactly as one of 0.3.

/** ln of a tail at x > 0, and ln of x × density there (the slope of the tail in ln x). */
export interface TailAt {
  readonly logTail: number;
  readonly logSlope: number;
}

/** The x > 0 whose tail is `tail`; 0 or Infinity where x is beyond what a number can hold. */
export function placeOfTail(tail: number, at: (x: number) => TailAt, side: 'lower' | 'upper'): number {
  const sign = side === 'lower' ? 1 : -1;
  const target = Math.log(tail);
  const excess = (logPlace: number): number => sign * (at(Math.exp(logPlace)).logTail - target);

  let low = -1;
  let high = 1;
  while (excess(low) > 0) {
    if (low < -744) return 0;
    low = Math.max(2 * low, -745);
  }
  while (excess(high) < 0) {
    if (high >= 709) return Infinity;
    high = Math.min(2 * high, 709);
  }

  let place = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const { logTail, logSlope } = at(Math.exp(place));
    const difference = sign * (logTail - target);
    if (difference > 0) high = place;
    else low = place;
    const newton = place - difference / Math.exp(logSlope - logTail);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - place) <= 4e-16 * Math.max(1, Math.abs(place)) || high - low <= 1e-16)
      return Math.exp(next);
    place = next;
  }
  return Math.exp(place);
}
