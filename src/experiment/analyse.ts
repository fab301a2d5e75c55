// From the record of a run to its result: metrics by arm, comparisons with the control, checks, verdict. Only
// finished visits count, and only visitors whose every planned visit under an arm is complete. It reads the record
// and nothing else, so a run can be analysed again at any time with the same answer.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { coverage } from '../metrics/coverage.ts';
import { metricValues } from '../metrics/totals.ts';
import type { Metric } from '../metrics/metric.ts';
import { metricNamed, metrics } from '../metrics/metrics.ts';
import { intervalFromT, isNoSpread } from '../stats/estimate.ts';
import { holm } from '../stats/holm.ts';
import { linearised, sizeOf, varianceOf } from '../stats/ratio.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import { eventsDigest, runValue, sessionsOf } from '../store/read.ts';
import type { StoredSession } from '../store/read.ts';
import { checksOf, countsOf } from './checks.ts';
import { comparisonOf, replayOf, tried } from './compare.ts';
import type { ArmSummary, Result } from './result.ts';
import type { Arm, Scenario } from './scenario.ts';
import { activitySegments } from './segments.ts';
import { verdictOf } from './verdict.ts';

export interface AnalyseOptions {
  readonly scenario: Scenario;
  /** The run's id and folder, as the result prints them. */
  readonly run: string;
  readonly path: string;
  /** Wall-clock seconds the run took. */
  readonly seconds: number;
  /** NDCG@20 on the visitors' held-out items, by arm. */
  readonly heldOutNdcg: Readonly<Record<string, number | null>>;
  readonly status: Result['status'];
  /** What model calls cost; a run without them spends nothing. */
  readonly cost?: Omit<Result['cost'], 'seconds'>;
}

/**
 * The result of a run. The first arm is the control. For the split design the run value 'assigned' ({arm: visitors})
 * enters the sample-ratio check if it is there. Throws a UsageError for an unknown goal metric.
 */
export function analyse(database: Database, options: AnalyseOptions): Result {
  const { scenario } = options;
  const goal = metricNamed(scenario.metrics.goal);
  const sessions = sessionsOf(database);
  requireKnownArms(sessions, scenario);
  const complete = completeVisitors(sessions, scenario);
  const [control, ...treatments] = scenario.arms.map((arm) => arm.name) as [string, ...string[]];

  const tables = metrics.map((metric) => ({ metric, values: completeValues(database, metric, complete) }));
  const judged = tables.flatMap(({ metric, values }) => {
    const trials = treatments.map((arm) =>
      tried(
        { metric, arm, control, values: { arm: values.get(arm)!, control: values.get(control)! } },
        scenario,
      ),
    );
    const raw = trials.map((trial) => (trial.estimate.kind === 'estimated' ? trial.estimate.p : null));
    const adjusted = metric === goal ? holm(raw) : raw.map(() => null);
    return trials.map((trial, index) => ({
      trial,
      comparison: comparisonOf(trial, scenario, adjusted[index] ?? null),
    }));
  });
  const onGoal = judged.filter(({ trial }) => trial.metric === goal);

  return {
    run: options.run,
    scenario: scenario.name,
    question: scenario.question,
    seed: scenario.seed,
    design: scenario.design,
    mind: scenario.mind,
    catalogue: scenario.catalogue,
    path: options.path,
    digest: eventsDigest(database),
    status: options.status,
    arms: armSummaries(database, sessions, tables, options),
    comparisons: judged.map(({ comparison }) => comparison),
    segments: activitySegments(database, scenario.metrics.alpha),
    checks: checksOf({
      scenario,
      sessions,
      complete,
      assigned: z
        .record(z.string(), z.int())
        .nullable()
        .parse(runValue(database, 'assigned') ?? null),
      replays: onGoal.map(({ trial }) => ({ trial, replay: replayOf(trial, scenario) })),
    }),
    verdict: verdictOf(onGoal, scenario, options.status),
    cost: { ...(options.cost ?? { calls: 0, tokensIn: 0, tokensOut: 0, usd: 0 }), seconds: options.seconds },
  };
}

/** Whether a finished run should end with exit code 3: it was interrupted or a check failed. */
export function needsHumanLook(result: Result): boolean {
  return result.status === 'interrupted' || result.checks.some((check) => check.status === 'fail');
}

/** Visitors with as many complete sessions under an arm as the scenario has replicates. */
function completeVisitors(
  sessions: readonly StoredSession[],
  scenario: Scenario,
): ReadonlyMap<string, ReadonlySet<string>> {
  const finished = sessions.filter((session) => session.status === 'complete');
  return new Map(
    scenario.arms.map((arm) => {
      const visits = Map.groupBy(
        finished.filter((session) => session.arm === arm.name),
        (session) => session.visitor,
      );
      const whole = [...visits].filter(([, own]) => own.length === scenario.population.replicates);
      return [arm.name, new Set(whole.map(([visitor]) => visitor))] as const;
    }),
  );
}

function completeValues(
  database: Database,
  metric: Metric,
  complete: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, VisitorValues> {
  const values = metricValues(database, metric);
  return new Map(
    [...complete].map(([arm, visitors]) => [
      arm,
      visitorValues((values.get(arm) ?? []).filter((row) => visitors.has(row.visitor))),
    ]),
  );
}

type Tables = readonly { readonly metric: Metric; readonly values: ReadonlyMap<string, VisitorValues> }[];

function armSummaries(
  database: Database,
  sessions: readonly StoredSession[],
  tables: Tables,
  options: AnalyseOptions,
): ArmSummary[] {
  const { scenario } = options;
  const covered = coverage(database);
  return scenario.arms.map((arm) => {
    const own = sessions.filter((session) => session.arm === arm.name);
    const failed = own.filter((session) => session.status === 'failed');
    const measured = tables.map(
      ({ metric, values }) =>
        [metric.name, metricSummary(metric, values.get(arm.name)!, scenario.metrics.alpha)] as const,
    );
    const visitors = new Set(own.map((session) => session.visitor)).size;
    return {
      name: arm.name,
      method: methodOf(arm),
      visitors,
      sessions: own.length,
      failed: failed.length,
      failures: countsOf(failed.map((session) => session.failureKind ?? 'unknown')),
      metrics: {
        ...Object.fromEntries(measured),
        coverage: { mean: covered.get(arm.name) ?? null, n: visitors, ci: null },
      },
      exits: countsOf(own.flatMap((session) => (session.exitReason === null ? [] : [session.exitReason]))),
      heldOutNdcg20: options.heldOutNdcg[arm.name] ?? null,
    };
  });
}

/** An arm's value with its 1 − α interval over visitors; no interval where there is no spread. */
function metricSummary(metric: Metric, values: VisitorValues, alpha: number): ArmSummary['metrics'][string] {
  const arm = linearised(values, metric.kind);
  const n = values.length;
  if (arm.kind === 'not-estimable') return { mean: null, n, ci: null };
  const se = n < 2 ? 0 : Math.sqrt(varianceOf(arm.scores) / n);
  if (isNoSpread(se, sizeOf(arm.value, ...arm.scores))) return { mean: arm.value, n, ci: null };
  return { mean: arm.value, n, ci: [...intervalFromT(arm.value, se, n - 1, alpha)] };
}

function methodOf(arm: Arm): string {
  if ('method' in arm) return arm.method;
  return 'url' in arm ? arm.url : `liked-share ${arm.likedShare}`;
}

function requireKnownArms(sessions: readonly StoredSession[], scenario: Scenario): void {
  const names = new Set(scenario.arms.map((arm) => arm.name));
  const stranger = sessions.find((session) => !names.has(session.arm));
  if (stranger === undefined) return;
  throw new RehearsalError(
    `The record has sessions of the arm "${stranger.arm}", which the scenario does not have.`,
    {
      hint: `Its arms are ${[...names].join(', ')}. Analyse a run with the scenario it was made with.`,
    },
  );
}
