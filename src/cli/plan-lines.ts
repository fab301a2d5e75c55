// A plan as a person reads it in a terminal: what was learned of each arm, what effects take, what is affordable.

import { dollars } from '../base/money.ts';
import type { Need, Plan } from '../experiment/sample-plan.ts';
import type { RealPlan } from '../experiment/real-users.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { duration } from './progress.ts';

export interface PlanDocument extends Plan {
  readonly goal: string;
  readonly pilot: string;
  readonly real: RealPlan | null;
}

/** Lines for stdout. */
export function planLines(document: PlanDocument, scenario: Scenario): string[] {
  const { goal, power, alpha, arms, real } = document;
  const control = scenario.arms[0]!.name;
  return [
    '',
    `To find an effect on ${goal} with ${percent(power)} power at α = ${Number(alpha.toPrecision(3))} (learned from ${document.pilot}):`,
    ...arms.flatMap(({ arm, components, needs, smallest, replicates }) => [
      '',
      `${arm} against ${control}: ${goal} of ${control} ${Number(components.level.toPrecision(3))}, ${likeness(components.correlation)}, the pilot saw ${signed(components.seen)} (${components.visitors} twins)`,
      ...(components.parts === null
        ? []
        : [
            `  of a twin's difference ${percent(share(components.parts.between, components.parts.within))} is lasting, the rest changes from visit to visit`,
          ]),
      `  ${'effect'.padStart(7)}  ${'twins'.padStart(9)} ${'sessions'.padStart(10)} ${'time'.padStart(12)} ${'cost'.padStart(18)}   ${'split'.padStart(9)} ${'sessions'.padStart(10)} ${'time'.padStart(12)}`,
      ...needs.map(
        ({ effect, twins, split }) =>
          `  ${signed(effect).padStart(7)}  ${needCells(twins)} ${costOf(twins).padStart(18)}   ${needCells(split)}`,
      ),
      `  with the ${count(scenario.population.visitors)} visitors of the scenario the smallest effect to find is ${smallestText(smallest.twins)} as twins and ${smallestText(smallest.split)} as a split test`,
      ...(replicates === null || replicates === scenario.population.replicates
        ? []
        : [`  ${replicates} visits of each visitor would be the best use of the same sessions`]),
    ]),
    ...(real === null ? [] : ['', ...realLines(real)]),
    '',
    'Effects are relative to the control, on simulated visitors. The variances are the pilot’s, and as uncertain as it is small.',
  ];
}

function needCells({ visitors, sessions, minutes }: Need): string {
  return `${count(visitors).padStart(9)} ${count(sessions).padStart(10)} ${duration(minutes * 60_000).padStart(12)}`;
}

function costOf({ tokens, usd }: Need): string {
  return tokens === 0 ? 'no model calls' : `${count(tokens)} tok, ${dollars(usd)}`;
}

function realLines(real: RealPlan): string[] {
  return [
    `Real users (${count(real.known)} known): simulated and real outcomes correlate ${real.correlation.toFixed(2)}, so a real user counts at most ${real.bound.toFixed(2)} times, however many are simulated.`,
    `An effect of ${signed(real.effect)} takes ${count(real.alone)} real users an arm alone, ${count(real.withSimulator)} with the simulator: ${count(real.toBuy)} still have to be bought.`,
  ];
}

function likeness(correlation: number | null): string {
  return correlation === null
    ? 'under one arm all visitors are alike'
    : `twins correlate ${correlation.toFixed(2)}`;
}

function smallestText(effect: number | null): string {
  return effect === null ? 'none (too few to decide anything)' : percent(effect);
}

function share(part: number, rest: number): number {
  return part + rest === 0 ? 0 : part / (part + rest);
}

function percent(value: number): string {
  return `${Number((100 * value).toPrecision(2))} %`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${percent(value)}`.replace('-', '−');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
