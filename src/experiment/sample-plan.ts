// From a pilot's components to a plan: how many visitors, sessions, tokens, dollars and minutes an answer takes as twins
// and as a split test, the smallest effect that what is planned would find, and how many visits of each visitor are
// worth their cost. The pilot's variances are taken as they are; their own uncertainty is not in it.

import { fewestInGroup, fewestPairs } from '../stats/decision.ts';
import { normalQuantile, tQuantile } from '../stats/distributions.ts';
import { bestReplicates } from '../stats/variance-components.ts';
import type { Components, Pilot } from './pilot.ts';
import type { Scenario } from './scenario.ts';

export interface Need {
  /** Visitors of the whole run, over all arms. */
  readonly visitors: number;
  readonly sessions: number;
  readonly tokens: number;
  /** Null where no price is known. */
  readonly usd: number | null;
  readonly minutes: number;
}

export interface ArmPlan {
  readonly arm: string;
  readonly components: Components;
  /** Relative effect → what finding it takes. */
  readonly needs: readonly { readonly effect: number; readonly twins: Need; readonly split: Need }[];
  /**
   * Smallest relative effect found with the asked power by the visitors that the scenario plans; null where they are too
   * few to decide anything.
   */
  readonly smallest: { readonly twins: number | null; readonly split: number | null };
  /** Visits of each visitor that give most for their cost: √(within / between · burn-in visits / arms), at least 1. */
  readonly replicates: number | null;
}

export interface Plan {
  readonly power: number;
  /** After division by the number of arms compared. */
  readonly alpha: number;
  readonly arms: readonly ArmPlan[];
}

/** The plan for a scenario; `effects` are relative. */
export function planFrom(
  pilot: Pilot,
  scenario: Scenario,
  asked: { readonly power: number; readonly effects: readonly number[] },
): Plan {
  const arms = scenario.arms.length;
  const alpha = scenario.metrics.alpha / (arms - 1);
  // With fewer the run would decide nothing, however small the variance.
  const fewest = {
    pairs: fewestPairs(scenario.metrics.alpha),
    group: fewestInGroup(scenario.metrics.alpha),
  };
  const { visitors, replicates, burnIn } = scenario.population;
  const needOf = (design: 'twins' | 'split', count: number): Need => {
    const visits = design === 'twins' ? arms * replicates : replicates;
    const sessions = count * (visits + burnIn);
    return {
      visitors: count,
      sessions,
      tokens: Math.round(sessions * pilot.session.tokens),
      usd: pilot.session.usd === null ? null : sessions * pilot.session.usd,
      minutes: (sessions * pilot.session.seconds) / 60,
    };
  };
  return {
    power: asked.power,
    alpha,
    arms: pilot.components.map((own) => {
      const spread = spreadOf(own, replicates);
      const both = spread.control + spread.treatment;
      const needed = (variance: number, effect: number): number =>
        unitsNeeded(variance, effect * own.level, alpha, asked.power);
      const found = (variance: number, units: number, fewest: number): number | null =>
        units < fewest ? null : smallestEffect(variance, units, alpha, asked.power) / own.level;
      return {
        arm: own.arm,
        components: own,
        needs: asked.effects.map((effect) => ({
          effect,
          twins: needOf('twins', Math.max(fewest.pairs, needed(spread.difference, effect))),
          split: needOf('split', arms * Math.max(fewest.group, needed(both, effect))),
        })),
        smallest: {
          twins: found(spread.difference, visitors, fewest.pairs),
          split: found(both, Math.floor(visitors / arms), fewest.group),
        },
        // Only burn-in visits make a visitor dearer than another visit of one.
        replicates:
          own.parts === null ? null : bestReplicates(own.parts, { visitor: burnIn, replicate: arms }),
      };
    }),
  };
}

/**
 * Variances with `replicates` visits each. Without components the single-visit variances stand, which promises too little
 * rather than too much.
 */
function spreadOf(
  { control, treatment, difference, correlation, parts }: Components,
  replicates: number,
): { control: number; treatment: number; difference: number } {
  if (parts === null || replicates === 1) return { control, treatment, difference };
  const whole = parts.between + parts.within;
  const twins = parts.between + parts.within / replicates;
  // What a visitor's own visits vary is half of `within` in each arm where arms share no chance; a bound where they do.
  const own = Math.min(parts.within / 2, control * (1 - Math.max(0, correlation ?? 0)));
  const saved = own * (1 - 1 / replicates);
  return {
    control: control - saved,
    treatment: treatment - saved,
    difference: whole > 0 ? (difference * twins) / whole : difference,
  };
}

/**
 * Units n with n = ((t(1 − α/2, n − 1) + t(power, n − 1)) · sd / effect)², iterated from the normal one: pairs for the
 * variance of differences, visitors in each arm for the sum of both arms' variances.
 */
export function unitsNeeded(variance: number, effect: number, alpha: number, power: number): number {
  const ratio = variance / effect ** 2;
  let units = Math.max(2, Math.ceil((normalQuantile(1 - alpha / 2) + normalQuantile(power)) ** 2 * ratio));
  for (let step = 0; step < 20; step++) {
    const next = Math.max(2, Math.ceil(reach(units, alpha, power) ** 2 * ratio));
    if (next === units) break;
    units = next;
  }
  return units;
}

/** The effect that `units` find with this power. */
export function smallestEffect(variance: number, units: number, alpha: number, power: number): number {
  return reach(units, alpha, power) * Math.sqrt(variance / units);
}

function reach(units: number, alpha: number, power: number): number {
  const df = Math.max(1, units - 1);
  return tQuantile(1 - alpha / 2, df) + tQuantile(power, df);
}
