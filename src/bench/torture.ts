// The contest of torture: runs are killed at random moments until they have ended all the same, and then held against
// a run that nobody touched. Killed is the run's own process or one of its children (a worker, a browser). The moments
// come from a seed; which phase each hits depends on the machine, and is told.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { wallMilliseconds } from '../base/clock.ts';
import { randomFrom, type Random } from '../base/random.ts';
import type { ScenarioInput } from '../experiment/scenario.ts';
import { checkRecord } from '../store/check.ts';
import { openDatabase } from '../store/database.ts';
import { completedKeys, eventsDigest } from '../store/read.ts';

/** Where a run was when it was hit. */
export type Phase = 'starting' | 'making arms' | 'sessions' | 'ending';

export interface Kill {
  readonly workers: number;
  readonly victim: 'run' | 'child';
  readonly phase: Phase;
}

export interface TortureReport {
  readonly visitors: number;
  readonly kills: readonly Kill[];
  /** Committed sessions that were gone after a kill. */
  readonly lost: number;
  /** Looks at the record after a kill, and those at which a check of it failed. */
  readonly looks: number;
  readonly torn: number;
  readonly runs: readonly { workers: number; kills: number; isSame: boolean; failed: number }[];
  /** Undisturbed: sessions a minute by number of workers; 0 is the run's own process. */
  readonly pace: readonly { workers: number; perMinute: number }[];
}

const program = fileURLToPath(new URL('../cli.ts', import.meta.url));
/** Kills after which a run is left alone, so that it comes to its end. */
const mostKills = 12;

/** Kills until `kills` kills have hit, in turns of runs with each number of workers. */
export async function tortureContest(settings: {
  readonly kills: number;
  readonly visitors: number;
  readonly seed: number;
  readonly workers: readonly number[];
  log(line: string): void;
}): Promise<TortureReport> {
  const { visitors, log } = settings;
  const root = mkdtempSync(join(tmpdir(), 'rehearsal-torture-'));
  const random = randomFrom('torture', settings.seed);
  try {
    const scenario: ScenarioInput = {
      name: 'torture',
      question: 'Is anything lost?',
      arms: [
        { name: 'popularity', method: 'popularity' },
        { name: 'chance', method: 'random' },
      ],
      population: { visitors, minimumHistory: 10 },
      site: { pages: 1 },
    };
    writeFileSync(join(root, 'torture.mjs'), `export default ${JSON.stringify(scenario)};`);
    const undisturbed = [];
    for (const workers of settings.workers) {
      const started = wallMilliseconds();
      await ended(start(root, `whole-${workers}`, workers));
      const ms = wallMilliseconds() - started;
      log(`undisturbed with ${workers} workers: ${Math.round(ms / 1000)} s`);
      undisturbed.push({ workers, ms, digest: lookAt(join(root, `whole-${workers}`)).digest });
    }
    const [first] = undisturbed;
    const kills: Kill[] = [];
    const runs: TortureReport['runs'][number][] = [];
    let [lost, looks, torn] = [0, 0, 0];
    while (kills.length < settings.kills) {
      const { workers, ms } = undisturbed[runs.length % undisturbed.length]!;
      const name = `run-${runs.length}`;
      const before = kills.length;
      let known: ReadonlySet<string> = new Set();
      while (!existsSync(join(root, name, 'result.json'))) {
        const child = start(root, name, workers);
        const isLast = kills.length >= settings.kills || kills.length - before >= mostKills;
        const hit = isLast ? null : await hitOnce(child, join(root, name), ms, random);
        if (hit !== null) {
          kills.push({ workers, ...hit });
          log(`kill ${kills.length}: ${hit.victim} of ${name} (${workers} workers), ${hit.phase}`);
        }
        await ended(child);
        if (!existsSync(join(root, name, 'events.sqlite'))) continue;
        const found = lookAt(join(root, name));
        looks += 1;
        torn += found.isWhole ? 0 : 1;
        lost += [...known].filter((key) => !found.keys.has(key)).length;
        known = found.keys;
      }
      const { digest, failed } = lookAt(join(root, name));
      runs.push({ workers, kills: kills.length - before, isSame: digest === first!.digest, failed });
      log(`${kills.length} kills, ${runs.length} runs, ${lost} lost, ${torn} torn`);
    }
    const pace = undisturbed.map(({ workers, ms }) => ({ workers, perMinute: (2 * visitors * 60_000) / ms }));
    return { visitors, kills, lost, looks, torn, runs, pace };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Begins a run, or goes on with it. */
function start(root: string, name: string, workers: number): ChildProcess {
  const isThere = existsSync(join(root, name, 'run.json'));
  const verb = isThere ? ['resume', name] : ['run', 'torture.mjs', '--out', name];
  const pool = workers === 0 ? [] : ['--workers', String(workers)];
  return spawn(process.execPath, [program, ...verb, ...pool], { cwd: root, stdio: 'ignore' });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Waits for a moment within the time of a whole run and kills; null where the run has ended before. */
async function hitOnce(
  child: ChildProcess,
  folder: string,
  ms: number,
  random: Random,
): Promise<Pick<Kill, 'victim' | 'phase'> | null> {
  await pause(random.uniform() * ms);
  if (child.exitCode !== null || child.pid === undefined) return null;
  const children = childrenOf(child.pid);
  const victim = children.length > 0 && random.uniform() < 1 / 3 ? 'child' : 'run';
  const phase = phaseOf(folder);
  try {
    process.kill(victim === 'child' ? children[random.integer(children.length)]! : child.pid, 'SIGKILL');
  } catch {
    return null; // It has ended in this very moment.
  }
  return { victim, phase };
}

/** Linux tells the children of a process; elsewhere only the run itself is killed. */
function childrenOf(pid: number): number[] {
  try {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return listed.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Which phase a run's folder shows. */
export function phaseOf(folder: string): Phase {
  const record = join(folder, 'events.sqlite');
  if (!existsSync(record)) return 'starting';
  try {
    const database = openDatabase(record, { readonly: true });
    try {
      const planned = Number(database.prepare('SELECT count(*) FROM plan').pluck().get());
      const sessions = Number(database.prepare('SELECT count(*) FROM sessions').pluck().get());
      return planned === 0 ? 'making arms' : sessions < planned ? 'sessions' : 'ending';
    } finally {
      database.close();
    }
  } catch {
    return 'starting'; // The tables are being made.
  }
}

/** What the record of a folder holds, and whether every check of it passes. */
function lookAt(folder: string): {
  keys: ReadonlySet<string>;
  digest: string;
  isWhole: boolean;
  failed: number;
} {
  const database = openDatabase(join(folder, 'events.sqlite'));
  try {
    return {
      keys: completedKeys(database),
      digest: eventsDigest(database),
      isWhole: checkRecord(database, folder).every(({ isOk }) => isOk),
      failed: Number(database.prepare("SELECT count(*) FROM sessions WHERE status = 'failed'").pluck().get()),
    };
  } finally {
    database.close();
  }
}
