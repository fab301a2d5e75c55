// Benjamini and Hochberg's step-up adjustment (1995): among findings below q, at most a share q is expected to be false.
// For explorations, where Holm would see nothing.

/** Adjusted p values in the order given; null (not estimable) stays null and is not counted as a test. */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((a, b) => b.p - a.p || b.index - a.index);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let running = 1;
  for (const [place, { p, index }] of tested.entries()) {
    running = Math.min(running, (p * tested.length) / (tested.length - place));
    adjusted[index] = running;
  }
  return adjusted;
}
