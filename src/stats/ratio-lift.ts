// The relative lift of a ratio metric with a ratio covariate from before the test, from one arm's means and covariances
// of (M, D, M_pre, D_pre): CUPED by the delta method in four dimensions. Without a covariate it is the plain lift.

import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { sided } from './two-sample.ts';

/** Means and sample covariances of numerator, denominator, and both before the test, one row a visitor. */
export interface RatioArm {
  readonly n: number;
  readonly mean: readonly [number, number, number, number];
  readonly covariance: readonly (readonly number[])[];
}

export interface RatioLift {
  readonly kind: 'estimated';
  readonly effect: number;
  readonly se: number;
  readonly df: number;
  readonly ci: readonly [number, number];
  readonly p: number;
  readonly theta: number;
}

/**
 * (R_b − R_a − θ(R_b,pre − R_a,pre)) / |R_a| with θ = Σ cov(R, R_pre) / Σ var(R_pre) over both arms. Its variance is that of
 * the adjusted treatment's and control's own pulls, the error of the control by which is divided included; Welch's t. By
 * convention that error counts with the adjusted treatment (ratios) or with the observed one (plain means, D = 1).
 */
export function ratioLift(
  control: RatioArm,
  treatment: RatioArm,
  alpha: number,
  pull: 'adjusted' | 'observed' = 'adjusted',
): RatioLift | NotEstimable {
  if (control.n < 2 || treatment.n < 2)
    return notEstimable(`visitors by arm: ${control.n} and ${treatment.n}, at least 2 in each are needed`);
  const [a, b] = [ratiosOf(control), ratiosOf(treatment)];
  if (![a.post, a.pre, b.post, b.pre].every(Number.isFinite) || a.post === 0)
    return notEstimable('a ratio is zero or has no denominator');
  const products = [control, treatment].map((arm) => ({
    cross: variation(arm, pullOf(arm, 1, 0), pullOf(arm, 0, 1)),
    before: variation(arm, pullOf(arm, 0, 1), pullOf(arm, 0, 1)),
  }));
  const before = products.reduce((sum, product) => sum + product.before, 0);
  const theta = before > 0 ? products.reduce((sum, product) => sum + product.cross, 0) / before : 0;
  const adjusted = b.post - theta * (b.pre - a.pre);
  const base = Math.abs(a.post);
  const lift = (pull === 'adjusted' ? adjusted : b.post) / a.post;
  const inControl = pullOf(control, lift / base, -theta / base);
  const inTreatment = pullOf(treatment, 1 / base, -theta / base);
  const ofControl = variation(control, inControl, inControl);
  const ofTreatment = variation(treatment, inTreatment, inTreatment);
  const variance = ofControl + ofTreatment;
  if (!(variance > 0)) return notEstimable('there is no spread to judge the effect by');
  const df = variance ** 2 / (ofControl ** 2 / (control.n - 1) + ofTreatment ** 2 / (treatment.n - 1));
  const { effect, se, ci, p } = sided((adjusted - a.post) / base, Math.sqrt(variance), df, { alpha });
  return { kind: 'estimated', effect, se, df, ci, p, theta };
}

function ratiosOf({ mean }: RatioArm): { post: number; pre: number } {
  return { post: mean[0] / mean[1], pre: mean[2] / mean[3] };
}

/** Gradient of `post` · M/D + `pre` · M_pre/D_pre at the arm's means. */
function pullOf({ mean }: RatioArm, post: number, pre: number): readonly number[] {
  return [
    post / mean[1],
    (-post * mean[0]) / mean[1] ** 2,
    pre === 0 ? 0 : pre / mean[3],
    pre === 0 ? 0 : (-pre * mean[2]) / mean[3] ** 2,
  ];
}

/** gᵀ Σ h / n. */
function variation({ n, covariance }: RatioArm, g: readonly number[], h: readonly number[]): number {
  let sum = 0;
  for (const [row, values] of covariance.entries())
    for (const [column, value] of values.entries()) sum += g[row]! * h[column]! * value;
  return sum / n;
}
