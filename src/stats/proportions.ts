// Two proportions of visitors who did something, different visitors in each arm. The z test with its pooled or unpooled
// error and the continuity correction, and Newcombe's interval, which keeps its coverage at small counts and near 0.

import { normalQuantile, normalSurvival } from './distributions.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';

/** Visitors of an arm and how many of them did it; one visitor counts once. */
export interface Proportion {
  readonly successes: number;
  readonly n: number;
}

export interface ProportionTest {
  readonly kind: 'estimated';
  /** treatment − control. */
  readonly effect: number;
  readonly ci: readonly [number, number];
  /** treatment / control − 1 on the logarithm; null where a count is 0. */
  readonly relative: number | null;
  readonly relativeCi: readonly [number, number] | null;
  readonly p: number;
}

export interface ProportionOptions {
  readonly alpha: number;
  /** Error under equal proportions for the p value. Default true. */
  readonly pooled?: boolean;
  /** Error under equal proportions for the intervals. Default: as `pooled`. */
  readonly pooledInterval?: boolean;
  /** Yates' ½ (1/n_a + 1/n_b). Default false. */
  readonly continuity?: boolean;
}

/** The z test; squared, without the continuity correction, it is the chi-square test of the 2 × 2 table. */
export function proportionTest(
  control: Proportion,
  treatment: Proportion,
  options: ProportionOptions,
): ProportionTest | NotEstimable {
  if (control.n < 1 || treatment.n < 1) return notEstimable('an arm has no visitors');
  const [a, b] = [control.successes / control.n, treatment.successes / treatment.n];
  const share = (control.successes + treatment.successes) / (control.n + treatment.n);
  if (share === 0 || share === 1)
    return notEstimable('all visitors of both arms did the same: there is no spread');
  const each = 1 / control.n + 1 / treatment.n;
  const pooledError = Math.sqrt(share * (1 - share) * each);
  const ownError = Math.sqrt((a * (1 - a)) / control.n + (b * (1 - b)) / treatment.n);
  const { alpha, pooled = true, pooledInterval = pooled, continuity = false } = options;
  const correction = continuity ? Math.min(each / 2, Math.abs(b - a)) : 0;
  const z = normalQuantile(alpha / 2, 'upper');
  const effect = b - a;
  const testError = pooled ? pooledError : ownError;
  if (testError === 0) return notEstimable('all visitors of each arm did the same: there is no spread');
  const reach = z * (pooledInterval ? pooledError : ownError) + correction;
  const hasRatio = control.successes > 0 && treatment.successes > 0;
  const logError = pooledInterval
    ? pooledError / share
    : Math.sqrt((1 - a) / (a * control.n) + (1 - b) / (b * treatment.n));
  const logReach = z * logError + correction / a;
  return {
    kind: 'estimated',
    effect,
    ci: [effect - reach, effect + reach],
    relative: hasRatio ? b / a - 1 : null,
    relativeCi: hasRatio
      ? [Math.expm1(Math.log(b / a) - logReach), Math.expm1(Math.log(b / a) + logReach)]
      : null,
    p: 2 * normalSurvival((Math.abs(effect) - correction) / testError),
  };
}

/** Wilson's score interval of one proportion. */
export function wilson({ successes, n }: Proportion, alpha: number): readonly [number, number] {
  const z = normalQuantile(alpha / 2, 'upper');
  const share = successes / n;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const reach = (z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** Newcombe's hybrid score interval of treatment − control (1998, method 10). */
export function newcombe(
  control: Proportion,
  treatment: Proportion,
  alpha: number,
): readonly [number, number] {
  const [a, b] = [control.successes / control.n, treatment.successes / treatment.n];
  const [aLow, aHigh] = wilson(control, alpha);
  const [bLow, bHigh] = wilson(treatment, alpha);
  return [
    b - a - Math.sqrt((b - bLow) ** 2 + (aHigh - a) ** 2),
    b - a + Math.sqrt((bHigh - b) ** 2 + (a - aLow) ** 2),
  ];
}
