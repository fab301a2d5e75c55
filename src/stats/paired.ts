// Twins: the same visitors in two arms. The t test on each visitor's difference, and beside it the sign-flip
// permutation test, which assumes only that under the null a visitor's two visits could be exchanged.

import { randomFrom } from '../base/random.ts';
import type { StreamPart } from '../base/random.ts';
import { estimateFromT, isNoSpread, notEstimable } from './estimate.ts';
import type { Estimate, NotEstimable } from './estimate.ts';
import { linearised, sizeOf, varianceOf } from './ratio.ts';
import type { Aggregate, VisitorPairs } from './visitor-values.ts';

/** Up to this many visitors every one of the 2^n exchanges is counted. */
const MOST_EXACT = 20;
const FLIPS = 10_000;

/** Effect = treatment − control, SE from the spread of the visitors' differences of scores, n − 1 degrees of freedom. */
export function pairedT(pairs: VisitorPairs, aggregate: Aggregate, alpha: number): Estimate {
  const n = pairs.control.length;
  if (n < 2) return notEstimable(`visitors in both arms: ${n}, at least 2 are needed`);
  const control = linearised(pairs.control, aggregate);
  const treatment = linearised(pairs.treatment, aggregate);
  if (control.kind === 'not-estimable') return notEstimable(`control: ${control.reason}`);
  if (treatment.kind === 'not-estimable') return notEstimable(`treatment: ${treatment.reason}`);

  const effect = treatment.value - control.value;
  const differences = treatment.scores.map((score, index) => score - control.scores[index]!);
  const se = Math.sqrt(varianceOf(differences) / n);
  const size = sizeOf(control.value, treatment.value, ...control.scores, ...treatment.scores);
  if (isNoSpread(se, size)) return noSpread(effect, size);
  const method = aggregate === 'mean' ? 'paired t over visitors' : 'paired t over visitors, ratio linearised';
  return estimateFromT({ effect, se, df: n - 1, alpha, method });
}

export interface SignFlip {
  readonly kind: 'tested';
  /** Two-sided: the share of exchanges with an effect at least as far from 0. */
  readonly p: number;
  readonly flips: number;
  readonly exact: boolean;
}

/**
 * Exchanges the arms within visitors and recomputes the effect: all 2^n ways up to 20 visitors, else 10,000 drawn
 * from the stream `seed` with p = (1 + hits) / (1 + flips) (Phipson and Smyth 2010).
 */
export function signFlip(
  pairs: VisitorPairs,
  aggregate: Aggregate,
  seed: readonly StreamPart[],
): SignFlip | NotEstimable {
  const n = pairs.control.length;
  if (n < 2) return notEstimable(`visitors in both arms: ${n}, at least 2 are needed`);
  const exchange = exchangeable(pairs, aggregate);
  if (exchange.kind === 'not-estimable') return exchange;
  const { numerators, denominators, effectOf } = exchange;
  const observed = effectOf(sum(numerators), sum(denominators));
  if (!Number.isFinite(observed)) return notEstimable('the denominator is zero for every visitor of an arm');
  if (numerators.every((value) => value === 0) && denominators.every((value) => value === 0)) {
    return notEstimable('all differences are zero: no exchange changes anything');
  }
  const threshold = Math.abs(observed) * (1 - 1e-9) - 1e-13 * sizeOf(...numerators);
  // An exchange that leaves an arm without a denominator counts against the effect.
  const isHit = (numerator: number, denominator: number): boolean =>
    !(Math.abs(effectOf(numerator, denominator)) < threshold);
  return n <= MOST_EXACT
    ? everyFlip(numerators, denominators, isHit)
    : drawnFlips(numerators, denominators, isHit, seed);
}

type Hit = (numerator: number, denominator: number) => boolean;

/** Differences per visitor, and the effect as a function of their signed sums. */
interface Exchangeable {
  readonly kind: 'exchangeable';
  readonly numerators: readonly number[];
  readonly denominators: readonly number[];
  readonly effectOf: (numerator: number, denominator: number) => number;
}

function exchangeable(pairs: VisitorPairs, aggregate: Aggregate): Exchangeable | NotEstimable {
  const both = [...pairs.control, ...pairs.treatment];
  if (aggregate === 'mean' && both.some((row) => row.denominator === 0))
    return notEstimable('a visitor has no sessions');
  const parts = (row: { numerator: number; denominator: number }): readonly [number, number] =>
    aggregate === 'mean' ? [row.numerator / row.denominator, 1] : [row.numerator, row.denominator];
  const numerator = sum(both.map((row) => parts(row)[0]));
  const denominator = sum(both.map((row) => parts(row)[1]));
  const differences = (part: 0 | 1): number[] =>
    pairs.treatment.map((row, index) => parts(row)[part] - parts(pairs.control[index]!)[part]);
  return {
    kind: 'exchangeable',
    numerators: differences(0),
    denominators: differences(1),
    effectOf: (n, d) => (numerator + n) / (denominator + d) - (numerator - n) / (denominator - d),
  };
}

/** All exchanges in Gray-code order; the first visitor stays put, since exchanging everyone only turns the sign. */
function everyFlip(numerators: readonly number[], denominators: readonly number[], isHit: Hit): SignFlip {
  const signs = numerators.map(() => 1);
  let numerator = sum(numerators);
  let denominator = sum(denominators);
  const flips = 2 ** (numerators.length - 1);
  let hits = 0;
  for (let count = 1; count <= flips; count++) {
    if (isHit(numerator, denominator)) hits += 1;
    const index = 32 - Math.clz32(count & -count);
    if (index >= signs.length) break;
    signs[index] = -signs[index]!;
    numerator += 2 * signs[index] * numerators[index]!;
    denominator += 2 * signs[index] * denominators[index]!;
  }
  return { kind: 'tested', p: hits / flips, flips: 2 * flips, exact: true };
}

function drawnFlips(
  numerators: readonly number[],
  denominators: readonly number[],
  isHit: Hit,
  seed: readonly StreamPart[],
): SignFlip {
  const random = randomFrom('sign-flip', ...seed);
  let hits = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    let numerator = 0;
    let denominator = 0;
    let bits = 0;
    for (let index = 0; index < numerators.length; index++) {
      if (index % 32 === 0) bits = random.integer(2 ** 32);
      const sign = bits & 1 ? 1 : -1;
      bits >>>= 1;
      numerator += sign * numerators[index]!;
      denominator += sign * denominators[index]!;
    }
    if (isHit(numerator, denominator)) hits += 1;
  }
  return { kind: 'tested', p: (1 + hits) / (1 + FLIPS), flips: FLIPS, exact: false };
}

function noSpread(effect: number, size: number): NotEstimable {
  return isNoSpread(Math.abs(effect), size)
    ? notEstimable('all differences are zero: every visitor did the same in both arms')
    : notEstimable(
        `all differences are equal (${Number(effect.toPrecision(6))}): there is no spread to judge the effect by`,
      );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
