// Who meets which arm. Twins: every visitor meets every arm, with the same memory and the same chance. Split:
// every visitor meets one arm, in equal parts. Interleaving: every visitor meets one list drafted from both arms.
// Visitors come in a seeded random order, so that any beginning of a plan is a fair sample of the whole.

import { randomFrom } from '../base/random.ts';
import type { Scenario } from './scenario.ts';

export interface PlannedSession {
  readonly visitor: string;
  readonly arm: string;
  /** From 1; burn-in visits, under the control and before the arms, have 0, −1 … (the first visit the lowest). */
  readonly replicate: number;
}

/** What interleaved sessions carry for an arm; the record of a slate says which arm drafted which item. */
export const interleavedArm = 'interleaved';

/** Every session of a scenario, visitor by visitor, in the order they are to be started. */
export function planOf(scenario: Scenario, visitors: readonly string[]): PlannedSession[] {
  const { replicates, burnIn } = scenario.population;
  const arms = scenario.arms.map((arm) => arm.name);
  const before = Array.from({ length: burnIn }, (_, index) => index - burnIn + 1);
  const under = Array.from({ length: replicates }, (_, index) => index + 1);
  return randomFrom(scenario.seed, 'assignment')
    .shuffle(visitors)
    .flatMap((visitor, place) => [
      ...before.map((replicate) => ({ visitor, arm: arms[0]!, replicate })),
      ...armsOf(scenario.design, arms, place).flatMap((arm) =>
        under.map((replicate) => ({ visitor, arm, replicate })),
      ),
    ]);
}

function armsOf(design: Scenario['design'], arms: readonly string[], place: number): readonly string[] {
  switch (design) {
    case 'twins':
      return arms;
    case 'split':
      return [arms[place % arms.length]!];
    case 'interleaving':
      return [interleavedArm];
    default:
      return design satisfies never;
  }
}

/** All planned sessions of one visitor. */
export interface Journey {
  readonly visitor: string;
  readonly burnIn: readonly PlannedSession[];
  /** One chain of visits for each arm; memory goes from each visit of a chain to the next. */
  readonly chains: readonly (readonly PlannedSession[])[];
}

/** The plan by visitor, in its order. */
export function journeysOf(plan: readonly PlannedSession[]): Journey[] {
  return [...Map.groupBy(plan, ({ visitor }) => visitor)].map(([visitor, own]) => ({
    visitor,
    burnIn: own.filter(({ replicate }) => replicate < 1),
    chains: [
      ...Map.groupBy(
        own.filter(({ replicate }) => replicate >= 1),
        ({ arm }) => arm,
      ).values(),
    ],
  }));
}

/** The journeys between two looks: all at once by the fixed rule, batch by batch by the sequential one. */
export function batchesOf(scenario: Scenario, journeys: readonly Journey[]): (readonly Journey[])[] {
  const { stopping } = scenario;
  if (stopping.rule === 'fixed') return [journeys];
  const first = Math.max(stopping.batch, stopping.minimumVisitors);
  const batches = [journeys.slice(0, first)];
  for (let from = first; from < journeys.length; from += stopping.batch)
    batches.push(journeys.slice(from, from + stopping.batch));
  return batches;
}
