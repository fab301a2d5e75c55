// The difference of a quantile between arms, such as the median session length, when visitors bring several values. The
// quantile's error comes from the spread of each visitor's count below it, so visitors stay the unit (Deng, Knoblich
// and Lu 2018, section 4), turned into the metric's unit over the values at the ends of the count's interval.

import { normalQuantile } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { meanOf, varianceOf } from './ratio.ts';
import { quantileOf } from './bootstrap.ts';
import { sided } from './two-sample.ts';
import type { TwoSample } from './two-sample.ts';

/** One list of values a visitor. */
export type ValuesByVisitor = readonly (readonly number[])[];

/** treatment − control of this quantile (0 to 1); at least 20 visitors an arm, or it is not estimable. */
export function quantileDifference(
  control: ValuesByVisitor,
  treatment: ValuesByVisitor,
  quantile: number,
  alpha: number,
): TwoSample | NotEstimable {
  const a = quantileWithError(control, quantile, alpha);
  const b = quantileWithError(treatment, quantile, alpha);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  const se = Math.hypot(a.se, b.se);
  if (!(se > 0)) return notEstimable('the values about the quantile are all equal: there is no spread');
  const df = Math.min(control.length, treatment.length) - 1;
  return sided(b.value - a.value, se, df, { alpha });
}

interface QuantileWithError {
  readonly kind: 'estimated';
  readonly value: number;
  readonly se: number;
}

function quantileWithError(
  visitors: ValuesByVisitor,
  quantile: number,
  alpha: number,
): QuantileWithError | NotEstimable {
  const own = visitors.filter((values) => values.length > 0);
  if (own.length < 20) return notEstimable(`visitors with a value: ${own.length}, at least 20 are needed`);
  const sorted = own.flat().sort((x, y) => x - y);
  const value = quantileOf(sorted, quantile);
  const perVisitor = meanOf(own.map((values) => values.length));
  // Linearised share of values at or below the quantile: (below − q · values)/mean(values), one a visitor.
  const pulls = own.map(
    (values) => (values.filter((each) => each <= value).length - quantile * values.length) / perVisitor,
  );
  const share = Math.sqrt(varianceOf(pulls) / own.length);
  const z = normalQuantile(alpha / 2, 'upper');
  const [low, high] = [Math.max(0, quantile - z * share), Math.min(1, quantile + z * share)];
  if (low === 0 || high === 1)
    return notEstimable('too few values beyond the quantile to say how uncertain it is');
  return { kind: 'estimated', value, se: (quantileOf(sorted, high) - quantileOf(sorted, low)) / (2 * z) };
}
