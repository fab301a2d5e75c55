// Who meets which arm. Twins: every visitor meets every arm, with the same memory and the same chance. Split:
// every visitor meets one arm, by a seeded shuffle in equal parts. The plan is a pure function of the scenario.

import { randomFrom } from '../base/random.ts';
import type { Scenario } from './scenario.ts';

export interface PlannedSession {
  readonly visitor: string;
  readonly arm: string;
  /** From 1. */
  readonly replicate: number;
}

/** Every session of a scenario, in the order they are started. */
export function planOf(scenario: Scenario, visitors: readonly string[]): PlannedSession[] {
  const arms = scenario.arms.map((arm) => arm.name);
  const replicates = Array.from({ length: scenario.population.replicates }, (_, index) => index + 1);
  const shuffled = randomFrom(scenario.seed, 'assignment').shuffle(visitors);
  const armOf = new Map(shuffled.map((visitor, index) => [visitor, arms[index % arms.length]!]));
  return visitors.flatMap((visitor) =>
    (scenario.design === 'twins' ? arms : [armOf.get(visitor)!]).flatMap((arm) =>
      replicates.map((replicate) => ({ visitor, arm, replicate })),
    ),
  );
}
