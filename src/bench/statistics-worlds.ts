// Made-up visitors for the contest of statistics: an outcome of four shapes with a visitor's own trait in it, so that
// twins are correlated and several sessions of one visitor are clustered. Truth is known, so errors can be counted.

import type { Random } from '../base/random.ts';
import type { Aggregate, VisitorValue } from '../stats/visitor-values.ts';

export type Shape = 'normal' | 'skewed' | 'binary' | 'ratio';
export const shapes: readonly Shape[] = ['normal', 'skewed', 'binary', 'ratio'];

export const aggregateOf = (shape: Shape): Aggregate => (shape === 'ratio' ? 'ratio' : 'mean');

/** Share of the outcome's latent variance that is the visitor's own: the correlation of twins. */
export interface World {
  readonly shape: Shape;
  readonly correlation: number;
}

/** One visitor under one arm. `trait` is standard normal and the same in both arms; `effect` in latent deviations. */
export function outcomeOf(
  { shape, correlation }: World,
  visitor: string,
  trait: number,
  effect: number,
  random: Random,
): VisitorValue {
  const own = Math.sqrt(correlation) * trait;
  const latent = own + Math.sqrt(1 - correlation) * random.normal() + effect;
  const single = (numerator: number): VisitorValue => ({ visitor, numerator, denominator: 1 });
  switch (shape) {
    case 'normal':
      return single(5 + latent);
    case 'skewed':
      return single(Math.exp(0.8 * latent));
    case 'binary':
      return single(latent > 0.5 ? 1 : 0);
    case 'ratio': {
      // A few sessions of ten impressions; clicks hang together within a visitor.
      const impressions = 10 * (1 + random.integer(4));
      const chance = 0.25 / (1 + Math.exp(-own - effect));
      let clicks = 0;
      for (let place = 0; place < impressions; place++) if (random.uniform() < chance) clicks += 1;
      return { visitor, numerator: clicks, denominator: impressions };
    }
    default:
      return shape satisfies never;
  }
}

/** Traits of `n` visitors. */
export function traitsOf(n: number, random: Random): number[] {
  return Array.from({ length: n }, () => random.normal());
}

/** A share with its Monte Carlo standard error, as a percentage. */
export function shareText(count: number, of: number): string {
  const share = count / of;
  return `${(100 * share).toFixed(1)} ± ${(100 * Math.sqrt((share * (1 - share)) / of)).toFixed(1)} %`;
}
