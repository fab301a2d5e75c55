// The contest of endurance: one long run of choice minds in one process, whose memory and open files are noted as it goes on,
// the browser's apart; then short runs in one, two and four workers beside the run's own process, in turns. It says how
// many sessions were reached, which may be fewer than were wanted when the time is up.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserProcesses } from '../../sandbox/camera-process.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { builtIn } from '../catalogue/builtin.ts';
import { createRunFolder } from '../experiment/folder.ts';
import { runScenario } from '../experiment/run.ts';
import { parseScenario, type Scenario } from '../experiment/scenario.ts';
import { openProcessPool } from '../workers/process-pool.ts';
import { processTree } from './processes.ts';
import { slopeOf, type Slope } from './slope.ts';

/** What is watched: bytes of this process, of its JavaScript heap and of the browser's processes, and open files. */
export const resources = ['own', 'heap', 'browser', 'handles'] as const;
export type Resource = (typeof resources)[number];

/** What was in use when so many sessions had ended. */
export interface Sample extends Readonly<Record<Resource, number>> {
  readonly sessions: number;
}

export interface SoakReport {
  readonly wanted: number;
  readonly reached: number;
  readonly failed: number;
  readonly seconds: number;
  readonly screens: number;
  readonly browsers: number;
  /** Sessions that were not counted: caches fill first. */
  readonly warmUp: number;
  readonly first: Sample;
  readonly last: Sample;
  /** Bytes, or files, a thousand sessions more; null where too few were reached. */
  readonly slopes: Readonly<Record<Resource, Slope>> | null;
  readonly pace: readonly Pace[];
  /** Processes that wanted a processor, averaged over the last minute, at the end. */
  readonly load: number;
}

export interface Pace {
  /** 0 is the run's own process. */
  readonly workers: number;
  /** Sessions a minute from the first to the last that ended, of each turn. */
  readonly perMinute: readonly number[];
}

const visitors = 200;
const sampledEvery = 50;
const warmUpShare = 0.25;
const shortVisitors = 30;
const turns = 2;
const ways = [0, 1, 2, 4] as const;

const scenarioOf = (people: number, replicates: number, seed: number): Scenario =>
  parseScenario(
    {
      name: 'soak',
      question: 'Does anything grow?',
      arms: [
        { name: 'popularity', method: 'popularity' },
        { name: 'chance', method: 'random' },
      ],
      population: { visitors: people, replicates },
      site: { pages: 1 },
      keepScreens: 0,
      seed,
    },
    'the scenario of the soak',
  );

/** Runs until so many sessions have ended or the minutes are over, then measures the pools. */
export async function soakContest(settings: {
  readonly sessions: number;
  readonly minutes: number;
  readonly seed: number;
  log(line: string): void;
}): Promise<SoakReport> {
  const { sessions, minutes, seed, log } = settings;
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-soak-'));
  const studio = await openStudio();
  try {
    const { catalogue } = builtIn();
    const run = async (
      name: string,
      scenario: Scenario,
      interrupted: AbortSignal,
      workers: number,
      progress: (done: number, failed: number) => void,
    ): Promise<void> => {
      await runScenario({
        scenario,
        catalogue,
        folder: createRunFolder(join(place, name), scenario, { program: 'bench', started: '', force: false }),
        studio,
        interrupted,
        ...(workers === 0 ? {} : { openPool: async (hiring) => openProcessPool({ hiring, workers }) }),
        log: () => undefined,
        progress: ({ done, failed }) => progress(done, failed),
      });
      rmSync(join(place, name), { recursive: true, force: true });
    };

    const samples: Sample[] = [];
    const over = new AbortController();
    let [began, reached, failed] = [0, 0, 0];
    await run(
      'long',
      scenarioOf(visitors, Math.ceil(sessions / visitors / 2), seed),
      over.signal,
      0,
      (done, bad) => {
        began ||= wallMilliseconds();
        [reached, failed] = [done, bad];
        if (done >= sessions || wallMilliseconds() - began > minutes * 60_000) over.abort();
        if (done % sampledEvery !== 0) return;
        samples.push(sample(done));
        if (done % (20 * sampledEvery) === 0) log(`${done} sessions, ${JSON.stringify(samples.at(-1))}`);
      },
    );
    const seconds = (wallMilliseconds() - began) / 1000;
    const { captured, browsers } = studio.statistics();
    log(`${reached} sessions in ${seconds.toFixed(0)} s`);

    const pace = new Map<number, number[]>(ways.map((workers) => [workers, []]));
    for (let turn = 1; turn <= turns; turn++) {
      for (const workers of ways) {
        let [first, last, ended] = [0, 0, 0];
        await run(
          `turn-${turn}-${workers}`,
          scenarioOf(shortVisitors, 1, seed + turn),
          new AbortController().signal,
          workers,
          (done) => {
            if (done > 0) first ||= wallMilliseconds();
            [last, ended] = [wallMilliseconds(), done];
          },
        );
        pace.get(workers)!.push((60_000 * (ended - 1)) / (last - first));
        log(`turn ${turn}, ${workers} workers: ${pace.get(workers)!.at(-1)!.toFixed(0)} sessions a minute`);
      }
    }
    const warmUp = samples[Math.floor(warmUpShare * samples.length)]!.sessions;
    const counted = samples.filter((one) => one.sessions >= warmUp);
    return {
      wanted: sessions,
      reached,
      failed,
      seconds,
      screens: captured,
      browsers,
      warmUp,
      first: counted[0]!,
      last: counted.at(-1)!,
      slopes: slopesOf(counted),
      pace: [...pace].map(([workers, perMinute]) => ({ workers, perMinute })),
      load: loadavg()[0]!,
    };
  } finally {
    await studio.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** How each resource grows with a thousand sessions; null where there are too few samples to tell. */
function slopesOf(samples: readonly Sample[]): SoakReport['slopes'] {
  const slopes = resources.map((resource) => {
    const slope = slopeOf(samples.map((one) => ({ x: one.sessions / 1000, y: one[resource] })));
    return [resource, slope] as const;
  });
  return slopes.some(([, slope]) => slope === null)
    ? null
    : (Object.fromEntries(slopes) as Record<Resource, Slope>);
}

function sample(sessions: number): Sample {
  const browser = browserProcesses()
    .flatMap(processTree)
    .reduce((sum, pid) => sum + residentBytes(pid), 0);
  const handles = existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
  const { rss, heapUsed } = process.memoryUsage();
  return { sessions, own: rss, heap: heapUsed, browser, handles };
}

/** Resident memory of a process that is its own or shared in proportion, where Linux tells; 0 where it has ended. */
function residentBytes(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return 1024 * Number(kilobytes ?? 0);
  } catch {
    return 0;
  }
}
