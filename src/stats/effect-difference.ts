// How far two groups that play the same visitors, or different ones, are apart in an effect: the difference of two effects
// with its error. Of the same visitors it is tested on each visitor's own difference, of different ones as Welch does.

import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimate } from './estimate.ts';
import type { Shares } from './control-variate.ts';
import { meanOf, sizeOf, varianceOf } from './ratio.ts';
import { welchError } from './welch.ts';

/** first − second over the visitors that are in both, by their names; n − 1 degrees of freedom. */
export function differenceOfEffects(first: Shares, second: Shares, alpha: number): Estimate {
  const both = [...first.byVisitor].flatMap(([visitor, share]) => {
    const other = second.byVisitor.get(visitor);
    return other === undefined ? [] : [share - other];
  });
  if (both.length < 2) return notEstimable(`visitors of both: ${both.length}, at least 2 are needed`);
  const se = Math.sqrt(varianceOf(both) / both.length);
  if (isNoSpread(se, sizeOf(...first.byVisitor.values(), ...second.byVisitor.values())))
    return notEstimable('all visitors differ alike: there is no spread to judge the difference by');
  return estimateFromT({
    effect: meanOf(both),
    se,
    df: both.length - 1,
    alpha,
    method: 'paired t of effects',
  });
}

/** first − second of different visitors. */
export function differenceOfIndependentEffects(first: Shares, second: Shares, alpha: number): Estimate {
  const [a, b] = [[...first.byVisitor.values()], [...second.byVisitor.values()]];
  if (a.length < 2 || b.length < 2)
    return notEstimable(`visitors: ${a.length} and ${b.length}, at least 2 of each are needed`);
  const error = welchError(b, a);
  if (isNoSpread(error.se, sizeOf(...a, ...b)))
    return notEstimable('all shares are equal: there is no spread to judge the difference by');
  return estimateFromT({
    effect: first.effect - second.effect,
    ...error,
    alpha,
    method: 'Welch t of effects',
  });
}
