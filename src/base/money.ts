// Dollars as text. A price that nobody knows is said to be unknown and never shown as 0.

/** '$1.25', or 'price unknown' for null. */
export function dollars(usd: number | null, digits = 2): string {
  return usd === null ? 'price unknown' : `$${usd.toFixed(digits)}`;
}
