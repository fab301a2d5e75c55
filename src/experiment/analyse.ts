// From the record of a run to its result: metrics by arm, comparisons with the control, checks, verdict. Only
// finished visits count, and only visitors whose every planned visit under an arm is complete. It reads the record
// and nothing else, so a run can be analysed again at any time with the same answer.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { coverage } from '../metrics/coverage.ts';
import type { Metric } from '../metrics/metric.ts';
import { metricNamed, metrics } from '../metrics/metrics.ts';
import { sessionTotals } from '../metrics/totals.ts';
import { holm } from '../stats/multiplicity.ts';
import { callTotals } from '../store/calls.ts';
import type { Database } from '../store/database.ts';
import { eventsDigest, runValue, sessionsOf, visitorsOf } from '../store/read.ts';
import type { StoredSession } from '../store/read.ts';
import type { VisitorRecord } from '../store/session.ts';
import { adjustedTrial } from './adjustments.ts';
import { armSummaries } from './arm-summaries.ts';
import { interleavedArm } from './assign.ts';
import { checksOf } from './checks.ts';
import { comparisonOf, replayOf, tried } from './compare.ts';
import type { Trial } from './compare.ts';
import { scenarioHash } from './folder.ts';
import { guardrailCheck, guardrailsOf } from './guardrails.ts';
import { healthOf } from './health.ts';
import { measured, measuredAmong, recordedArms } from './measured.ts';
import type { Measured } from './measured.ts';
import { byMind, combinedTrial } from './mind-effects.ts';
import { mindsCheck, mindsResult } from './minds-result.ts';
import { noveltyOf } from './novelty.ts';
import { offlineOrders, type OfflineGrades } from './offline.ts';
import { offPolicyOf } from './off-policy.ts';
import { portraitCheck } from './portraits.ts';
import { posteriorOf } from './posterior.ts';
import { preference, preferenceOf } from './preference.ts';
import { lookSchema, quoteSchema } from './result.ts';
import type { Result, Suspects } from './result.ts';
import type { Scenario } from './scenario.ts';
import { mindsOf } from './scenario-minds.ts';
import { segmentEffects } from './segment-effects.ts';
import { activitySegments } from './segments.ts';
import { servedCheck } from './served.ts';
import { stoppingOf } from './stopping.ts';
import { recordWithout, suspectsCheck } from './suspects.ts';
import { verdictOf } from './verdict.ts';
import type { Judged } from './verdict.ts';

export interface AnalyseOptions {
  readonly scenario: Scenario;
  /** The run's id and folder, as the result prints them. */
  readonly run: string;
  readonly path: string;
  /** Wall-clock seconds the run took. */
  readonly seconds: number;
  /** NDCG@20 on the visitors' held-out items, by arm. */
  readonly heldOutNdcg: Readonly<Record<string, number | null>>;
  /** All offline grades, by arm. */
  readonly offline?: Readonly<Record<string, OfflineGrades>>;
  readonly status: Result['status'];
  /** Why the run stopped itself, if it did. */
  readonly reason?: string;
  /** Sessions of the whole plan. */
  readonly planned: number;
  /** What model calls cost; a run without them spends nothing. */
  readonly cost?: Omit<Result['cost'], 'seconds'>;
  /** Of that, what was not spent on items before any session; all of it by default. */
  readonly costOfSessions?: Omit<Result['cost'], 'seconds'>;
}

/**
 * The result of a run. The first arm is the control. For the split design the run value 'assigned' ({arm: visitors})
 * enters the sample-ratio check if it is there. Throws a UsageError for an unknown metric.
 */
export function analyse(database: Database, options: AnalyseOptions): Result {
  const { scenario } = options;
  const goals = [scenario.metrics.goal, ...scenario.metrics.furtherGoals].map(metricNamed);
  for (const { metric } of scenario.metrics.guardrails) metricNamed(metric);
  const everySession = sessionsOf(database);
  requireKnownArms(everySession, scenario);
  const totals = sessionTotals(database, metrics);
  const everybody = visitorsOf(database);
  const minds = byMind(totals, scenario, everybody);
  // Of several minds the result is about the last; the others have their part of it.
  const found = minds?.found.get(minds.lead) ?? measuredAmong(totals, scenario);
  const isHeard = (visitor: string): boolean => minds?.people.get(minds.lead)!.has(visitor) ?? true;
  const underArms = everySession.filter(({ replicate }) => replicate >= 1);
  const sessions = underArms.filter(({ visitor }) => isHeard(visitor));
  const visitors = everybody.filter(({ id }) => isHeard(id));
  const interleaved =
    scenario.design === 'interleaving'
      ? preferenceOf(database, scenario, found.complete.get(interleavedArm)!)
      : null;

  const known = { before: found.before(goals[0]!), visitors };
  const adjustments =
    interleaved === null && minds === null && scenario.stopping.rule === 'fixed'
      ? trialsOf(scenario, found, [goals[0]!]).map((trial) => adjustedTrial(trial, known, scenario))
      : [];
  const plain = interleaved === null ? trialsOf(scenario, found, metrics) : [interleaved.trial];
  const combined =
    minds !== null && scenario.allotment.rule === 'few'
      ? plain.map((trial) => combinedTrial(minds, metricNamed(trial.metric.name), trial, scenario))
      : [];
  const judged = judgedTrials(
    plain.map(
      (trial, index) =>
        combined[index]?.trial ??
        adjustments.find(({ trial: own }) => own.metric === trial.metric && own.arm === trial.arm)?.trial ??
        trial,
    ),
    interleaved === null ? goals.map(({ name }) => name) : [preference.name],
    scenario,
  );
  const onGoal = judged.filter(
    ({ trial }) => trial.metric.name === (interleaved === null ? goals[0]!.name : preference.name),
  );
  const among = minds === null ? undefined : new Set(visitors.map(({ id }) => id));
  const suspects = suspectsOf(database, scenario, goals, visitors, among);
  const replays = onGoal.map(({ trial }) => ({ trial, replay: replayOf(trial, scenario) }));
  const guardrails = guardrailsOf(
    scenario,
    judged.map(({ trial }) => trial),
  );
  const byArm = interleaved === null;
  const { bayes, margin } = scenario.metrics;
  const posteriors =
    bayes === undefined ? [] : onGoal.flatMap(({ trial }) => posteriorOf(trial, bayes, margin) ?? []);
  const cost = options.cost ?? nothingSpent;
  const stopping = stoppingOf({
    scenario,
    sessions: everySession,
    looks: z.array(lookSchema).parse(runValue(database, 'looks') ?? []),
    planned: options.planned,
    status: options.status,
    cost: options.costOfSessions ?? cost,
  });
  const mindsCompared =
    minds === null
      ? null
      : mindsResult({
          scenario,
          minds,
          goal: goals[0]!,
          sessions: everySession,
          calls: callTotals(database),
          combined: combined.filter(({ trial }) => trial.metric.name === goals[0]!.name),
        });
  const checks = [
    ...checksOf({
      scenario,
      sessions: underArms,
      visitors: everybody,
      complete: minds === null ? found.complete : measuredAmong(totals, scenario).complete,
      assigned: z
        .record(z.string(), z.int())
        .nullable()
        .parse(runValue(database, 'assigned') ?? null),
      earlyLooks: z.int().parse(runValue(database, 'earlyLooks') ?? 0),
      replays,
    }),
    ...guardrailCheck(guardrails),
    ...portraitCheck(database),
    ...servedCheck(database, scenario),
    ...(mindsCompared === null ? [] : [mindsCheck(mindsCompared)]),
    ...suspectsCheck(
      suspects,
      judged.map(({ comparison }) => comparison),
    ),
  ];

  const arms = armSummaries({
    scenario,
    sessions,
    found,
    credited: interleaved?.credited ?? null,
    coverage: coverage(database, among),
    heldOutNdcg: options.heldOutNdcg,
    offline: options.offline,
  });
  return {
    run: options.run,
    scenario: scenario.name,
    question: scenario.question,
    scenarioHash: scenarioHash(scenario),
    seed: scenario.seed,
    design: scenario.design,
    mind: mindsOf(scenario).join(' + '),
    catalogue: scenario.catalogue,
    path: options.path,
    digest: eventsDigest(database),
    status: options.status,
    reason: options.reason ?? '',
    arms,
    health: healthOf(database, scenario),
    offline: offlineOrders(arms, onGoal[0]?.trial.metric ?? goals[0]!),
    comparisons: judged.map(({ comparison }) => comparison),
    segments: activitySegments(found, visitors, scenario.metrics.alpha),
    segmentEffects: byArm ? segmentEffects(goals[0]!, found.values(goals[0]!), visitors, scenario) : [],
    adjusted: adjustments.flatMap(({ rows }) => rows),
    posteriors,
    guardrails,
    minds: mindsCompared,
    novelty: byArm ? noveltyOf(database, found, goals[0]!, scenario) : { pages: [], visits: [], changes: [] },
    offPolicy: offPolicyOf(database, found, scenario),
    suspects,
    stopping,
    checks,
    verdict: verdictOf(onGoal, {
      scenario,
      status: options.status,
      ended: stopping.ended,
      guardrails,
      posteriors,
      checks,
      minds: mindsCompared,
    }),
    quote: quoteSchema.nullable().parse(runValue(database, 'quote') ?? null),
    cost: { ...cost, seconds: options.seconds },
  };
}

/** The goals' effects as if nobody had seen the items that look as if they spoke to their readers. */
function suspectsOf(
  database: Database,
  scenario: Scenario,
  goals: readonly Metric[],
  visitors: readonly VisitorRecord[],
  among: ReadonlySet<string> | undefined,
): Suspects {
  const items = z.array(z.string()).parse(runValue(database, 'suspects') ?? []);
  const clean = scenario.quarantine ? null : recordWithout(database, new Set(items));
  const base = { items: items.length, quarantined: scenario.quarantine, places: clean?.places ?? 0 };
  const isReadOtherwise = scenario.design === 'interleaving' || scenario.allotment.rule === 'few';
  if (clean === null) return { ...base, without: [] };
  try {
    if (isReadOtherwise) return { ...base, without: [] };
    const found = measured(clean.record, scenario, goals, among);
    const known = { before: found.before(goals[0]!), visitors };
    const trials = trialsOf(scenario, found, goals).map((trial) =>
      trial.metric.name === goals[0]!.name && among === undefined && scenario.stopping.rule === 'fixed'
        ? adjustedTrial(trial, known, scenario).trial
        : trial,
    );
    const names = goals.map(({ name }) => name);
    return { ...base, without: judgedTrials(trials, names, scenario).map(({ comparison }) => comparison) };
  } finally {
    clean.record.close();
  }
}

/** These metrics of every arm against the control. */
function trialsOf(scenario: Scenario, found: Measured, wanted: readonly Metric[]): Trial[] {
  const [control, ...treatments] = scenario.arms.map((arm) => arm.name) as [string, ...string[]];
  return wanted.flatMap((metric) => {
    const values = found.values(metric);
    return treatments.map((arm) =>
      tried(
        { metric, arm, control, values: { arm: values.get(arm)!, control: values.get(control)! } },
        scenario,
      ),
    );
  });
}

/** Trials as rows of the result; p values of the goals are adjusted by Holm over all goals and arms together. */
function judgedTrials(trials: readonly Trial[], goals: readonly string[], scenario: Scenario): Judged[] {
  const raw = trials.map(({ metric, estimate }) =>
    goals.includes(metric.name) && estimate.kind === 'estimated' ? estimate.p : null,
  );
  const adjusted = holm(raw);
  return trials.map((trial, index) => ({
    trial,
    comparison: comparisonOf(trial, scenario, adjusted[index] ?? null),
  }));
}

const nothingSpent = { calls: 0, tokensIn: 0, tokensOut: 0, usd: 0 } as const;

/** Whether a run should end with exit code 3: it was interrupted or truncated, stopped itself, or a check failed. */
export function needsHumanLook(result: Result): boolean {
  return result.status !== 'complete' || result.checks.some((check) => check.status === 'fail');
}

function requireKnownArms(sessions: readonly StoredSession[], scenario: Scenario): void {
  const names = new Set([
    ...recordedArms(scenario),
    ...(scenario.population.burnIn > 0 ? [scenario.arms[0]!.name] : []),
  ]);
  const stranger = sessions.find((session) => !names.has(session.arm));
  if (stranger === undefined) return;
  throw new RehearsalError(
    `The record has sessions of the arm "${stranger.arm}", which the scenario does not have.`,
    {
      hint: `Its arms are ${[...names].join(', ')}. Analyse a run with the scenario it was made with.`,
    },
  );
}
