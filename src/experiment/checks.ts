// What must hold before a verdict is believed: visitors arrived where they should, none were lost unevenly, visits
// ended by themselves, and the test finds nothing where nothing is. A check that cannot be made says so.

import { holm } from '../stats/multiplicity.ts';
import type { Replay } from '../stats/replay.ts';
import { sampleRatio } from '../stats/srm.ts';
import type { StoredSession } from '../store/read.ts';
import { isCutByBudget, type VisitorRecord } from '../store/session.ts';
import type { Trial } from './compare.ts';
import { recordedArms } from './measured.ts';
import type { Check } from './result.ts';
import type { Scenario } from './scenario.ts';
import { levels, traits } from './segment-effects.ts';

/** Shares of lost sessions from which a check fails. */
const MOST_LOST = 0.05;
/** p below which a mismatch is an alarm, and a warning. */
const ALARM = 0.001;
const WARNING = 0.01;
/** Fewer visitors than this make the A/A replay too coarse to judge. */
const FEWEST_REPLAYED = 10;

export interface Examined {
  readonly scenario: Scenario;
  /** Sessions under the arms: burn-in visits are not checked here. */
  readonly sessions: readonly StoredSession[];
  readonly visitors: readonly VisitorRecord[];
  /** Visitors with all their replicates complete, by arm. */
  readonly complete: ReadonlyMap<string, ReadonlySet<string>>;
  /** Visitors planned for each arm, where the run recorded it. */
  readonly assigned: Readonly<Record<string, number>> | null;
  /** How often the run was analysed before its end. */
  readonly earlyLooks: number;
  /** Trials of the goal metric, each with its A/A replay. */
  readonly replays: readonly { readonly trial: Trial; readonly replay: Replay }[];
}

/** All checks, always in the same order; a split run has one more, on its segments, and a truncated one, on its budget. */
export function checksOf(examined: Examined): Check[] {
  const isSplit = examined.scenario.design === 'split';
  return [
    isSplit ? sampleRatioCheck(examined) : pairCompleteness(examined),
    ...(isSplit ? [segmentRatios(examined)] : []),
    attrition(examined),
    failedSessions(examined),
    truncated(examined),
    ...(examined.sessions.some(isCutByBudget) ? [budgetCut(examined)] : []),
    replayed(examined),
    peeking(examined),
  ];
}

/** Split: equal shares are meant, from assignment to completion. */
function sampleRatioCheck({ scenario, sessions, complete, assigned }: Examined): Check {
  const arms = scenario.arms.map((arm) => arm.name);
  const started = arms.map(
    (arm) =>
      new Set(sessions.filter((session) => session.arm === arm).map((session) => session.visitor)).size,
  );
  const stages = [
    ...(assigned === null ? [] : [{ stage: 'assigned', counts: arms.map((arm) => assigned[arm] ?? 0) }]),
    { stage: 'started', counts: started },
    { stage: 'completed', counts: arms.map((arm) => complete.get(arm)?.size ?? 0) },
  ];
  const tests = stages.map(({ stage, counts }) => ({
    stage,
    counts,
    test: sampleRatio(
      counts,
      arms.map(() => 1),
    ),
  }));
  const detail = tests.map(({ stage, counts, test }) =>
    test.kind === 'tested'
      ? `${stage} ${counts.join(' : ')}, p = ${test.p.toPrecision(3)}`
      : `${stage}: ${test.reason}`,
  );
  const smallest = Math.min(...tests.map(({ test }) => (test.kind === 'tested' ? test.p : 0)));
  return {
    name: 'srm',
    status: smallest < ALARM ? 'fail' : smallest < WARNING ? 'warn' : 'ok',
    detail: detail.join('; '),
  };
}

/** Split: equal shares within every kind of visitor who completed; p values by Holm over the kinds. */
function segmentRatios({ scenario, visitors, complete }: Examined): Check {
  const arms = scenario.arms.map((arm) => arm.name);
  const tests = traits.flatMap((trait) =>
    levels.flatMap((level) => {
      const own = new Set(visitors.filter((visitor) => visitor[trait] === level).map(({ id }) => id));
      const counts = arms.map((arm) => [...(complete.get(arm) ?? [])].filter((id) => own.has(id)).length);
      const test = sampleRatio(
        counts,
        arms.map(() => 1),
      );
      return test.kind === 'tested' ? [{ kind: `${trait} ${level}`, counts, p: test.p }] : [];
    }),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  const worst = tests.map((test, index) => ({ ...test, p: adjusted[index]! })).sort((a, b) => a.p - b.p)[0];
  if (worst === undefined)
    return { name: 'srm-segments', status: 'warn', detail: 'no visitor is complete in any arm' };
  return {
    name: 'srm-segments',
    status: worst.p < ALARM ? 'fail' : worst.p < WARNING ? 'warn' : 'ok',
    detail: `${tests.length} kinds of visitors; furthest from even: ${worst.kind}, ${worst.counts.join(' : ')}, p = ${worst.p.toPrecision(3)} after Holm`,
  };
}

/** A fixed rule means one look. Analyses of an unfinished run are looks, and a person may have acted on one. */
function peeking({ scenario, earlyLooks }: Examined): Check {
  const name = 'peeking';
  if (scenario.stopping.rule === 'sequential')
    return { name, status: 'ok', detail: 'intervals hold at all looks together: looking is free' };
  if (earlyLooks === 0) return { name, status: 'ok', detail: 'looked at once, at its end' };
  return {
    name,
    status: 'warn',
    detail: `stopped ${earlyLooks === 1 ? 'once' : `${earlyLooks} times`} before its end: the p values hold only if what had come by then did not decide when it ended (stopping: {rule: 'sequential'} makes looking free)`,
  };
}

/** Twins are in every arm by construction; what can go wrong is that one of the visits is missing. */
function pairCompleteness({ scenario, sessions, complete }: Examined): Check {
  const visitors = new Set(sessions.map((session) => session.visitor));
  const whole = [...visitors].filter((visitor) =>
    recordedArms(scenario).every((arm) => complete.get(arm)?.has(visitor) ?? false),
  ).length;
  const missing = visitors.size - whole;
  const status =
    visitors.size === 0 || missing / visitors.size > MOST_LOST ? 'fail' : missing > 0 ? 'warn' : 'ok';
  return {
    name: 'srm',
    status,
    detail: `${scenario.design}: ${whole} of ${visitors.size} visitors are complete${scenario.design === 'twins' ? ' in every arm' : ''}`,
  };
}

function attrition({ scenario, sessions }: Examined): Check {
  const arms = recordedArms(scenario).map((name) => {
    const own = sessions.filter((session) => session.arm === name);
    return { name, all: own.length, failed: own.filter((session) => session.status === 'failed').length };
  });
  const detail = `failed: ${arms.map((arm) => `${arm.name} ${arm.failed} of ${arm.all}`).join(', ')}`;
  if (arms.every((arm) => arm.failed === 0)) return { name: 'attrition', status: 'ok', detail };
  const test = sampleRatio(
    arms.map((arm) => arm.failed),
    arms.map((arm) => arm.all),
  );
  const uneven = test.kind === 'tested' && test.p < WARNING;
  const many = arms.some((arm) => arm.failed > MOST_LOST * arm.all);
  const why =
    test.kind === 'tested' ? `; even over the arms: p = ${test.p.toPrecision(3)}` : `; ${test.reason}`;
  return { name: 'attrition', status: uneven || many ? 'fail' : 'warn', detail: detail + why };
}

function failedSessions({ scenario, sessions }: Examined): Check {
  const failed = sessions.filter((session) => session.status === 'failed');
  if (failed.length === 0) return { name: 'failed-sessions', status: 'ok', detail: 'no session failed' };
  const kinds = countsOf(failed.map((session) => `${session.arm}: ${session.failureKind}`));
  const dead = recordedArms(scenario).some(
    (name) =>
      sessions.some((s) => s.arm === name) && sessions.every((s) => s.arm !== name || s.status === 'failed'),
  );
  const detail = Object.entries(kinds).map(([kind, count]) => `${kind} × ${count}`);
  return {
    name: 'failed-sessions',
    status: dead ? 'fail' : 'warn',
    detail: `${detail.join(', ')}; first: ${failed[0]!.failureMessage}`,
  };
}

/** A visit cut at the step limit says nothing of when it would have ended; its visitor is left out. */
function truncated({ scenario, sessions }: Examined): Check {
  const arms = recordedArms(scenario).map((name) => {
    const own = sessions.filter((session) => session.arm === name);
    return { name, all: own.length, cut: own.filter(isCutAtLimit).length };
  });
  const cut = arms.filter((arm) => arm.cut > 0);
  if (cut.length === 0)
    return {
      name: 'truncated',
      status: 'ok',
      detail: `no visit reached the limit of ${scenario.stepLimit} steps`,
    };
  const test = sampleRatio(
    arms.map((arm) => arm.cut),
    arms.map((arm) => arm.all),
  );
  const uneven = test.kind === 'tested' && test.p < WARNING;
  const why = test.kind === 'tested' ? `; even over the arms: p = ${test.p.toPrecision(3)}` : '';
  const detail = `cut at ${scenario.stepLimit} steps and left out: ${cut.map((arm) => `${arm.name} ${arm.cut} of ${arm.all}`).join(', ')}`;
  return {
    name: 'truncated',
    status: uneven || cut.some((arm) => arm.cut > MOST_LOST * arm.all) ? 'fail' : 'warn',
    detail: detail + why,
  };
}

/** Sessions under way when the budget was spent are no data, and long ones are more often among them. */
function budgetCut({ scenario, sessions }: Examined): Check {
  const cut = sessions.filter(isCutByBudget);
  const arms = recordedArms(scenario).map(
    (name) => `${name} ${cut.filter((session) => session.arm === name).length}`,
  );
  return {
    name: 'budget',
    status: 'warn',
    detail: `the budget of model calls was used up: ${cut.length} sessions under way were cut and left out (${arms.join(', ')})`,
  };
}

function isCutAtLimit(session: StoredSession): boolean {
  return session.status === 'truncated' && !isCutByBudget(session);
}

/** More rejections than chance allows: the p values promise too much. Fewer: the test is only cautious on such data. */
function replayed({ scenario, replays }: Examined): Check {
  const verdicts = replays.map(({ trial, replay }): { status: Check['status']; detail: string } => {
    if (trial.estimate.kind === 'not-estimable')
      return { status: 'warn', detail: `${trial.arm}: nothing to replay, ${trial.estimate.reason}` };
    if (trial.n < FEWEST_REPLAYED)
      return {
        status: 'warn',
        detail: `${trial.arm}: not judged with fewer than ${FEWEST_REPLAYED} visitors`,
      };
    const [low, high] = replay.limits;
    const isUneven = replay.uniform !== null && replay.uniform < ALARM;
    const status = replay.significant > high ? 'fail' : replay.significant < low || isUneven ? 'warn' : 'ok';
    const spread =
      replay.uniform === null
        ? ''
        : `, ${isUneven ? 'p values are not uniform' : 'p values uniform'} (p = ${replay.uniform.toPrecision(2)})`;
    return {
      status,
      detail: `${trial.arm}: ${replay.significant} of ${replay.replays} with p < ${scenario.metrics.alpha}, ${low} to ${high} expected${spread}`,
    };
  });
  const status = verdicts.some((each) => each.status === 'fail')
    ? 'fail'
    : verdicts.some((each) => each.status === 'warn')
      ? 'warn'
      : 'ok';
  return { name: 'aa-replay', status, detail: verdicts.map((each) => each.detail).join('; ') };
}

/** How often each text comes, in order of text. */
export function countsOf(texts: readonly string[]): Record<string, number> {
  const sorted = [...texts].sort();
  const counts: Record<string, number> = {};
  for (const text of sorted) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}
