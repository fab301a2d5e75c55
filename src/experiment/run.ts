// One execution of a scenario: plan, drive, analyse. A run is a folder; what is committed there stays, so an
// interrupted run goes on by planning again and skipping what is recorded.

import { emptyMemory } from '../../agents/memory.ts';
import type { Studio } from '../../sandbox/camera.ts';
import { wallMilliseconds } from '../base/clock.ts';
import type { Catalogue } from '../catalogue/item.ts';
import { blobs } from '../store/blobs.ts';
import { openDatabase } from '../store/database.ts';
import { completedKeys, eventsDigest, runValue } from '../store/read.ts';
import { sessionKey } from '../store/session.ts';
import { writer } from '../store/write.ts';
import { analyse } from './analyse.ts';
import { planOf, type PlannedSession } from './assign.ts';
import { buildExperiment } from './build.ts';
import { writeResult, type RunFolder } from './folder.ts';
import { performSession } from './perform.ts';
import type { Result } from './result.ts';
import type { Scenario } from './scenario.ts';

export interface RunParts {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly folder: RunFolder;
  readonly studio: Studio;
  /** Aborted to stop after the sessions that are under way; what is done stays. */
  readonly interrupted: AbortSignal;
  log(line: string): void;
  progress(state: { done: number; failed: number; total: number; before: number }): void;
}

/** Sessions under way at once: enough to keep both pages of a two-core machine busy. */
const atOnce = 4;

/** Plans the sessions, runs those that are not recorded yet, and analyses the record. */
export async function runScenario(parts: RunParts): Promise<Result> {
  const { scenario, folder } = parts;
  const started = wallMilliseconds();
  const experiment = await buildExperiment(scenario, parts.catalogue, parts.log);
  const database = openDatabase(folder.record);
  try {
    const record = writer(database);
    record.deleteFailed();
    record.setRun('scenario', scenario);
    record.setRun('titlesKnown', experiment.titlesKnown);
    record.setRun('versions', {
      mind: `${experiment.mind.name} ${experiment.mind.version}`,
      browser: parts.studio.browser.version,
      ...Object.fromEntries(
        experiment.arms.map((arm) => [`arm ${arm.name}`, `${arm.method} ${arm.recommender.version}`]),
      ),
    });
    record.saveItems([...experiment.items.values()].map(({ id, title, genres }) => ({ id, title, genres })));
    for (const { profile } of experiment.visitors) {
      const { id, activity, diversity, conformity } = profile;
      record.saveVisitor({ id, activity, diversity, conformity, profile });
    }

    const plan = planOf(
      scenario,
      experiment.visitors.map(({ profile }) => profile.id),
    );
    if (scenario.design === 'split') record.setRun('assigned', countsOf(plan));
    const recorded = completedKeys(database);
    const missing = plan.filter((planned) => !recorded.has(sessionKey(planned)));
    const chains = [
      ...Map.groupBy(plan, ({ visitor, arm }) => JSON.stringify([visitor, arm])).values(),
    ].filter((chain) => chain.some((planned) => !recorded.has(sessionKey(planned))));
    const screens = blobs(folder.path);
    const counts = { done: 0, failed: 0, total: plan.length, before: plan.length - missing.length };
    parts.progress(counts);

    /** A visitor's visits under one arm, one after the other: memory goes from each to the next. */
    const runChain = async (chain: readonly PlannedSession[]): Promise<void> => {
      let memory = emptyMemory;
      for (const planned of chain) {
        if (parts.interrupted.aborted) return;
        const performed = await performSession(planned, experiment, {
          memory,
          capture: (html) => parts.studio.capture(html),
          saveScreen: (screen) => screens.saveScreen(screen),
        });
        memory = performed.memory;
        // A recorded visit before a missing one is lived through again for its memory only.
        if (recorded.has(sessionKey(planned))) continue;
        record.saveSession(performed.session, performed.events);
        counts.done += 1;
        counts.failed += performed.session.status === 'failed' ? 1 : 0;
        parts.progress({ ...counts });
      }
    };
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let chain = chains.shift(); chain !== undefined; chain = chains.shift()) await runChain(chain);
      }),
    );

    const before = Number(runValue(database, 'seconds') ?? 0);
    const seconds = before + (wallMilliseconds() - started) / 1000;
    record.setRun('seconds', seconds);
    const result = analyse(database, {
      scenario,
      run: folder.run,
      path: folder.path,
      seconds,
      heldOutNdcg: experiment.heldOutNdcg20,
      status: counts.before + counts.done < counts.total ? 'interrupted' : 'complete',
    });
    record.setRun('digest', eventsDigest(database));
    if (result.status === 'complete') writeResult(folder, result);
    return result;
  } finally {
    database.close();
  }
}

/** Visitors by arm as assigned: what the sample-ratio check compares with who started and who completed. */
function countsOf(plan: readonly PlannedSession[]): Record<string, number> {
  const visitors = new Map<string, Set<string>>();
  for (const { arm, visitor } of plan) visitors.set(arm, (visitors.get(arm) ?? new Set()).add(visitor));
  return Object.fromEntries([...visitors].map(([arm, set]) => [arm, set.size]));
}
