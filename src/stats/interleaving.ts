// Team-draft interleaving (Radlinski, Kurup and Joachims 2008): two rankers fill one slate in turns, a click is credited
// to the ranker that drafted the item. A visitor's preference is (wins − losses)/(wins + losses + ties) over its slates;
// the test is over visitors, never over clicks.

import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimated, NotEstimable } from './estimate.ts';
import { binomialCdf } from './distributions.ts';
import { meanOf, sizeOf, varianceOf } from './ratio.ts';

/** A visitor's credits, one pair a slate. */
export interface Credits {
  readonly visitor: string;
  readonly slates: readonly { readonly control: number; readonly treatment: number }[];
}

export interface Preference extends Estimated {
  /** Visitors who prefer the treatment, the control, and neither. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Exact sign test over visitors who prefer one; null where none does. */
  readonly signP: number | null;
}

/** Mean preference for the treatment, −1 to 1, with a t interval over visitors. */
export function preferenceOf(credits: readonly Credits[], alpha: number): Preference | NotEstimable {
  const n = credits.length;
  if (n < 2) return notEstimable(`visitors: ${n}, at least 2 are needed`);
  const own = credits.map(visitorPreference);
  const [wins, losses] = [own.filter((value) => value > 0).length, own.filter((value) => value < 0).length];
  const se = Math.sqrt(varianceOf(own) / n);
  if (isNoSpread(se, sizeOf(...own, 1)))
    return notEstimable('all visitors prefer the same: there is no spread');
  return {
    ...estimateFromT({
      effect: meanOf(own),
      se,
      df: n - 1,
      alpha,
      method: 'interleaving preference, t over visitors',
    }),
    wins,
    losses,
    ties: n - wins - losses,
    signP:
      wins + losses === 0 ? null : Math.min(1, 2 * binomialCdf(Math.min(wins, losses), wins + losses, 0.5)),
  };
}

/** (slates won − slates lost) / slates of one visitor; 0 without slates. */
export function visitorPreference({ slates }: Credits): number {
  if (slates.length === 0) return 0;
  return (
    slates.reduce((sum, { control, treatment }) => sum + Math.sign(treatment - control), 0) / slates.length
  );
}
