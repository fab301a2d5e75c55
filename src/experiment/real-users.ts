// The bridge to people: how many real users a test still has to buy, when each real user also has a simulated twin.
// Prediction-powered inference (Angelopoulos et al. 2023) and regression adjustment both turn a correlation r between
// the two into an effective sample of n (n + N) / (n + (1 − r²) N), never more than n / (1 − r²), however many are simulated.

import { z } from 'zod';
import { UsageError } from '../base/error.ts';
import { effectiveBound, effectiveVisitors } from '../stats/prediction-powered.ts';
import { meanOf, varianceOf } from '../stats/ratio.ts';
import { unitsNeeded } from './sample-plan.ts';

const number = z.coerce.number();
const rowSchema = z.object({ real: number, simulated: number });
export type RealRow = z.infer<typeof rowSchema>;

export interface RealPlan {
  /** Real users of whom both outcomes are known. */
  readonly known: number;
  /** As it was found; a simulator that points the other way is trusted no more than one that says nothing. */
  readonly correlation: number;
  /** 1 / (1 − r²), 1 for a negative r: the most that any number of simulated visitors can multiply real ones by. */
  readonly bound: number;
  readonly effect: number;
  /** Real users in each arm without the simulator, with `simulated` visitors for each arm, and still to be bought. */
  readonly alone: number;
  readonly withSimulator: number;
  readonly toBuy: number;
}

/** Rows of real and simulated outcomes from the cells of a table, the first row being its header. */
export function realRows(cells: readonly (readonly string[])[], source: string): RealRow[] {
  const [header = [], ...rows] = cells;
  const places = { real: header.indexOf('real'), simulated: header.indexOf('simulated') };
  if (places.real < 0 || places.simulated < 0)
    throw new UsageError(
      `${source} has the columns ${header.join(', ') || 'none'}; real and simulated are needed`,
      'One row a user: the real outcome, and the outcome of the same user as a simulated visitor.',
    );
  return rows.map((row, index) => {
    const read = { real: row[places.real], simulated: row[places.simulated] };
    const parsed = rowSchema.safeParse(read);
    if (parsed.success && row[places.real] !== '' && row[places.simulated] !== '') return parsed.data;
    throw new UsageError(
      `${source}, row ${index + 2}: real ${JSON.stringify(read.real)} and simulated ${JSON.stringify(read.simulated)} are not two numbers`,
      'Leave out users whose outcome is not known.',
    );
  });
}

/** Users of each arm that a relative effect takes, given outcomes known so far and `simulated` visitors an arm. */
export function realPlan(
  rows: readonly RealRow[],
  asked: {
    readonly effect: number;
    readonly alpha: number;
    readonly power: number;
    readonly simulated: number;
  },
): RealPlan {
  if (rows.length < 10)
    throw new UsageError(
      `${rows.length} real outcomes are too few to tell how well the simulator predicts; at least 10 are needed`,
    );
  const real = rows.map((row) => row.real);
  const simulated = rows.map((row) => row.simulated);
  const variance = varianceOf(real);
  const spread = Math.sqrt(variance * varianceOf(simulated));
  if (spread === 0)
    throw new UsageError(
      'the real or the simulated outcomes are all equal',
      'Nothing can be learned from them.',
    );
  const [a, b] = [meanOf(real), meanOf(simulated)];
  const covariance =
    rows.reduce((sum, row) => sum + (row.real - a) * (row.simulated - b), 0) / (rows.length - 1);
  const correlation = covariance / spread;
  if (Math.abs(a) <= 1e-12 * Math.sqrt(variance))
    throw new UsageError(
      'the mean of the real outcomes is 0, and no effect is relative to that',
      'Give outcomes whose mean is above 0, such as clicks or minutes of a user.',
    );
  // The engine's λ is clipped to [0, 1] as well.
  const trusted = Math.max(0, correlation);
  const alone = unitsNeeded(2 * variance, asked.effect * a, asked.alpha, asked.power);
  const withSimulator = leastUsers(alone, trusted, asked.simulated);
  return {
    known: rows.length,
    correlation,
    bound: effectiveBound(1, trusted),
    effect: asked.effect,
    alone,
    withSimulator,
    toBuy: Math.max(0, 2 * withSimulator - rows.length),
  };
}

/** Smallest n whose effective sample n (n + N) / (n + (1 − r²) N) reaches `wanted`. */
function leastUsers(wanted: number, correlation: number, simulated: number): number {
  let [low, high] = [1, wanted];
  while (low < high) {
    const n = Math.floor((low + high) / 2);
    if (effectiveVisitors(n, simulated, correlation) >= wanted) high = n;
    else low = n + 1;
  }
  return low;
}
