// The A/A replay: the finished data are analysed again with arms dealt out at random, where no effect can be. If
// the test rejects about α of these, its p values mean what they say on data like these.

import { randomFrom } from '../base/random.ts';
import type { StreamPart } from '../base/random.ts';
import { binomialSurvival } from './distributions.ts';
import type { Estimate } from './estimate.ts';
import { uniformity } from './guards.ts';
import { pairedT } from './paired.ts';
import { flippedPairs, visitorValues } from './visitor-values.ts';
import type { Aggregate, VisitorPairs, VisitorValues } from './visitor-values.ts';
import { welch } from './welch.ts';

const REPLAYS = 200;

export interface Replay {
  readonly replays: number;
  /** Replays with p < α; one that could not be computed is not significant. */
  readonly significant: number;
  /** Counts outside of these come by chance once in 500, half on either side. */
  readonly limits: readonly [number, number];
  /** p of "the replays' p values are uniform" (Kolmogorov); null where fewer than 8 could be computed. */
  readonly uniform: number | null;
}

/** Twins: a coin for each visitor says whether its two arms are exchanged. */
export function replayTwins(
  pairs: VisitorPairs,
  aggregate: Aggregate,
  alpha: number,
  seed: readonly StreamPart[],
): Replay {
  const random = randomFrom('aa-replay', ...seed);
  return replayed(alpha, () =>
    pairedT(
      flippedPairs(pairs, () => random.uniform() < 0.5),
      aggregate,
      alpha,
    ),
  );
}

/** Split: the visitors of both arms are dealt out again into arms of the same sizes. */
export function replaySplit(
  control: VisitorValues,
  treatment: VisitorValues,
  aggregate: Aggregate,
  alpha: number,
  seed: readonly StreamPart[],
): Replay {
  const random = randomFrom('aa-replay', ...seed);
  const everyone = [...control, ...treatment];
  return replayed(alpha, () => {
    const dealt = random.shuffle(everyone);
    return welch(
      visitorValues(dealt.slice(0, control.length)),
      visitorValues(dealt.slice(control.length)),
      aggregate,
      alpha,
    );
  });
}

/** The smallest and largest count of `trials` at chance `alpha` that is not in the outer `outside` of its distribution. */
export function binomialLimits(trials: number, alpha: number, outside: number): readonly [number, number] {
  const counts = Array.from({ length: trials + 1 }, (_unused, count) => count);
  const low = counts.find((count) => 1 - binomialSurvival(count, trials, alpha) > outside / 2) ?? 0;
  const high = counts.findLast((count) => binomialSurvival(count - 1, trials, alpha) > outside / 2) ?? trials;
  return [low, high];
}

function replayed(alpha: number, test: () => Estimate): Replay {
  const pValues: number[] = [];
  for (let replay = 0; replay < REPLAYS; replay++) {
    const estimate = test();
    if (estimate.kind === 'estimated') pValues.push(estimate.p);
  }
  const spread = uniformity(pValues);
  return {
    replays: REPLAYS,
    significant: pValues.filter((p) => p < alpha).length,
    limits: binomialLimits(REPLAYS, alpha, 0.002),
    uniform: spread.kind === 'tested' ? spread.p : null,
  };
}
