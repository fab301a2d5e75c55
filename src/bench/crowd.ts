// The contest of the crowd: how many workers one coordinator serves through the queue. The workers are light ones
// (crowd-worker.ts) that only speak; the coordinator is the real one: pool, driver, ledger, record on disk, and a real
// Redis. In the last row a part of the crowd is killed half way.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { planOf } from '../experiment/assign.ts';
import { driveSessions } from '../experiment/drive.ts';
import { scenarioHash } from '../experiment/folder.ts';
import { parseScenario } from '../experiment/scenario.ts';
import { checkRecord } from '../store/check.ts';
import { closeRecord, openDatabase } from '../store/database.ts';
import { openLedger } from '../store/ledger.ts';
import { writer } from '../store/write.ts';
import { openQueuePool } from '../workers/queue-pool.ts';
import { table, type Section } from './page.ts';
import { openRedis } from './redis-server.ts';

export interface CrowdRow {
  readonly workers: number;
  /** Seconds that a session takes its worker; each has two under way. */
  readonly sessionSeconds: number;
  readonly killed: number;
  readonly sessions: number;
  readonly seconds: number;
  /** Sessions recorded a second, over the middle four fifths of them. */
  readonly perSecond: number;
  /** What the workers would make if nobody kept them waiting. */
  readonly offered: number;
  /** Processor milliseconds of the coordinator a session, Redis not included: what a busy machine cannot stretch. */
  readonly processorMs: number;
  readonly lost: number;
  readonly twice: number;
  readonly failed: number;
  readonly late: number;
  readonly broken: readonly string[];
}

export interface CrowdReport {
  readonly rows: readonly CrowdRow[];
  readonly load: number;
}

export interface CrowdSetting {
  readonly workers: number;
  readonly sessionSeconds: number;
  readonly sessions: number;
  /** Share of the processes of workers that is killed half way. */
  readonly killed?: number;
}

export const crowdSettings: readonly CrowdSetting[] = [
  { workers: 10, sessionSeconds: 2, sessions: 200 },
  { workers: 100, sessionSeconds: 2, sessions: 1000 },
  { workers: 1000, sessionSeconds: 20, sessions: 4000 },
  { workers: 1000, sessionSeconds: 20, sessions: 4000, killed: 0.25 },
];

const processes = 4;
const leaseMs = 20_000;

/** Needs redis-server. */
export async function crowdContest(settings: {
  readonly settings?: readonly CrowdSetting[];
  log(line: string): void;
}): Promise<CrowdReport> {
  const rows: CrowdRow[] = [];
  for (const setting of settings.settings ?? crowdSettings) {
    const row = await crowdRow(setting);
    settings.log(JSON.stringify(row));
    rows.push(row);
  }
  return { rows, load: loadavg()[0]! };
}

async function crowdRow({ workers, sessionSeconds, sessions, killed = 0 }: CrowdSetting): Promise<CrowdRow> {
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-crowd-'));
  const redis = await openRedis(place);
  const crowd: ChildProcess[] = [];
  const database = openDatabase(join(place, 'events.sqlite'));
  try {
    const program = new URL('./crowd-worker.ts', import.meta.url);
    const each = Math.ceil(workers / processes);
    for (let left = workers; left > 0; left -= each)
      crowd.push(fork(program, [redis.url, String(Math.min(each, left)), String(1000 * sessionSeconds)]));
    await Promise.all(crowd.map((child) => once(child, 'message')));

    const visitors = Array.from({ length: sessions / 2 }, (_, index) => `v${index}`);
    const scenario = parseScenario(
      {
        name: 'crowd',
        question: 'How many workers does one coordinator serve?',
        arms: [
          { name: 'popularity', method: 'popularity' },
          { name: 'chance', method: 'random' },
        ],
        population: { visitors: visitors.length },
        // Its light workers photograph nothing.
        keepScreens: 0,
      },
      'the scenario of the crowd',
    );
    const record = writer(database);
    record.setRun('scenario', scenario);
    database.transaction(() => {
      for (const id of visitors)
        record.saveVisitor({ id, activity: 'low', diversity: 'low', conformity: 'low', profile: { id } });
    })();
    const plan = planOf(scenario, visitors);
    const hiring = { run: 'crowd', scenario, folder: place, versions: {} };
    const pool = await openQueuePool({ hiring, url: redis.url, leaseMs, log: () => undefined });
    const began = wallMilliseconds();
    const used = process.cpuUsage();
    const times: number[] = [];
    let dead = 0;
    const driven = await driveSessions({
      scenario,
      plan,
      recorded: new Map(),
      ledger: openLedger(database, record, plan, scenarioHash(scenario)),
      pool,
      interrupted: new AbortController().signal,
      look: () => {
        throw new Error('defect: a run without looks was looked at');
      },
      // Made-up sessions are none of a mind.
      strangeness: () => null,
      givenUp: (_planned, reason) => {
        throw new Error(`a journey of the crowd was given up: ${reason}`);
      },
      log: () => undefined,
      progress: ({ done }) => {
        times[done] = wallMilliseconds();
        if (done < sessions / 2 || dead > 0 || killed === 0) return;
        const doomed = crowd.slice(0, Math.round(killed * crowd.length));
        for (const child of doomed) child.kill('SIGKILL');
        dead = doomed.length * each;
      },
    });
    const { user, system } = process.cpuUsage(used);
    const seconds = (wallMilliseconds() - began) / 1000;
    await pool.close();
    const one = (sql: string): number => Number(database.prepare(sql).pluck().get());
    const recorded = one('SELECT count(*) FROM sessions');
    const cells = one('SELECT count(*) FROM (SELECT DISTINCT visitor, arm, replicate FROM sessions)');
    const [from, to] = [Math.floor(0.1 * sessions), Math.floor(0.9 * sessions)];
    return {
      workers,
      sessionSeconds,
      killed: dead,
      sessions,
      seconds,
      perSecond: (1000 * (to - from)) / (times[to]! - times[from]!),
      offered: (2 * workers) / sessionSeconds,
      processorMs: (user + system) / 1e3 / sessions,
      lost: plan.length - cells,
      twice: recorded - cells,
      failed: one("SELECT count(*) FROM sessions WHERE status = 'failed'"),
      late: driven.late,
      broken: checkRecord(database, place).flatMap(({ name, isOk, detail }) =>
        isOk ? [] : [`${name}: ${detail}`],
      ),
    };
  } finally {
    for (const child of crowd) child.kill('SIGKILL');
    closeRecord(database);
    redis.close();
    rmSync(place, { recursive: true, force: true });
  }
}

export function crowdSection({ rows, load }: CrowdReport, command: string): Section {
  const broken = rows.flatMap((row) => row.broken);
  return {
    name: 'crowd',
    command,
    lines: [
      `Light workers that only speak the protocol, two errands each, against the real coordinator and a Redis on the same machine, which had a load of ${load.toFixed(0)}. ${broken.length} complaints at ${rows.length} checks of the record.`,
      '',
      ...table(
        [
          'workers',
          'a session takes',
          'killed half way',
          'sessions',
          'seconds',
          'offered a second',
          'recorded a second',
          'coordinator, processor ms a session',
          'lost',
          'twice',
          'failed',
          'late, refused',
        ],
        rows.map((row) => [
          String(row.workers),
          `${row.sessionSeconds} s`,
          String(row.killed),
          String(row.sessions),
          row.seconds.toFixed(0),
          row.offered.toFixed(0),
          row.perSecond.toFixed(1),
          row.processorMs.toFixed(2),
          String(row.lost),
          String(row.twice),
          String(row.failed),
          String(row.late),
        ]),
      ),
      ...broken.map((words) => `- ${words}`),
    ],
  };
}
