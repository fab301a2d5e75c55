// Several tests at once. Bonferroni, Holm and Hochberg keep the chance of any false finding at α (Hochberg for
// independent or positively dependent tests); Benjamini and Hochberg the expected share of false ones among the
// findings, Benjamini and Yekutieli the same under any dependence. Null (not estimable) stays null and is no test.

type Adjustment = (p: number, rank: number, tests: number) => number;

/** p m. */
export function bonferroni(pValues: readonly (number | null)[]): (number | null)[] {
  return stepped(pValues, 'down', (p, _rank, tests) => p * tests);
}

/** Holm's step-down (1979): p_(i) (m − i + 1), running maximum from the smallest. */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  return stepped(pValues, 'down', (p, rank, tests) => p * (tests - rank + 1));
}

/** Hochberg's step-up (1988): p_(i) (m − i + 1), running minimum from the largest. */
export function hochberg(pValues: readonly (number | null)[]): (number | null)[] {
  return stepped(pValues, 'up', (p, rank, tests) => p * (tests - rank + 1));
}

/** Benjamini and Hochberg's step-up (1995): p_(i) m / i, running minimum from the largest. */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  return stepped(pValues, 'up', (p, rank, tests) => (p * tests) / rank);
}

/** Benjamini and Yekutieli (2001): Benjamini and Hochberg times Σ 1/i. */
export function benjaminiYekutieli(pValues: readonly (number | null)[]): (number | null)[] {
  return stepped(pValues, 'up', (p, rank, tests) => {
    let harmonic = 0;
    for (let i = 1; i <= tests; i++) harmonic += 1 / i;
    return (p * tests * harmonic) / rank;
  });
}

/** Adjusts by rank (1 the smallest p) and makes the result monotone, from the smallest up or from the largest down. */
function stepped(
  pValues: readonly (number | null)[],
  direction: 'down' | 'up',
  adjust: Adjustment,
): (number | null)[] {
  const tested = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((a, b) => a.p - b.p || a.index - b.index);
  const adjusted: (number | null)[] = pValues.map(() => null);
  const places = tested.map((_, place) => place);
  let running = direction === 'down' ? 0 : 1;
  for (const place of direction === 'down' ? places : places.reverse()) {
    const { p, index } = tested[place]!;
    const own = Math.min(1, adjust(p, place + 1, tested.length));
    running = direction === 'down' ? Math.max(running, own) : Math.min(running, own);
    adjusted[index] = running;
  }
  return adjusted;
}
