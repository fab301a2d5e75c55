// From simulated to real effects by calibration: on visitors with both, real outcome ~ g(simulated outcome); then g of all
// simulated outcomes, averaged by arm. Valid only if, given g, the arm says nothing more about the real outcome, which is
// what the falsification test asks (surrogacy, Prentice 1989; arXiv 2606.17165).

import { bootstrapped } from './bootstrap.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { notEstimable } from './estimate.ts';
import type { NotEstimable } from './estimate.ts';
import { clusteredLeastSquares } from './least-squares.ts';
import { meanOf } from './ratio.ts';

export interface PilotVisitor {
  readonly visitor: string;
  readonly arm: 0 | 1;
  readonly real: number;
  readonly simulated: number;
}

export interface SimulatedVisitor {
  readonly visitor: string;
  readonly arm: 0 | 1;
  readonly simulated: number;
}

export interface Calibrated {
  readonly kind: 'estimated';
  /** Calibrated treatment − control, and the raw simulated one. */
  readonly effect: number;
  readonly raw: number;
  readonly ci: readonly [number, number];
  /** Real units per simulated unit: 1 where the simulation has the right size, below 1 where it exaggerates. */
  readonly slope: number;
  /** p of "given g the arm adds nothing"; small means that the calibration is not to be believed. */
  readonly falsificationP: number;
}

/** Linear g by least squares; the interval draws pilot and simulated visitors again and refits. */
export function calibratedEffect(
  pilot: readonly PilotVisitor[],
  simulated: readonly SimulatedVisitor[],
  options: BootstrapOptions,
): Calibrated | NotEstimable {
  if (pilot.length < 10)
    return notEstimable(`visitors with a real outcome: ${pilot.length}, at least 10 are needed`);
  const slope = slopeOf(pilot);
  if (slope === null)
    return notEstimable('the simulated outcome does not vary among visitors with a real one');
  const raw = armDifference(simulated);
  if (!Number.isFinite(raw)) return notEstimable('an arm has no simulated visitors');
  const test = clusteredLeastSquares(
    pilot.map(({ visitor, arm, real, simulated: predicted }) => ({
      visitor,
      outcome: real,
      regressors: [arm, predicted],
    })),
    options.alpha,
  );
  if (test.kind === 'not-estimable') return notEstimable(`falsification test: ${test.reason}`);
  const units = [
    ...pilot.map((visitor) => ({ kind: 'pilot' as const, visitor })),
    ...simulated.map((visitor) => ({ kind: 'simulated' as const, visitor })),
  ];
  const interval = bootstrapped(
    units,
    (sample) => {
      const again = sample.flatMap((unit) => (unit.kind === 'pilot' ? [unit.visitor] : []));
      const own = again.length < 3 ? null : slopeOf(again);
      const others = sample.flatMap((unit) => (unit.kind === 'simulated' ? [unit.visitor] : []));
      return own === null ? NaN : own * armDifference(others);
    },
    options,
  );
  if (interval.kind === 'not-estimable') return interval;
  return {
    kind: 'estimated',
    effect: slope * raw,
    raw,
    ci: interval.percentile,
    slope,
    falsificationP: test.p,
  };
}

function slopeOf(pilot: readonly PilotVisitor[]): number | null {
  const [x, y] = [meanOf(pilot.map(({ simulated }) => simulated)), meanOf(pilot.map(({ real }) => real))];
  let [products, squares] = [0, 0];
  for (const { simulated, real } of pilot) {
    products += (simulated - x) * (real - y);
    squares += (simulated - x) ** 2;
  }
  return squares > 0 ? products / squares : null;
}

function armDifference(visitors: readonly SimulatedVisitor[]): number {
  const of = (arm: 0 | 1): number =>
    meanOf(visitors.filter((visitor) => visitor.arm === arm).map(({ simulated }) => simulated));
  return of(1) - of(0);
}
