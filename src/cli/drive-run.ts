// What run and resume share: a run that nobody else writes is driven to its end, and answered for.

import { resolve } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { killBrowsers } from '../../sandbox/camera-process.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { needsHumanLook } from '../experiment/analyse.ts';
import { clearLeftovers, readManifest, scenarioHash, writeManifest } from '../experiment/folder.ts';
import type { ItemLedger } from '../experiment/item-endpoint.ts';
import type { OpenPool } from '../experiment/pool.ts';
import type { Result } from '../experiment/result.ts';
import { runScenario, type RunParts } from '../experiment/run.ts';
import type { Access } from '../llm/settings.ts';
import type { ItemEndpoint } from '../recommend/recommender.ts';
import { writeReport } from '../report/write.ts';
import { lockFolder } from '../store/lock.ts';
import { consented } from './consent.ts';
import { toldMaking } from './model-options.ts';
import { openProgress, type Progress } from './progress.ts';
import { resultLines } from './result-lines.ts';
import type { ExitOutcome, Io } from './verb.ts';

/** Does the work while no other process can write the run at `path`. */
export async function holding(path: string, io: Io, work: () => Promise<ExitOutcome>): Promise<ExitOutcome> {
  const lock = lockFolder(resolve(path));
  if (lock.abandonedBy !== null)
    io.log(
      `Process ${lock.abandonedBy.pid} on ${lock.abandonedBy.host} ended without giving this run back; what it recorded is kept.`,
    );
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** What a run is driven with. */
export interface Means {
  readonly access: Access | undefined;
  /** Asked by arms whose settings want it, unless they are prepared already; it counts into the ledger. */
  readonly endpointFor: (ledger: ItemLedger) => ItemEndpoint;
  /** Whether the cost was allowed with the command. */
  readonly beforehand: boolean;
  /** Who lives the sessions; undefined for this process. */
  readonly openPool: OpenPool | undefined;
}

/** Runs what is missing of a run, writes result and report, and answers. Shared by run and resume. */
export async function drive(
  { folder, ...parts }: Pick<RunParts, 'scenario' | 'catalogue' | 'prepared' | 'spentOnItems' | 'folder'>,
  io: Io,
  { access, endpointFor, beforehand, openPool }: Means,
): Promise<ExitOutcome> {
  const { scenario } = parts;
  const studio = await openStudio();
  const manifest = readManifest(folder);
  writeManifest(folder, {
    ...manifest,
    scenarioHash: scenarioHash(scenario),
    browser: studio.browser.version,
  });
  clearLeftovers(folder);
  let progress: Progress | undefined;
  let result: Result | 'left';
  io.interrupted.addEventListener('abort', () =>
    io.log('Ending the sessions under way; Ctrl-C again leaves at once, and resume begins them again.'),
  );
  try {
    const running = runScenario({
      ...parts,
      endpoint: endpointFor,
      making: toldMaking(io, wallMilliseconds),
      folder,
      studio,
      ...(access === undefined ? {} : { access }),
      ...(openPool === undefined ? {} : { openPool }),
      interrupted: io.interrupted,
      abandoned: io.abandoned,
      agree: (quote) => consented(quote, { scenario, beforehand, path: folder.path }, io),
      log: (line) => io.log(line),
      progress: ({ done, failed, total, before }) => {
        progress ??= openProgress({
          total,
          before,
          mode: io.terminal ? 'bar' : 'lines',
          draw: (text) => io.draw(text),
        });
        progress.update(done, failed);
      },
    });
    result = await Promise.race([running, abandonment(io.abandoned)]);
  } finally {
    progress?.close();
    if (io.abandoned.aborted) killBrowsers();
    else await studio.close();
  }
  if (result === 'left') {
    io.answer({ run: folder.run, path: folder.path, status: 'interrupted' }, [
      `Left at once. What is recorded is kept; go on with: rehearsal resume ${folder.path}`,
    ]);
    return 3;
  }
  if (result.status === 'interrupted' || result.status === 'stopped') {
    const what = result.status === 'stopped' ? `Stopped: ${result.reason}.` : 'Interrupted.';
    io.answer(result, [`${what} What is done is kept; go on with: rehearsal resume ${folder.path}`]);
    return 3;
  }
  const report = writeReport(folder.path);
  io.answer(result, [
    ...resultLines(result, { report, record: folder.record }),
    ...(result.status === 'truncated'
      ? [
          `Truncated: the budget is used up. Go on with: rehearsal resume ${folder.path}, and a higher --max-usd or --max-tokens`,
        ]
      : []),
  ]);
  return needsHumanLook(result) ? 3 : 0;
}

/** Resolves when the person asks to leave at once. */
async function abandonment(signal: AbortSignal): Promise<'left'> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return 'left';
}
