// The contest of torture: runs are killed at random moments until they have ended all the same, and then held against
// a run that nobody touched. Hit are the run's own process, its workers and their browsers; some are not killed but
// stopped for longer than the lease. Moments come from a seed; which phase each hits is read off the folder and told.

import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { wallMilliseconds } from '../base/clock.ts';
import { randomFrom, type Random } from '../base/random.ts';
import { resultSchema } from '../experiment/result.ts';
import { ended, isOver, isThere, placesOf, signal } from './processes.ts';
import {
  committedIn,
  lookAt,
  openGround,
  phaseOf,
  phases,
  progressOf,
  smallRun,
  type Before,
  type Phase,
} from './torture-ground.ts';

export type Victim = 'run' | 'worker' | 'browser';

/** What was done to whom, and where the run was then. */
export interface Hit {
  readonly workers: number;
  readonly victim: Victim;
  /** Killed; or stopped beyond the lease, and then woken where it is the run. */
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  readonly phase: Phase;
  /** Whether the moment was that of a write to the record. */
  readonly atWrite: boolean;
}

export interface TortureReport {
  readonly visitors: number;
  readonly leaseSeconds: number;
  readonly hits: readonly Hit[];
  /** Sessions that stood in the record a moment before a hit, and were gone after it. */
  readonly lost: number;
  /** Sessions that a result counts beyond those of the plan. */
  readonly twice: number;
  /** Looks at the record after a hit, and what a check of it complained of, in words. */
  readonly looks: number;
  readonly broken: readonly string[];
  readonly runs: readonly { workers: number; hits: number; isSame: boolean; failed: number }[];
  /** Processes that were still there when every run had ended. */
  readonly leftOver: number;
  readonly seconds: number;
}

export interface TortureSettings {
  readonly kills: number;
  readonly stops: number;
  readonly visitors: number;
  readonly seed: number;
  readonly workers: readonly number[];
  /** Wall time after which no other hit is dealt; what was reached is told. */
  readonly minutes?: number | undefined;
  log(line: string): void;
}

const leaseSeconds = 12;
/** Lives of a run that are broken off; then it is left alone, so that it comes to its end. */
const mostLives = 8;
/** Workers that a life may lose: over a third one a journey would be given up, which is another contest. */
const mostWorkersLost = 2;
/** Workers and browsers that are hit in one life, before the run is. */
const mostOthers = 4;
const beatMs = 15;

/** Hits until so many kills and stops have hit, in turns of runs with each number of workers. */
export async function tortureContest(settings: TortureSettings): Promise<TortureReport> {
  const { visitors, log } = settings;
  const started = wallMilliseconds();
  const ground = openGround();
  const random = randomFrom('torture', settings.seed);
  ground.declare(smallRun(visitors, { name: 'torture', question: 'Is anything lost?' }));
  const start = (name: string, workers: number): ChildProcess => {
    const isBegun = existsSync(join(ground.root, name, 'run.json'));
    const verb = isBegun ? ['resume', name] : ['run', 'torture.mjs', '--out', name];
    return ground.start([...verb, '--workers', String(workers), '--lease', String(leaseSeconds)]);
  };
  try {
    const whole = join(ground.root, 'whole');
    await ended(ground.start(['run', 'torture.mjs', '--out', 'whole']));
    const undisturbed = lookAt(whole);
    log(`undisturbed: ${undisturbed.sessions} of ${undisturbed.planned} sessions`);
    const hits: Hit[] = [];
    const runs: TortureReport['runs'][number][] = [];
    const broken: string[] = [];
    let [lost, twice, looks] = [0, 0, 0];
    const count = (name: Hit['signal']): number => hits.filter((hit) => hit.signal === name).length;
    const isLate = (): boolean => wallMilliseconds() - started > 60_000 * (settings.minutes ?? Infinity);
    const isDone = (): boolean =>
      isLate() || (count('SIGKILL') >= settings.kills && count('SIGSTOP') >= settings.stops);
    while (!isDone()) {
      const workers = settings.workers[runs.length % settings.workers.length]!;
      const name = `run-${runs.length}`;
      const folder = join(ground.root, name);
      const hitsBefore = hits.length;
      const known = new Set<string>();
      for (let life = 1; !existsSync(join(folder, 'result.json')); life++) {
        const before = progressOf(folder);
        const child = start(name, workers);
        const goal = { stop: count('SIGSTOP') < settings.stops, kill: count('SIGKILL') < settings.kills };
        const own =
          life > mostLives || isDone() ? [] : await hitLife({ child, folder, before, known }, goal, random);
        for (const hit of own) {
          hits.push({ workers, ...hit });
          log(
            `${count('SIGKILL')} kills, ${count('SIGSTOP')} stops: ${hit.signal} of ${hit.victim} in ${name} (${workers} workers), ${hit.phase}${hit.atWrite ? ', at a write' : ''}`,
          );
        }
        const end = await ended(child);
        if (!existsSync(join(folder, 'events.sqlite'))) continue;
        const found = lookAt(folder);
        looks += 1;
        broken.push(...found.broken.map((words) => `${name}, life ${life} (ended by ${end}): ${words}`));
        lost += [...known].filter((key) => !found.keys.has(key)).length;
        for (const key of found.keys) known.add(key);
      }
      twice += Math.max(0, countedIn(folder) - undisturbed.planned);
      const { digest, failed } = lookAt(folder);
      const isSame = digest === undisturbed.digest;
      runs.push({
        workers,
        hits: hits.length - hitsBefore,
        isSame,
        failed: Object.values(failed).reduce((sum, one) => sum + one, 0),
      });
      log(
        `${runs.length} runs; ${lost} lost, ${twice} twice, ${broken.length} broken; ${name} ${isSame ? 'is' : 'IS NOT'} the undisturbed one ${JSON.stringify(failed)}`,
      );
    }
    // Browsers whose worker was killed notice it by themselves.
    await pause(5000);
    const leftOver = ground.processes().length;
    const seconds = (wallMilliseconds() - started) / 1000;
    return { visitors, leaseSeconds, hits, lost, twice, looks, broken, runs, leftOver, seconds };
  } finally {
    await ground.clear();
  }
}

type Blow = Omit<Hit, 'workers'>;

/** A process that has a run, and how far the run had come before. */
interface Life {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly before: Before;
  /** Keys of the sessions that were seen in the record; what stands there before a hit is added. */
  readonly known: Set<string>;
}

/** Sessions of all arms by the result of a run that has ended. */
function countedIn(folder: string): number {
  const { arms } = resultSchema.parse(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')));
  return arms.reduce((sum, { sessions }) => sum + sessions, 0);
}

/** What happens in one life of a run: it is hit before it has come to sessions; or some of its workers and browsers are, then it. */
async function hitLife(
  life: Life,
  goal: { readonly stop: boolean; readonly kill: boolean },
  random: Random,
): Promise<Blow[]> {
  const blows: Blow[] = [];
  const strike = async (victim: Victim, name: Hit['signal'], aim: Phase): Promise<void> => {
    const blow = await hit(life, victim, name, aim, random);
    if (blow !== null) blows.push(blow);
  };
  const aim = aimFor(random);
  if (goal.kill && phases.indexOf(aim) < phases.indexOf('sessions')) {
    await strike('run', 'SIGKILL', aim);
    return blows;
  }
  for (let others = 1 + random.integer(mostOthers); others > 0; others--) {
    const lost = blows.filter(({ victim }) => victim === 'worker').length;
    const victim = lost < mostWorkersLost && random.uniform() < 0.6 ? 'worker' : 'browser';
    const name = goal.stop && victim === 'worker' && random.uniform() < 0.3 ? 'SIGSTOP' : 'SIGKILL';
    await strike(victim, name, random.uniform() < 0.2 ? 'workers starting' : 'sessions');
  }
  if (goal.stop && random.uniform() < 0.15) await strike('run', 'SIGSTOP', 'sessions');
  if (goal.kill) await strike('run', 'SIGKILL', aim);
  return blows;
}

/** Most hits are meant for where sessions are lived and recorded; none is left out. */
function aimFor(random: Random): Phase {
  const draw = random.uniform();
  if (draw < 0.1) return 'starting';
  if (draw < 0.2) return 'making arms';
  if (draw < 0.3) return 'workers starting';
  return draw < 0.85 ? 'sessions' : 'ending';
}

/** Milliseconds within which a moment of a phase is drawn. */
const within: Readonly<Record<Phase, number>> = {
  starting: 1500,
  'making arms': 1000,
  'workers starting': 2500,
  sessions: 500,
  ending: 700,
};

/**
 * Waits for the phase and a random moment in it, and strikes; null where the run was over before, or the victim is not
 * there. A stop is waited out: a worker until it was given up for lost, the run until it was woken.
 */
async function hit(
  { child, folder, before, known }: Life,
  victim: Victim,
  name: Hit['signal'],
  aim: Phase,
  random: Random,
): Promise<Blow | null> {
  const pid = child.pid!;
  const wanted = progressOf(folder).sessions + random.integer(4);
  const isReached = (): boolean => {
    const phase = phaseOf(folder, pid, before);
    const isFarEnough = aim !== 'sessions' || phase !== 'sessions' || progressOf(folder).sessions >= wanted;
    return phases.indexOf(phase) >= phases.indexOf(aim) && isFarEnough;
  };
  while (!isReached()) {
    if (isOver(child)) return null;
    await pause(beatMs);
  }
  const atWrite = aim === 'sessions' && random.uniform() < 0.4 && (await write(folder, child));
  await pause(random.uniform() * (atWrite ? 4 : within[aim]));
  if (isOver(child)) return null;
  const places = placesOf(pid);
  const among = victim === 'run' ? [pid] : victim === 'worker' ? places.workers : places.browsers;
  const struck = among[random.integer(Math.max(1, among.length))];
  if (struck === undefined) return null;
  const phase = phaseOf(folder, pid, before);
  for (const key of committedIn(folder)) known.add(key);
  if (!signal(struck, name)) return null;
  if (name === 'SIGSTOP') await waitOut(child, victim, struck);
  return { victim, signal: name, phase, atWrite };
}

async function waitOut(child: ChildProcess, victim: Victim, pid: number): Promise<void> {
  if (victim === 'run') {
    await pause(1.25 * leaseSeconds * 1000);
    signal(pid, 'SIGCONT');
    return;
  }
  const most = wallMilliseconds() + 2 * leaseSeconds * 1000;
  while (!isOver(child) && isThere(pid) && wallMilliseconds() < most) await pause(100);
  // A run that has ended in the meantime leaves nobody who would give it up.
  signal(pid, 'SIGCONT');
}

/** Waits for the next write to the record; false if none comes within seconds. */
async function write(folder: string, child: ChildProcess): Promise<boolean> {
  const log = join(folder, 'events.sqlite-wal');
  if (!existsSync(log) || isOver(child)) return false;
  const watching = new AbortController();
  const written = new Promise<boolean>((resolve) => {
    watch(log, { signal: watching.signal }, () => resolve(true)).on('error', () => resolve(false));
  });
  try {
    return await Promise.race([written, pause(8000).then(() => false)]);
  } finally {
    watching.abort();
  }
}
