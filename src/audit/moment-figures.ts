// What a mind's moments say: whether it agrees with itself, whether it decides alike the second time, and whether places and
// numbers decide for it. Pure; which figure is a fault is judged in mind-report.ts.

import { notEstimable } from '../stats/estimate.ts';
import { meanOf } from '../stats/ratio.ts';
import type { Draw, MomentTrial } from './draws.ts';
import { boundedMean, byVisitor, firstOverLast, type Found } from './figures.ts';

export interface MomentFigures {
  /** Share of pairs of decisions on the same page, with other chance, that are the same. */
  readonly agreement: Found;
  /**
   * Agreement less what a mind without opinions would have that does each action as often, and opens any card. Above 0
   * where decisions follow from what is on the page.
   */
  readonly agreementBeyondChance: Found;
  /** Opening a card at the second time less at the first, on the same page; α is shared with `interestLater`. */
  readonly openedLater: Found;
  /** Interest at the second time less at the first, on 1-5. */
  readonly interestLater: Found;
  /** Openings in the first third of places over those in the last, cards being shuffled. */
  readonly slots: Found;
  /** Openings of the lowest third of numbers over the highest, numbers being shuffled. */
  readonly numbers: Found;
  /** Agreement with the first decision under the same numbers less under others, chance being the same. */
  readonly turnedByNumbers: Found;
}

type Judged = Extract<MomentTrial, { status: 'judged' }>;

const share = { low: 0, high: 1 };
const difference = { low: -1, high: 1 };

/** The figures of some trials; `seed` names the bootstrap's draws. */
export function momentFigures(trials: readonly MomentTrial[], alpha: number, seed: number): MomentFigures {
  const judged = trials.filter((trial): trial is Judged => trial.status === 'judged');
  const visitors = byVisitor(judged);
  const mean = (of: (trial: Judged) => number, range: typeof share, level = alpha): Found =>
    boundedMean(
      visitors.map((own) => meanOf(own.map(of))),
      range,
      level,
    );
  const expected = blindAgreement(judged.flatMap(({ first, again }) => [first, ...again]));
  const agreement = mean(({ first, again }) => agreementOf([first, ...again]), share);
  const second = (of: (draw: Draw) => number): Found =>
    mean(({ first, again }) => of(again[0]!) - of(first), difference, alpha / 2);
  const places = Math.max(1, ...judged.map(({ first }) => first.cards));
  const chosen = (of: (trial: Judged) => readonly (number | null)[], name: string): Found =>
    firstOverLast(
      visitors.map((own) => own.flatMap((trial) => of(trial).filter((place) => place !== null))),
      places,
      { alpha, seed: [seed, 'audit', name] },
    );
  return {
    agreement,
    agreementBeyondChance:
      agreement.kind === 'not-estimable'
        ? notEstimable(agreement.reason)
        : mean(({ first, again }) => agreementOf([first, ...again]) - expected, difference),
    openedLater: second(({ slot }) => (slot === null ? 0 : 1)),
    interestLater: scaled(
      second(({ interest }) => interest / 4),
      4,
    ),
    slots: chosen(({ shuffled }) => shuffled.map(({ slot }) => slot), 'slots'),
    numbers: chosen(({ renumbered }) => renumbered.map(({ rank }) => rank), 'numbers'),
    turnedByNumbers: mean(
      ({ first, again, renumbered }) => sameAs(first, again) - sameAs(first, renumbered),
      difference,
    ),
  };
}

/** Share of equal meanings among all pairs of draws. */
export function agreementOf(draws: readonly Draw[]): number {
  let [equal, pairs] = [0, 0];
  for (const [index, one] of draws.entries()) {
    for (const other of draws.slice(index + 1)) {
      pairs += 1;
      if (one.meaning === other.meaning) equal += 1;
    }
  }
  return equal / pairs;
}

/** How often two decisions agree where each action is as frequent as among these, and every card as likely as another. */
export function blindAgreement(draws: readonly Draw[]): number {
  const actions = Map.groupBy(draws, ({ action }) => action);
  return [...actions].reduce((sum, [action, own]) => {
    const frequency = own.length / draws.length;
    return sum + frequency ** 2 / (action === 'open' ? own[0]!.cards : 1);
  }, 0);
}

function sameAs(first: Draw, others: readonly Draw[]): number {
  return meanOf(others.map(({ meaning }) => (meaning === first.meaning ? 1 : 0)));
}

function scaled(found: Found, factor: number): Found {
  if (found.kind === 'not-estimable') return found;
  const [low, high] = found.ci;
  return { ...found, value: factor * found.value, ci: [factor * low, factor * high] };
}
