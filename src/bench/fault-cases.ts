// The cases of the contest of faults in which the machine under a run goes wrong: each runs the small scenario while one thing goes wrong on purpose, goes on with
// it by resume where the run had to end, and tells what became of it. What must hold of every one is judged in faults.ts.

import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { killBrowsers } from '../../sandbox/camera-process.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { makeFolder } from '../base/make-folder.ts';
import { catalogueRoot, readCatalogue } from '../catalogue/folder.ts';
import { createRunFolder } from '../experiment/folder.ts';
import { runScenario } from '../experiment/run.ts';
import { parseScenario } from '../experiment/scenario.ts';
import { openDatabase } from '../store/database.ts';
import { rowOf, words, type FaultCase, type Field } from './fault-row.ts';
import { isOver, signal } from './processes.ts';
import { hasRedis, openRedis } from './redis-server.ts';
import { lookAt, progressOf, smallRun, tinyName } from './torture-ground.ts';

/** Waits until so many sessions are recorded; false where the process ended before. */
async function recorded(path: string, sessions: number, child: ChildProcess): Promise<boolean> {
  while (progressOf(path).sessions < sessions) {
    if (isOver(child)) return false;
    await pause(20);
  }
  return true;
}

/**
 * The run's folder lies on a disk of 1.5 MB; when it is full, the disk is made larger and the run gone on with. Then it is
 * filled again, so that the record and the result find room and the report does not.
 */
export const diskFull: FaultCase = async (field) => {
  const disk = join(field.ground.root, 'disk');
  makeFolder(disk);
  const size = (kilobytes: number): string => `size=${Math.ceil(kilobytes)}k`;
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size(1536), 'tmpfs', disk]);
  if (mounted.status !== 0) return 'disk full: no tmpfs can be mounted here';
  const resize = (kilobytes: number) => spawnSync('mount', ['-o', `remount,${size(kilobytes)}`, disk]);
  try {
    const path = join(disk, 'run');
    const report = join(path, 'report.html');
    const resumed = async (): Promise<string> => words(await field.ground.ask(['resume', path]).told);
    const full = await field.ground.ask(['run', 'small.mjs', '--out', path]).told;
    const kept = lookAt(path);
    resize(roomy);
    const ends = [words(full)];
    if (full.status !== 'complete') ends.push(await resumed());
    const lost = [...kept.keys].filter((key) => !lookAt(path).keys.has(key)).length;
    const wrong = [...kept.broken, ...(lost > 0 ? [`${lost} committed sessions lost`] : [])];
    if (existsSync(report)) {
      const { blocks, bavail, bsize } = statfsSync(disk);
      const { size: bytes } = statSync(report);
      rmSync(report);
      resize(((blocks - bavail) * bsize - bytes / 2) / 1024);
      ends.push(await resumed());
      const pieces = readdirSync(path).filter((name) => name.includes('report.html'));
      if (!ends.at(-1)!.includes('report.html')) wrong.push('the report found room');
      if (pieces.length > 0) wrong.push(`left half written: ${pieces.join(', ')}`);
      resize(roomy);
      ends.push(await resumed());
    }
    return rowOf(field, path, {
      fault: 'disk full',
      done: `a disk of 1.5 MB was full after ${kept.keys.size} sessions; made larger; full again at the report; made larger`,
      ends,
      wrong,
    });
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
};
const roomy = 256 * 1024;

const screensBetweenKills = 20;

/** The browser is killed after every 20 screens that it has taken. */
export const browserKilled: FaultCase = async (field) => {
  const scenario = parseScenario(smallRun(field.visitors), 'the small scenario');
  const folder = createRunFolder(join(field.ground.root, 'browser'), scenario, {
    program: '0',
    started: '2026-01-01T00:00:00.000Z',
    force: false,
  });
  const studio = await openStudio();
  let kills = 0;
  try {
    const result = await runScenario({
      scenario,
      catalogue: readCatalogue(tinyName, join(field.ground.root, catalogueRoot)),
      folder,
      studio: {
        ...studio,
        capture: async (html) => {
          const screen = await studio.capture(html);
          if (studio.statistics().captured >= (kills + 1) * screensBetweenKills) {
            kills += 1;
            killBrowsers();
          }
          return screen;
        },
      },
      interrupted: new AbortController().signal,
      log: () => undefined,
      progress: () => undefined,
    });
    const { captured, browsers } = studio.statistics();
    return rowOf(field, folder.path, {
      fault: 'browser killed',
      done: `${kills} kills, one after every ${screensBetweenKills} of ${captured} screens; ${browsers} browsers`,
      ends: [result.reason === '' ? result.status : `${result.status}: ${result.reason}`],
      wrong: kills === 0 ? ['too few screens for a kill'] : [],
    });
  } finally {
    await studio.close();
  }
};

/** Another program holds the record, first for less than the writer's patience of 5 s, then for more. */
export const recordLocked: FaultCase = async (field) => {
  const path = join(field.ground.root, 'locked');
  const { child, told } = field.ground.ask(['run', 'small.mjs', '--out', path]);
  for (const [sessions, milliseconds] of [
    [2, 2000],
    [4, 9000],
  ] as const) {
    if (!(await recorded(path, sessions, child))) break;
    const database = openDatabase(join(path, 'events.sqlite'));
    database.exec('BEGIN IMMEDIATE');
    await pause(milliseconds);
    database.exec('ROLLBACK');
    database.close();
  }
  const ends = [words(await told)];
  if (ends[0] !== 'complete') ends.push(words(await field.ground.ask(['resume', path]).told));
  return rowOf(field, path, {
    fault: 'record locked',
    done: 'held by another program for 2 s, then for 9 s',
    ends,
  });
};

/** SIGTERM, SIGHUP and SIGINT, each to one life of the run. */
export const signalled: FaultCase = async (field) => {
  const path = join(field.ground.root, 'signalled');
  const ends: string[] = [];
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    const { child, told } = field.ground.ask(
      existsSync(path) ? ['resume', path] : ['run', 'small.mjs', '--out', path],
    );
    if (await recorded(path, progressOf(path).sessions + 1, child)) signal(child.pid!, name);
    ends.push(words(await told));
  }
  ends.push(words(await field.ground.ask(['resume', path]).told));
  return rowOf(field, path, { fault: 'SIGTERM, SIGHUP, SIGINT', done: 'one to each of three lives', ends });
};

/** A run of two workers with a module of this folder loaded before each of its processes, and what those noted. */
async function underLoaded(
  field: Field,
  name: string,
  module: string,
): Promise<{ path: string; ends: string[]; notes: string[] }> {
  const path = join(field.ground.root, name);
  const notes = join(field.ground.root, `${name}.txt`);
  writeFileSync(notes, '');
  const { told } = field.ground.ask(['run', 'small.mjs', '--out', path, '--workers', '2', '--lease', '30'], {
    NODE_OPTIONS: `--import=${new URL(module, import.meta.url)}`,
    REHEARSAL_NOTES: notes,
  });
  const ends = [words(await told)];
  return { path, ends, notes: readFileSync(notes, 'utf8').split('\n').filter(Boolean) };
}

/** The wall clock of the run and its two workers jumps by an hour, forward and back. */
export const clockJump: FaultCase = async (field) => {
  const { path, ends, notes } = await underLoaded(field, 'clock', './jumping-clock.ts');
  const again = progressOf(path).token - field.visitors;
  return rowOf(field, path, {
    fault: 'clock jump',
    done: `an hour forward and back every second; ${notes.length} jumps read by ${new Set(notes).size} of 3 processes`,
    ends,
    wrong: [
      ...(notes.length === 0 ? ['nobody read the clock'] : []),
      ...(again > 0 ? [`${again} journeys given out again`] : []),
    ],
  });
};

/** One of two workers uses up its memory after its first session, and V8 ends it. */
export const workerOutOfMemory: FaultCase = async (field) => {
  const { path, ends, notes } = await underLoaded(field, 'memory', './starved-worker.ts');
  return rowOf(field, path, {
    fault: 'worker out of memory',
    done: `one of 2 workers used up its heap after its first session: ${notes.join(', ')}`,
    ends,
    wrong: notes.some((end) => ['SIGABRT', 'SIGTRAP', 'SIGILL', 'exit code 134'].includes(end))
      ? []
      : ['V8 did not end it'],
  });
};

/** Redis is killed and comes back without its memory, twice, under two workers; one of them is stopped beyond its lease and woken. */
export const redisKilled: FaultCase = async (field) => {
  if (!hasRedis()) return 'Redis killed: redis-server is not installed';
  const path = join(field.ground.root, 'redis');
  const redis = await openRedis(field.ground.root);
  const lease = 10;
  try {
    const workers = [1, 2].map(() =>
      field.ground.start(['work', '--queue', redis.url, '--runs', field.ground.root]),
    );
    const { child, told } = field.ground.ask([
      ...['run', 'small.mjs', '--out', path],
      ...['--queue', redis.url, '--lease', String(lease)],
    ]);
    let restarts = 0;
    const from = Math.floor(field.visitors / 2);
    if (await recorded(path, from, child)) {
      signal(workers[0]!.pid!, 'SIGSTOP');
      await redis.restart();
      restarts += 1;
      await pause(1.5 * lease * 1000);
      signal(workers[0]!.pid!, 'SIGCONT');
    }
    if (await recorded(path, from + 3, child)) {
      await redis.restart();
      restarts += 1;
    }
    const end = words(await told);
    for (const worker of workers) worker.kill('SIGKILL');
    return rowOf(field, path, {
      fault: 'Redis killed',
      done: `${restarts} times, back without its memory, under 2 workers, one of which was stopped for ${1.5 * lease} s`,
      ends: [end],
    });
  } finally {
    redis.close();
  }
};
