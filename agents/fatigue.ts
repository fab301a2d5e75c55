// Fatigue as A/B Agent defines it (arXiv 2601.04554): a visit starts with a budget, every action consumes some,
// and dull steps cost most. Pure: parameters and state in, state out. The paper names the classes and not
// their constants; ours are in parameters.ts with their origin.

import type { ActionType } from '../sandbox/actions.ts';

export interface FatigueParameters {
  /** Cost C_a by class: browsing, opening, committing (watch, rate, add to list), in budget units. */
  readonly browse: number;
  readonly open: number;
  readonly commit: number;
  /** φ_max and φ_min: the factor at the lowest and at the highest interest. */
  readonly dullest: number;
  readonly keenest: number;
}

export interface Fatigue {
  /** Φ at the door, in budget units. */
  readonly budget: number;
  /** What has been spent of it; may pass the budget by the last action. */
  readonly spent: number;
}

const lowestInterest = 1;
const highestInterest = 5;

/** A rested visitor with this budget. */
export function rested(budget: number): Fatigue {
  return { budget, spent: 0 };
}

/**
 * F = C_a (φ_max − (ι − ι_min)(φ_max − φ_min)/(ι_max − ι_min)), ι the interest of the step on 1-5
 * (A/B Agent, fatigue system).
 */
export function costOf(action: ActionType, interest: number, parameters: FatigueParameters): number {
  const share = (interest - lowestInterest) / (highestInterest - lowestInterest);
  return (
    classCost(action, parameters) * (parameters.dullest - share * (parameters.dullest - parameters.keenest))
  );
}

/** The state after an action done with this interest (1-5). */
export function tire(
  fatigue: Fatigue,
  action: ActionType,
  interest: number,
  parameters: FatigueParameters,
): Fatigue {
  return { ...fatigue, spent: fatigue.spent + costOf(action, interest, parameters) };
}

/** Share of the budget that is spent, 0 fresh, 1 exhausted. */
export function tiredness(fatigue: Fatigue): number {
  return Math.min(1, fatigue.spent / fatigue.budget);
}

export function isExhausted(fatigue: Fatigue): boolean {
  return fatigue.spent >= fatigue.budget;
}

function classCost(action: ActionType, parameters: FatigueParameters): number {
  switch (action) {
    case 'next-page':
    case 'previous-page':
    case 'back':
    case 'search':
      return parameters.browse;
    case 'open':
      return parameters.open;
    case 'watch':
    case 'rate':
    case 'add-to-list':
      return parameters.commit;
    case 'leave':
      return 0;
    default:
      return action satisfies never;
  }
}
