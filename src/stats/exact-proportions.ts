// Exact unconditional tests of two proportions, for few visitors: Barnard's orders tables by the pooled z statistic,
// Boschloo's by Fisher's p. Both take the worst case over the unknown common proportion, found on a grid and refined.

import { logBinomialTerm } from './distributions.ts';
import type { Proportion } from './proportions.ts';

const GRID = 400;
const REFINEMENTS = 60;
/** Tables whose order differs by less than this are as extreme as each other. */
const TIE = 1e-7;

/** Barnard's test (1945), two-sided: tables with |z| at least as large. */
export function barnard(control: Proportion, treatment: Proportion): number {
  const statistic = (a: number, b: number): number => {
    const share = (a + b) / (control.n + treatment.n);
    if (share === 0 || share === 1) return 0;
    const error = Math.sqrt(share * (1 - share) * (1 / control.n + 1 / treatment.n));
    return Math.abs(b / treatment.n - a / control.n) / error;
  };
  const observed = statistic(control.successes, treatment.successes);
  return worstCase(control.n, treatment.n, (a, b) => statistic(a, b) >= observed * (1 - TIE));
}

/** Boschloo's test (1970), two-sided: twice the smaller one-sided p, at most 1. */
export function boschloo(control: Proportion, treatment: Proportion): number {
  const oneSided = (side: 'less' | 'greater'): number => {
    const fisher = fisherTable(control.n, treatment.n, side);
    const observed = fisher(control.successes, treatment.successes);
    return worstCase(control.n, treatment.n, (a, b) => fisher(a, b) <= observed * (1 + TIE));
  };
  return Math.min(1, 2 * Math.min(oneSided('less'), oneSided('greater')));
}

/** Fisher's one-sided p of every table: `less` is a treatment with at most so many successes, given all successes. */
function fisherTable(n: number, m: number, side: 'less' | 'greater'): (a: number, b: number) => number {
  const table = Array.from({ length: n + 1 }, () => new Float64Array(m + 1));
  for (let total = 0; total <= n + m; total++) {
    const [low, high] = [Math.max(0, total - n), Math.min(m, total)];
    const terms: number[] = [];
    for (let b = low; b <= high; b++)
      terms.push(Math.exp(logBinomialTerm(total - b, n, 0.5) + logBinomialTerm(b, m, 0.5)));
    const all = terms.reduce((sum, term) => sum + term, 0);
    let running = 0;
    const order = side === 'less' ? [...terms.keys()] : [...terms.keys()].reverse();
    for (const place of order) {
      running += terms[place]! / all;
      table[total - low - place]![low + place] = Math.min(1, running);
    }
  }
  return (a, b) => table[a]![b]!;
}

/** The largest probability, over the common proportion, of the tables that count as extreme. */
function worstCase(n: number, m: number, isExtreme: (a: number, b: number) => boolean): number {
  const extreme = Array.from({ length: n + 1 }, (_, a) =>
    Array.from({ length: m + 1 }, (_unused, b) => b).filter((b) => isExtreme(a, b)),
  );
  const chance = (share: number): number => {
    const ofB = Float64Array.from({ length: m + 1 }, (_, b) => Math.exp(logBinomialTerm(b, m, share)));
    let sum = 0;
    for (let a = 0; a <= n; a++) {
      const own = extreme[a]!;
      if (own.length === 0) continue;
      let beside = 0;
      for (const b of own) beside += ofB[b]!;
      sum += Math.exp(logBinomialTerm(a, n, share)) * beside;
    }
    return sum;
  };
  let best = { share: 0.5, chance: 0 };
  for (let step = 1; step < GRID; step++) {
    const share = step / GRID;
    const here = chance(share);
    if (here > best.chance) best = { share, chance: here };
  }
  let [low, high] = [best.share - 1 / GRID, best.share + 1 / GRID];
  for (let step = 0; step < REFINEMENTS; step++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (chance(Math.max(left, 1e-12)) < chance(Math.min(right, 1 - 1e-12))) low = left;
    else high = right;
  }
  const peak = Math.min(1 - 1e-12, Math.max(1e-12, (low + high) / 2));
  return Math.min(1, Math.max(best.chance, chance(peak)));
}
