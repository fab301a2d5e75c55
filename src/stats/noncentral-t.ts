// The noncentral t distribution, which is what a t statistic follows when there is an effect: the base of power. By
// Gauss-Legendre quadrature over the chi variable in its denominator; good to about 1e-12, not for tails below that.

import { gammaQuantile, normalSurvival } from './distributions.ts';
import { logGammaTerm } from './special.ts';

const PANELS = 24;
// Half of the nodes and weights of Gauss-Legendre with 8 points on [−1, 1].
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

/** P(T > t) where T = (Z + noncentrality) / √(χ²_df / df). */
export function noncentralTSurvival(t: number, df: number, noncentrality: number): number {
  if (df === Infinity) return normalSurvival(t - noncentrality);
  // s² df / 2 is gamma with shape df / 2: integrate P(Z > t s − δ) over s between its outermost quantiles.
  const shape = df / 2;
  const low = Math.sqrt((2 * gammaQuantile(1e-17, shape)) / df);
  const high = Math.sqrt((2 * gammaQuantile(1e-17, shape, 1, 'upper')) / df);
  const half = (high - low) / (2 * PANELS);
  let total = 0;
  for (let panel = 0; panel < PANELS; panel++) {
    const middle = low + (2 * panel + 1) * half;
    for (const [index, node] of NODES.entries()) {
      for (const s of [middle - node * half, middle + node * half]) {
        // density of s: (2 / s) × the gamma term at s² df / 2
        const density = (2 / s) * Math.exp(logGammaTerm(shape, (s * s * df) / 2));
        total += WEIGHTS[index]! * half * density * normalSurvival(t * s - noncentrality);
      }
    }
  }
  return Math.min(1, total);
}
