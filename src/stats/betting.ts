// An always-valid interval for the mean of outcomes that lie in a known range, such as ratings or twins' differences of
// shares, without large numbers: a gambler who bets on one candidate mean after another outcome grows rich if the candidate is wrong
// (Waudby-Smith and Ramdas 2024, hedged capital with predictable plug-in bets). Order of arrival matters; look any time.

const GRID = 1000;

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The means not yet ruled out at 1 − α after these outcomes, one a visitor, in order of arrival. */
export function bettingInterval(
  outcomes: readonly number[],
  { low, high }: Range,
  alpha: number,
): readonly [number, number] {
  const values = outcomes.map((value) => {
    if (!(value >= low && value <= high))
      throw new RangeError(`An outcome of ${value} is outside ${low} to ${high}.`);
    return (value - low) / (high - low);
  });
  const bets = betsFor(values, alpha);
  const survives = (mean: number): boolean => {
    let [up, down] = [0, 0];
    for (const [index, value] of values.entries()) {
      // Never bet more than half of what would ruin the gambler.
      up += Math.log1p(Math.min(bets[index]!, 0.5 / mean) * (value - mean));
      down += Math.log1p(-Math.min(bets[index]!, 0.5 / (1 - mean)) * (value - mean));
    }
    // The hedge: half of the capital on each side; max ≤ sum keeps the guarantee.
    return Math.max(up, down) + Math.log(0.5) < Math.log(1 / alpha);
  };
  let [first, last] = [-1, -1];
  for (let step = 1; step < GRID; step++) {
    if (!survives(step / GRID)) continue;
    if (first < 0) first = step;
    last = step;
  }
  if (first < 0) return [low, high];
  const back = (step: number): number => low + (step / GRID) * (high - low);
  return [back(first - 1), back(last + 1)];
}

/** λ_t = √(2 ln(2/α) / (σ̂²_{t−1} t ln(t + 1))), from outcomes before t only. */
function betsFor(values: readonly number[], alpha: number): number[] {
  let [sum, squares] = [0.5, 0.25];
  return values.map((value, index) => {
    const t = index + 1;
    const bet = Math.sqrt((2 * Math.log(2 / alpha)) / ((squares / t) * t * Math.log(t + 1)));
    sum += value;
    squares += (value - sum / (t + 1)) ** 2;
    return bet;
  });
}
