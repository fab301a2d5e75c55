// Less noise: the same effect with what was already known of the visitors taken out. CUPED (Deng, Xu, Kohavi and Walker
// 2013) regresses each visitor's score on its value from before the arms; post-stratification (Miratrix, Sekhon and Yu
// 2013) compares like with like by kind of visitor. Scores are those of ratio.ts, so means and ratios are served alike.

import { estimateFromT, intervalFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimated, NotEstimable } from './estimate.ts';
import { linearised, meanOf, sizeOf, varianceOf } from './ratio.ts';
import type { Relative } from './relative.ts';
import { visitorValues } from './visitor-values.ts';
import type { Aggregate, VisitorValue, VisitorValues } from './visitor-values.ts';
import { welchError } from './welch.ts';

export interface Adjusted {
  readonly kind: 'adjusted';
  readonly estimate: Estimated;
  readonly relative: Relative | NotEstimable;
  /** Visitors with what the adjustment needs: pairs for twins, both arms together for split. */
  readonly n: number;
  /** Variance of the adjusted effect over that of the plain one, on these visitors. */
  readonly varianceRatio: number;
}

/** Two arms; `paired` says that row i of both is the same visitor. */
export interface Sides {
  readonly control: VisitorValues;
  readonly treatment: VisitorValues;
  readonly paired: boolean;
}

/** What an adjustment of an effect's scores gives; scores have mean 0 within their arm. */
interface Change {
  readonly effect: number;
  readonly variance: number;
  readonly plainVariance: number;
  readonly df: number;
}
type Adjustment = (control: readonly number[], treatment: readonly number[], effect: number) => Change;

/**
 * CUPED with a covariate by visitor; those without one are left out. Twins: d' = d − θ (x − x̄), θ = cov(d, x) / var(x),
 * n − 2 degrees of freedom. Split: y' = y − θ (x − x̄) with θ pooled over the arms, Welch's error of y'.
 */
export function cuped(
  sides: Sides,
  before: ReadonlyMap<string, number>,
  aggregate: Aggregate,
  alpha: number,
): Adjusted | NotEstimable {
  const has = ({ visitor }: VisitorValue): boolean => before.has(visitor);
  const known = among(sides, has);
  const few = tooFew(known, 3);
  if (few !== null) return notEstimable(`with visits from before the arms: ${few}`);
  const x = (rows: VisitorValues): number[] => rows.map((row) => before.get(row.visitor)!);
  const [xa, xb] = [x(known.control), x(known.treatment)];
  if (isNoSpread(Math.sqrt(varianceOf(xa) + varianceOf(xb)), sizeOf(...xa, ...xb)))
    return notEstimable('before the arms every visitor did the same: there is nothing to adjust by');
  const adjust: Adjustment = known.paired
    ? (control, treatment, effect) => {
        const d = treatment.map((score, index) => score - control[index]!);
        const theta = pooledTheta([[d, xa]]);
        const mean = meanOf(xa);
        const rest = d.map((each, index) => each - theta * (xa[index]! - mean));
        const n = d.length;
        return {
          effect,
          variance: (varianceOf(rest) * (n - 1)) / (n - 2) / n,
          plainVariance: varianceOf(d) / n,
          df: n - 2,
        };
      }
    : (control, treatment, effect) => {
        const theta = pooledTheta([
          [control, xa],
          [treatment, xb],
        ]);
        const rest = (scores: readonly number[], own: readonly number[]): number[] =>
          scores.map((score, index) => score - theta * own[index]!);
        const shares = welchShares(rest(control, xa), rest(treatment, xb));
        return {
          ...shares,
          effect: effect - theta * (meanOf(xb) - meanOf(xa)),
          plainVariance: welchShares(control, treatment).variance,
        };
      };
  return adjusted(known, aggregate, alpha, adjust, 'CUPED');
}

/**
 * Post-stratification by kinds of visitors with their shares among all of them as weights: Σ w d, variance
 * Σ w² var(d) + Σ w (d − Σ w d)² / n, the second term because the shares are estimated. Refuses where a kind has fewer
 * than two visitors in an arm.
 */
export function postStratified(
  sides: Sides,
  kindOf: ReadonlyMap<string, string>,
  aggregate: Aggregate,
  alpha: number,
): Adjusted | NotEstimable {
  const known = among(sides, ({ visitor }) => kindOf.has(visitor));
  const few = tooFew(known, 3);
  if (few !== null) return notEstimable(few);
  const kindsIn = (rows: VisitorValues): string[] => rows.map((row) => kindOf.get(row.visitor)!);
  const [inControl, inTreatment] = [kindsIn(known.control), kindsIn(known.treatment)];
  const everyone = known.paired ? inControl : [...inControl, ...inTreatment];
  const kinds = [...new Set(everyone)].sort();
  const rare = kinds.find((kind) =>
    [inControl, inTreatment].some((own) => own.filter((each) => each === kind).length < 2),
  );
  if (rare !== undefined) return notEstimable(`fewer than two visitors of the kind "${rare}" in an arm`);
  const adjust: Adjustment = (control, treatment, effect) => {
    const d = treatment.map((score, index) => score - control[index]!);
    const strata = kinds.map((kind) => {
      const own = (scores: readonly number[], labels: readonly string[]): number[] =>
        scores.filter((_score, index) => labels[index] === kind);
      const weight = everyone.filter((each) => each === kind).length / everyone.length;
      const [a, b] = [own(control, inControl), own(treatment, inTreatment)];
      const pairs = own(d, inControl);
      return known.paired
        ? { weight, d: meanOf(pairs), variance: varianceOf(pairs) / pairs.length }
        : { weight, d: meanOf(b) - meanOf(a), variance: welchShares(a, b).variance };
    });
    const shift = strata.reduce((sum, each) => sum + each.weight * each.d, 0);
    const within = strata.reduce((sum, each) => sum + each.weight ** 2 * each.variance, 0);
    const between = strata.reduce((sum, each) => sum + each.weight * (each.d - shift) ** 2, 0);
    return {
      effect: effect + shift,
      variance: within + between / everyone.length,
      plainVariance: known.paired ? varianceOf(d) / d.length : welchShares(control, treatment).variance,
      df:
        known.control.length +
        (known.paired ? 0 : known.treatment.length) -
        (known.paired ? 1 : 2) * kinds.length,
    };
  };
  return adjusted(known, aggregate, alpha, adjust, 'post-stratified');
}

/** θ = Σ cov(y, x) / Σ var(x) over the arms, each about its own means. */
export function pooledTheta(
  arms: readonly (readonly [y: readonly number[], x: readonly number[]])[],
): number {
  const products = arms.reduce((sum, [y, x]) => sum + covarianceOf(y, x), 0);
  return products / arms.reduce((sum, [, x]) => sum + varianceOf(x), 0);
}

function among(sides: Sides, keep: (row: VisitorValue) => boolean): Sides {
  return {
    ...sides,
    control: visitorValues(sides.control.filter(keep)),
    treatment: visitorValues(sides.treatment.filter(keep)),
  };
}

function tooFew({ control, treatment }: Sides, least: number): string | null {
  return Math.min(control.length, treatment.length) < least
    ? `${control.length} and ${treatment.length} visitors by arm, at least ${least} in each are needed`
    : null;
}

/** The adjustment on the effect itself and on ln(treatment / control). */
function adjusted(
  { control, treatment, paired }: Sides,
  aggregate: Aggregate,
  alpha: number,
  adjust: Adjustment,
  name: string,
): Adjusted | NotEstimable {
  const a = linearised(control, aggregate);
  const b = linearised(treatment, aggregate);
  if (a.kind === 'not-estimable') return notEstimable(`control: ${a.reason}`);
  if (b.kind === 'not-estimable') return notEstimable(`treatment: ${b.reason}`);
  const change = adjust(a.scores, b.scores, b.value - a.value);
  const se = Math.sqrt(change.variance);
  if (isNoSpread(se, sizeOf(a.value, b.value, ...a.scores, ...b.scores)))
    return notEstimable('there is no spread left to judge the effect by');
  const method = `${paired ? 'paired t' : 'Welch t'} over visitors, ${name}`;
  return {
    kind: 'adjusted',
    estimate: estimateFromT({ effect: change.effect, se, df: change.df, alpha, method }),
    relative: relativeOf(a.value, b.value, a.scores, b.scores, adjust, alpha),
    n: paired ? control.length : control.length + treatment.length,
    varianceRatio: change.variance / change.plainVariance,
  };
}

function relativeOf(
  a: number,
  b: number,
  control: readonly number[],
  treatment: readonly number[],
  adjust: Adjustment,
  alpha: number,
): Relative | NotEstimable {
  if (!(a > 0) || !(b > 0)) return notEstimable('an arm without a value above zero has no logarithm');
  const change = adjust(
    control.map((score) => score / a),
    treatment.map((score) => score / b),
    Math.log(b / a),
  );
  const se = Math.sqrt(change.variance);
  const [low, high] = intervalFromT(change.effect, se, change.df, alpha);
  return {
    kind: 'estimated',
    relative: Math.expm1(change.effect),
    logRatio: change.effect,
    se,
    df: change.df,
    ci: [Math.expm1(low), Math.expm1(high)],
  };
}

/** Welch's error as a variance. */
function welchShares(
  control: readonly number[],
  treatment: readonly number[],
): { variance: number; df: number } {
  const { se, df } = welchError(control, treatment);
  return { variance: se ** 2, df };
}

/** Sample covariance (n − 1). */
function covarianceOf(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [meanOf(first), meanOf(second)];
  return (
    first.reduce((sum, value, index) => sum + (value - a) * (second[index]! - b), 0) / (first.length - 1)
  );
}
