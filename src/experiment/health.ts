// The health of the arms, from what sessions noted of the slates they asked for. Nobody has a fallback, so there is none to
// count: what is refused fails its session.

import { generatedSchema, type Generated } from '../recommend/recommender.ts';
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

type Written = Pick<
  Extract<Generated, { by: 'writing' }>,
  'written' | 'valid' | 'named' | 'nearest' | 'further'
>;

/** What is added up of an arm's slates; of each slate alone only its wait is kept. */
interface Sums {
  readonly waits: number[];
  readonly refused: string[];
  readonly search: { slates: number; wider: number; everything: number };
  readonly writing: { slates: number; filled: number } & { -readonly [Count in keyof Written]: number };
}

const nothing = (): Sums => ({
  waits: [],
  refused: [],
  search: { slates: 0, wider: 0, everything: 0 },
  writing: { slates: 0, filled: 0, written: 0, valid: 0, named: 0, nearest: 0, further: 0 },
});

/** One an arm, in the scenario's order; empty where the record says nothing of slates. */
export function healthOf(database: Database, { arms, design }: Scenario): ArmHealth[] {
  const sums = new Map<string, Sums>();
  for (const slate of askedSlates(database)) {
    const own = sums.get(slate.arm) ?? nothing();
    sums.set(slate.arm, own);
    addTo(own, slate);
  }
  if (sums.size === 0) return [];
  const sessions = tellingSessions(database);
  return arms.map(({ name }) => {
    const recorded = design === 'interleaving' ? interleavedArm : name;
    const { again = 0, untold = 0 } = sessions.find(({ arm }) => arm === recorded) ?? {};
    const { waits, refused, search, writing } = sums.get(name) ?? nothing();
    const told = {
      arm: name,
      asked: waits.length,
      wait: waitOf(waits),
      refused: countsOf(refused),
      search: search.slates === 0 ? null : search,
      writing: writing.slates === 0 ? null : { ...writing, ...ratesOf(writing) },
      again,
      untold,
    };
    return { ...told, complaints: complaintsOf(told) };
  });
}

function addTo({ waits, refused, search, writing }: Sums, slate: AskedSlate): void {
  waits.push(slate.ms);
  if (slate.refused !== null) refused.push(slate.refused);
  const generated = slate.generated === null ? null : generatedSchema.parse(slate.generated);
  if (generated?.by === 'search') {
    search.slates += 1;
    if (generated.reach !== 'beam') search[generated.reach] += 1;
  }
  if (generated?.by !== 'writing') return;
  writing.slates += 1;
  writing.filled += generated.further > 0 ? 1 : 0;
  for (const count of ['written', 'valid', 'named', 'nearest', 'further'] as const)
    writing[count] += generated[count];
}

function waitOf(waits: readonly number[]): ArmHealth['wait'] {
  if (waits.length === 0) return null;
  const sorted = Float64Array.from(waits).sort();
  return { median: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) };
}

/** Of names written, those that are some item's; of items listed, those that were named exactly. */
function ratesOf({ written, valid, named, nearest, further }: Written): {
  validRate: number | null;
  groundingRate: number | null;
} {
  const listed = named + nearest + further;
  return {
    validRate: written === 0 ? null : valid / written,
    groundingRate: listed === 0 ? null : named / listed,
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
