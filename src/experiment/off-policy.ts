// What would the log of one arm have said of another, beside what the other arm really did? Inverse propensity
// scoring on the first slate of each visitor, which all twins meet in the same state. An item of the logged slate
// weighs 1{in the target's slate} / propensity; a click is taken to depend on its item and not on its neighbours.

import { firstSlates } from '../metrics/first-slates.ts';
import type { FirstPlace } from '../metrics/first-slates.ts';
import { intervalFromT, isNoSpread } from '../stats/estimate.ts';
import { linearised, sizeOf, varianceOf } from '../stats/ratio.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { Aggregate, VisitorValue } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import type { Measured } from './measured.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

type OffPolicy = Result['offPolicy'][number];

/** Below this share of the log, its effective size is a warning. */
const FEWEST_EFFECTIVE = 0.1;

/** A log worth fewer places than this says nothing, and above all not zero. */
const FEWEST_PLACES = 2;

/** Clicks on a first slate of every arm, estimated from the log of every other; twins only. */
export function offPolicyOf(database: Database, found: Measured, scenario: Scenario): OffPolicy[] {
  if (scenario.design !== 'twins') return [];
  const places = Map.groupBy(
    firstSlates(database).filter(({ arm, visitor }) => found.complete.get(arm)?.has(visitor) ?? false),
    ({ arm }) => arm,
  );
  const slates = new Map(
    [...places].map(([arm, own]) => [arm, Map.groupBy(own, ({ visitor }) => visitor)] as const),
  );
  const names = scenario.arms.map(({ name }) => name);
  return names.flatMap((logged) =>
    names
      .filter((target) => target !== logged)
      .flatMap((target) => {
        const [log, truth] = [slates.get(logged), slates.get(target)];
        return log === undefined || truth === undefined
          ? []
          : [estimated(logged, target, log, truth, scenario.metrics.alpha)];
      }),
  );
}

type Slates = ReadonlyMap<string, readonly FirstPlace[]>;

function estimated(logged: string, target: string, log: Slates, truth: Slates, alpha: number): OffPolicy {
  const both = [...log.keys()].filter((visitor) => truth.has(visitor));
  const rows = both.map((visitor) => {
    const wanted = new Set(truth.get(visitor)!.map(({ item }) => item));
    const weighed = log.get(visitor)!.map((place) => ({
      opened: place.opened,
      weight: wanted.has(place.item) ? 1 / place.propensity : 0,
    }));
    const seen = new Set(log.get(visitor)!.map(({ item }) => item));
    return {
      visitor,
      places: wanted.size,
      weight: sum(weighed.map(({ weight }) => weight)),
      squared: sum(weighed.map(({ weight }) => weight ** 2)),
      reward: sum(weighed.map(({ weight, opened }) => weight * opened)),
      truth: sum(truth.get(visitor)!.map(({ opened }) => opened)),
      certain: log.get(visitor)!.every(({ propensity }) => propensity === 1),
      // What the log cannot speak of: items of the target that a log without chance did not show.
      unseen: [...wanted].filter((item) => !seen.has(item)).length,
    };
  });
  const total = sum(rows.map(({ weight }) => weight));
  const effective = total === 0 ? 0 : total ** 2 / sum(rows.map(({ squared }) => squared));
  const size = sum(both.map((visitor) => log.get(visitor)!.length));
  const base = {
    logged,
    target,
    n: both.length,
    truth: armValue(
      rows.map((row) => ({ visitor: row.visitor, numerator: row.truth, denominator: 1 })),
      'mean',
      alpha,
    ),
    effectiveSize: effective,
    logSize: size,
  };
  const unseen = sum(rows.map((row) => row.unseen));
  if (rows.some(({ certain }) => certain) && unseen > 0) {
    const share = unseen / sum(rows.map(({ places }) => places));
    return {
      ...base,
      ips: null,
      snips: null,
      note: `not estimable: ${logged} shows its list without chance, and ${Math.round(100 * share)} % of what ${target} shows is never in it`,
    };
  }
  if (effective < FEWEST_PLACES) {
    const met = rows.filter(({ weight }) => weight > 0).length;
    return {
      ...base,
      ips: null,
      snips: null,
      note: `not estimable: the log of ${logged} met what ${target} shows with ${met} of ${rows.length} visitors`,
    };
  }
  return {
    ...base,
    ips: armValue(
      rows.map((row) => ({ visitor: row.visitor, numerator: row.reward, denominator: 1 })),
      'mean',
      alpha,
    ),
    snips: scaled(
      armValue(
        rows.map((row) => ({ visitor: row.visitor, numerator: row.reward, denominator: row.weight })),
        'ratio',
        alpha,
      ),
      sum(rows.map(({ places }) => places)) / rows.length,
    ),
    note:
      effective < FEWEST_EFFECTIVE * size
        ? `under-powered: the log of ${size.toLocaleString('en-US')} places is worth ${effective.toFixed(1)}`
        : '',
  };
}

/** An arm's value with its interval over visitors; null where there is none. */
function armValue(rows: readonly VisitorValue[], aggregate: Aggregate, alpha: number): OffPolicy['truth'] {
  const arm = linearised(visitorValues(rows), aggregate);
  if (arm.kind === 'not-estimable' || rows.length < 2) return null;
  const se = Math.sqrt(varianceOf(arm.scores) / rows.length);
  if (isNoSpread(se, sizeOf(arm.value, ...arm.scores))) return { value: arm.value, ci: null };
  return { value: arm.value, ci: [...intervalFromT(arm.value, se, rows.length - 1, alpha)] };
}

function scaled(value: OffPolicy['truth'], factor: number): OffPolicy['truth'] {
  if (value === null) return null;
  const { ci } = value;
  return {
    value: value.value * factor,
    ci: ci === null ? null : [ci[0] * factor, ci[1] * factor],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
