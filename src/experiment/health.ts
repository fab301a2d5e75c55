// The health of the arms, from what sessions noted of the slates they asked for. Nobody has a fallback, so there is none to
// count: what is refused fails its session.

import { generatedSchema } from '../recommend/recommender.ts';
import { quantileOf } from '../stats/bootstrap.ts';
import type { Database } from '../store/database.ts';
import { askedSlates, tellingSessions } from '../store/slates.ts';
import type { AskedSlate } from '../store/slates.ts';
import { interleavedArm } from './assign.ts';
import { countsOf } from './checks.ts';
import type { ArmHealth } from './result-health.ts';
import type { Scenario } from './scenario.ts';

/** Below this share of listed items that were named exactly, a person is told. */
const fewestNamed = 0.95;

/** One an arm, in the scenario's order; empty where the record says nothing of slates. */
export function healthOf(database: Database, { arms, design }: Scenario): ArmHealth[] {
  const slates = askedSlates(database);
  if (slates.length === 0) return [];
  const sessions = tellingSessions(database);
  return arms.map(({ name }) => {
    const recorded = design === 'interleaving' ? interleavedArm : name;
    const { again = 0, untold = 0 } = sessions.find(({ arm }) => arm === recorded) ?? {};
    const own = slates.filter(({ arm }) => arm === name);
    const told = {
      arm: name,
      asked: own.length,
      wait: waitOf(own),
      refused: countsOf(own.flatMap(({ refused }) => refused ?? [])),
      ...generationsOf(own),
      again,
      untold,
    };
    return { ...told, complaints: complaintsOf(told) };
  });
}

function waitOf(slates: readonly AskedSlate[]): ArmHealth['wait'] {
  if (slates.length === 0) return null;
  const sorted = slates.map(({ ms }) => ms).sort((a, b) => a - b);
  return { median: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) };
}

function generationsOf(slates: readonly AskedSlate[]): Pick<ArmHealth, 'search' | 'writing'> {
  const told = slates.flatMap(({ generated }) =>
    generated === null ? [] : generatedSchema.parse(generated),
  );
  const searches = told.flatMap((one) => (one.by === 'search' ? one : []));
  const writings = told.flatMap((one) => (one.by === 'writing' ? one : []));
  const total = (of: 'written' | 'valid' | 'named' | 'nearest' | 'further'): number =>
    writings.reduce((sum, one) => sum + one[of], 0);
  const [written, valid, named] = [total('written'), total('valid'), total('named')];
  const [nearest, further] = [total('nearest'), total('further')];
  const listed = named + nearest + further;
  return {
    search:
      searches.length === 0
        ? null
        : {
            slates: searches.length,
            wider: searches.filter(({ reach }) => reach === 'wider').length,
            everything: searches.filter(({ reach }) => reach === 'everything').length,
          },
    writing:
      writings.length === 0
        ? null
        : {
            slates: writings.length,
            written,
            valid,
            named,
            nearest,
            further,
            filled: writings.filter((one) => one.further > 0).length,
            validRate: written === 0 ? null : valid / written,
            groundingRate: listed === 0 ? null : named / listed,
          },
  };
}

function complaintsOf({ asked, refused, writing }: Omit<ArmHealth, 'complaints'>): string[] {
  const faults = Object.entries(refused);
  const lost = faults.reduce((sum, [, times]) => sum + times, 0);
  const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
  const { groundingRate = null, validRate = null } = writing ?? {};
  return [
    ...(lost === 0
      ? []
      : [
          `${lost} of ${asked} slates were refused (${faults.map(([fault, times]) => `${fault} ${times}`).join(', ')})`,
        ]),
    ...(groundingRate === null || groundingRate >= fewestNamed
      ? []
      : [
          `only ${percent(groundingRate)} of the items it listed were named exactly${validRate === null ? '' : `, and ${percent(validRate)} of the names it wrote exist`}`,
        ]),
  ];
}
