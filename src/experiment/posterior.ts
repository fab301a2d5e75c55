// The Bayesian reading of the goal, where the scenario asks for it: a normal prior of the relative effect, the
// estimate's normal likelihood on ln(arm / control), and what the posterior says of better, worse and no difference.

import { expectedLoss } from '../stats/bayes.ts';
import { normalCdf, normalQuantile } from '../stats/distributions.ts';
import type { Trial } from './compare.ts';
import type { Posterior } from './result.ts';
import type { Scenario } from './scenario.ts';

type Bayes = NonNullable<Scenario['metrics']['bayes']>;

/**
 * The posterior of an arm's relative effect: precision 1/se² + 1/sd², the means weighted by them (conjugate normal). The
 * prior is carried to the logarithm by the delta method: ln(1 + mean), sd / (1 + mean). Null without a relative effect,
 * which the verdict then says.
 */
export function posteriorOf(
  { arm, relative, metric }: Trial,
  bayes: Bayes,
  margin: number,
): Posterior | null {
  if (relative.kind === 'not-estimable') return null;
  const prior = { mean: Math.log1p(bayes.prior.mean), sd: bayes.prior.sd / (1 + bayes.prior.mean) };
  const precision = 1 / relative.se ** 2 + 1 / prior.sd ** 2;
  const sd = Math.sqrt(1 / precision);
  const mean = (relative.logRatio / relative.se ** 2 + prior.mean / prior.sd ** 2) / precision;
  const reach = normalQuantile((1 + bayes.certainty) / 2) * sd;
  const below = (effect: number): number => normalCdf((Math.log1p(effect) - mean) / sd);
  const positive = 1 - below(0);
  const pEquivalent = below(margin) - below(-Math.min(margin, 1 - 1e-12));
  const pBetter = metric.higherIsBetter ? positive : 1 - positive;
  return {
    arm,
    relative: Math.expm1(mean),
    interval: [Math.expm1(mean - reach), Math.expm1(mean + reach)],
    pBetter,
    pEquivalent,
    // Of choosing the arm: what is lost where it is worse.
    expectedLoss: expectedLoss(metric.higherIsBetter ? mean : -mean, sd)[1],
    decision:
      pEquivalent >= bayes.certainty
        ? 'equivalent'
        : pBetter >= bayes.certainty
          ? 'better'
          : 1 - pBetter >= bayes.certainty
            ? 'worse'
            : 'cannot-tell',
  };
}
