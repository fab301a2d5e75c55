// One execution of a scenario: plan, drive (drive.ts), analyse. A run is a folder; what is committed there stays, so an
// interrupted run goes on by planning again and skipping what is recorded.

import { z } from 'zod';
import { prompts } from '../../agents/minds/llm-prompts.ts';
import type { Studio } from '../../sandbox/camera.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { sha256 } from '../base/hash.ts';
import type { Catalogue } from '../catalogue/item.ts';
import { moneyOf, sumOfSpent, type Spent } from '../llm/budget.ts';
import { spentBetween } from '../llm/quote.ts';
import type { Access } from '../llm/settings.ts';
import type { Model } from '../llm/open.ts';
import type { ItemEndpoint } from '../recommend/recommender.ts';
import { blobs } from '../store/blobs.ts';
import { closeRecord, openDatabase, type Database } from '../store/database.ts';
import { openLedger } from '../store/ledger.ts';
import { completedKeys, eventsDigest, recordedSessions, runValue } from '../store/read.ts';
import { writer, type Writer } from '../store/write.ts';
import { analyse } from './analyse.ts';
import { planOf, type PlannedSession } from './assign.ts';
import { embedsWith, prepareExperiment, withMinds, type Making, type Prepared } from './build.ts';
import { driveSessions } from './drive.ts';
import { removeResult, scenarioHash, writeResult, type RunFolder } from './folder.ts';
import type { ItemLedger } from './item-endpoint.ts';
import { lookAt } from './look.ts';
import { chargeItems, ledgerOf, modelOfRun } from './model.ts';
import { lostSession, strangeness } from './perform.ts';
import { inProcessPool, type OpenPool } from './pool.ts';
import { recordPortraits } from './portraits.ts';
import { drivenWithQuote, type RunQuote } from './quote.ts';
import type { Result } from './result.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import { builtVersions, givenVersions, requireSameVersions } from './versions.ts';

export interface RunParts {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  /** The scenario's experiment where it was prepared before the folder was made; else it is prepared here. */
  readonly prepared?: Prepared;
  /** What its arms have spent on questions about items, where it was prepared before. */
  readonly spentOnItems?: Spent;
  /** Asked by arms whose settings want it, where they are prepared here; it counts into the ledger. */
  readonly endpoint?: (ledger: ItemLedger) => ItemEndpoint;
  /** Who watches the making of the arms, where they are prepared here. */
  readonly making?: Omit<Making, 'endpoint'>;
  readonly folder: RunFolder;
  readonly studio: Studio;
  /** Where the llm mind's model is; needed exactly for that mind. */
  readonly access?: Access;
  /** Aborted to stop after the sessions that are under way; what is done stays. */
  readonly interrupted: AbortSignal;
  /** Aborted to leave at once; sessions under way are dropped, and begun again by resume. */
  readonly abandoned?: AbortSignal;
  /** Where journeys are lived; in this process where it is left out. */
  readonly openPool?: OpenPool;
  /** Asked with a quote before most of a model's cost is spent; false to begin no more. Without it nothing is quoted. */
  readonly agree?: (quote: RunQuote) => Promise<boolean>;
  log(line: string): void;
  progress(state: { done: number; failed: number; total: number; before: number }): void;
}

/** Plans the sessions, runs those that are not recorded yet, and analyses the record. */
export async function runScenario(parts: RunParts): Promise<Result> {
  const { scenario, folder } = parts;
  const started = wallMilliseconds() - (parts.prepared?.milliseconds ?? 0);
  const database = openDatabase(folder.record);
  let model: Model | null = null;
  try {
    const record = writer(database);
    const recorded = runValue(database, 'scenario');
    requireSameQuestion(recorded, scenario);
    const noted = versionsSchema.parse(runValue(database, 'versions') ?? {});
    const given = givenVersions(parts.catalogue, parts.studio.browser.version);
    requireSameVersions(noted, given);
    if (parts.spentOnItems !== undefined && parts.spentOnItems.calls > 0)
      chargeItems(database, record, sumOfSpent(ledgerOf(database), parts.spentOnItems));
    const prepared = parts.prepared ?? (await preparedHere(parts, database, record));
    model = await modelOfRun({
      scenario,
      folder,
      access: parts.access,
      spentBefore: ledgerOf(database),
      keepSpent: (spent) => record.setRun('spent', spent),
      isBegun: recorded !== undefined,
    });
    const experiment = withMinds(
      prepared,
      parts.log,
      model === null ? null : { client: model.client, signal: parts.abandoned ?? parts.interrupted },
    );
    const versions = { ...given, ...builtVersions(experiment) };
    requireSameVersions(noted, versions);
    // What was noted when it last ended is no longer so.
    record.setRun('digest', null);
    record.deleteFailed();
    if (model !== null) {
      record.setRun('model', {
        model: model.client.model,
        version: model.client.version,
        capabilities: model.client.capabilities,
        memory: embedsWith(scenario, model.client.capabilities) ? 'endpoint' : 'embedded',
      });
      record.setRun(
        'prompts',
        Object.fromEntries(Object.entries(prompts).map(([name, text]) => [name, sha256(text)])),
      );
    }
    record.setRun('scenario', scenario);
    record.setRun('scenarioHash', scenarioHash(scenario));
    record.setRun('titlesKnown', experiment.titlesKnown);
    record.setRun('suspects', experiment.suspects);
    record.setRun('versions', versions);
    record.saveItems([...experiment.items.values()].map(({ id, title, genres }) => ({ id, title, genres })));
    for (const { id, profile } of experiment.visitors) {
      const { activity, diversity, conformity } = profile;
      record.saveVisitor({ id, activity, diversity, conformity, profile });
    }

    const plan = planOf(
      scenario,
      experiment.visitors.map(({ id }) => id),
    );
    record.setRun('planned', plan.length);
    if (completedKeys(database).size < plan.length) removeResult(folder);
    const screens = blobs(folder.path);
    const opened = await parts.openPool?.({ run: folder.run, scenario, folder: folder.path, versions });
    const pool =
      opened ??
      inProcessPool({
        experiment,
        capture: (html) => parts.studio.capture(html),
        saveScreen: (screen) => screens.saveScreen(screen),
      });
    const ledger = openLedger(database, record, plan, scenarioHash(scenario));
    const driven = await drivenWithQuote({
      experiment,
      plan,
      database,
      record,
      workers: pool.atOnce,
      spentOnItems: ledgerOf(database, 'spentOnItems'),
      agree: parts.agree,
      log: parts.log,
      drive: (part) =>
        driveSessions({
          scenario,
          plan: part,
          // What failed a moment ago, in the sessions played first, has failed; older failures are deleted above.
          recorded: recordedSessions(database),
          ledger,
          pool,
          interrupted: parts.interrupted,
          ...(parts.abandoned === undefined ? {} : { abandoned: parts.abandoned }),
          look: (visitors) => lookAt(database, scenario, visitors),
          strangeness: (session) => strangeness(session, experiment),
          givenUp: (planned, reason) => lostSession(planned, experiment, reason),
          log: parts.log,
          progress: (state) => {
            if (part === plan) parts.progress(state);
          },
        }),
    }).finally(() => opened?.close());
    const begun = new Set(driven.visitors);
    if (scenario.design === 'split')
      record.setRun('assigned', countsOf(plan.filter(({ visitor }) => begun.has(visitor))));
    record.setRun('looks', driven.looks);
    await recordPortraits(record, database, experiment.induced);
    const spent = model?.spent() ?? ledgerOf(database);
    record.setRun('spent', spent);
    if (driven.status !== 'complete')
      record.setRun('earlyLooks', Number(runValue(database, 'earlyLooks') ?? 0) + 1);

    const before = Number(runValue(database, 'seconds') ?? 0);
    const seconds = before + (wallMilliseconds() - started) / 1000;
    record.setRun('seconds', seconds);
    const result = analyse(database, {
      scenario,
      run: folder.run,
      path: folder.path,
      seconds,
      heldOutNdcg: experiment.heldOutNdcg20,
      offline: experiment.offline,
      status: driven.status,
      reason: driven.reason,
      planned: plan.length,
      cost: costOf(spent),
      costOfSessions: costOf(spentBetween(ledgerOf(database, 'spentOnItems'), spent)),
    });
    record.setRun('digest', eventsDigest(database));
    if (['complete', 'truncated'].includes(result.status)) writeResult(folder, result);
    return result;
  } finally {
    model?.close();
    closeRecord(database);
  }
}

/** Prepares the experiment of a run whose record is there, which keeps what its arms ask about items. */
async function preparedHere(parts: RunParts, database: Database, record: Writer): Promise<Prepared> {
  const { scenario, catalogue, log } = parts;
  const keepSpent = (spent: Spent): void => chargeItems(database, record, spent);
  const endpoint = parts.endpoint?.({ spentBefore: ledgerOf(database), keepSpent });
  return await prepareExperiment(scenario, catalogue, log, { endpoint, ...parts.making });
}

function costOf(spent: Spent): Omit<Result['cost'], 'seconds'> {
  const { calls, tokensIn, tokensOut } = spent;
  return { calls, tokensIn, tokensOut, usd: moneyOf(spent) };
}

const versionsSchema = z.record(z.string(), z.string());

/** A record belongs to one question: what was fixed before the run cannot be changed while it runs. */
function requireSameQuestion(recorded: unknown, scenario: Scenario): void {
  if (recorded === undefined) return;
  const before = scenarioHash(parseScenario(recorded, 'the recorded scenario'));
  const now = scenarioHash(scenario);
  if (before === now) return;
  throw new RehearsalError(
    `The record belongs to another scenario (${before.slice(0, 12)}) than the one to be run (${now.slice(0, 12)}).`,
    {
      hint: 'Arms, metrics and the stopping rule are fixed before a run. Run the changed scenario into another --out.',
    },
  );
}

/** Visitors by arm as assigned: what the sample-ratio check compares with who started and who completed. */
function countsOf(plan: readonly PlannedSession[]): Record<string, number> {
  const visitors = new Map<string, Set<string>>();
  for (const { arm, visitor } of plan) visitors.set(arm, (visitors.get(arm) ?? new Set()).add(visitor));
  return Object.fromEntries([...visitors].map(([arm, set]) => [arm, set.size]));
}
