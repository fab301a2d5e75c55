// Faults have names, and each name its rule: what is tried again, what is failed, what stops the run.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BrowserError } from '../../sandbox/browser-error.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { RehearsalError } from '../../src/base/error.ts';
import { planOf, type Journey } from '../../src/experiment/assign.ts';
import { driveSessions, type Driven } from '../../src/experiment/drive.ts';
import { failureWatch, faultKind, pauseAfterReturns, pausesAfter } from '../../src/experiment/faults.ts';
import { JourneyReturned, WorkerLost, type Told } from '../../src/experiment/pool.ts';
import { ArmError } from '../../src/recommend/recommender.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { EndedSession } from '../../src/store/ledger.ts';
import { sessionsOf } from '../../src/store/read.ts';
import { sessionKey, type SessionRecord } from '../../src/store/session.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { sampleSession, timedOut } from '../store/sample.ts';
import { catalogue, folderFor, popularityArm, runIn, small, temporaryFolder } from './small.ts';

describe('a fault', () => {
  it('is named by its class and never by its words', () => {
    expect(faultKind(new BrowserError('gone'))).toBe('browser');
    expect(faultKind(new ArmError('short-slate', 'the browser closed'))).toBe('short-slate');
    expect(faultKind(new RehearsalError('Target closed'))).toBe('site');
    const defect = new Error('Protocol error: browser page closed');
    expect(() => faultKind(defect)).toThrow(defect);
    const full = new StoreError('disk-full', 'no room', { hint: '' });
    expect(() => faultKind(full)).toThrow(full);
  });

  it('that may pass is tried again, one that would come again is not', () => {
    expect(pausesAfter('browser')).toHaveLength(1);
    for (const kind of ['error', 'timeout']) expect(pausesAfter(kind)).toHaveLength(2);
    for (const kind of ['short-slate', 'unknown-item', 'malformed', 'site', 'refused'])
      expect(pausesAfter(kind)).toEqual([]);
  });
});

describe('a run stops itself', () => {
  it('when an arm has 20 failures that are more than half of its sessions, and says which and why', () => {
    const watch = failureWatch();
    const ended = (arm: string, isFailed: boolean): string | null =>
      watch({
        arm,
        status: isFailed ? 'failed' : 'complete',
        failureKind: isFailed ? 'timeout' : null,
        failureMessage: isFailed ? 'too slow' : null,
      });
    for (let count = 0; count < 30; count++) expect(ended('sound', count % 2 === 0)).toBeNull();
    for (let count = 0; count < 19; count++) expect(ended('slow', true)).toBeNull();
    expect(ended('slow', true)).toBe(
      "20 of the first 20 sessions of arm slow failed, the last by 'timeout': too slow",
    );
  });
});

describe('the driver', () => {
  const scenario = small({ population: { visitors: 30, minimumHistory: 10 } });
  const plan = planOf(
    scenario,
    Array.from({ length: 30 }, (_, index) => `v${index}`),
  );
  /** Drives a plan through a pool and a ledger that are made up. */
  const drive = async (
    live: (visitor: string, told: Told, journey: Journey, recorded: ReadonlySet<string>) => Promise<void>,
    commit: (ended: EndedSession) => 'saved' | 'late' = () => 'saved',
    strangeness: (session: SessionRecord) => string | null = () => null,
  ): Promise<{ driven: Driven; saved: EndedSession[]; log: string[] }> => {
    const log: string[] = [];
    const saved: EndedSession[] = [];
    let tokens = 0;
    const driven = await driveSessions({
      scenario,
      plan,
      recorded: new Map(),
      ledger: {
        lease: () => (tokens += 1),
        heard: () => true,
        commit: (_token, ended) => {
          const outcome = commit(ended);
          if (outcome === 'saved') saved.push(ended);
          return outcome;
        },
      },
      pool: { atOnce: 3, live: (journey, recorded, told) => live(journey.visitor, told, journey, recorded) },
      interrupted: new AbortController().signal,
      look: () => {
        throw new Error('no looks are planned');
      },
      strangeness,
      givenUp: (planned, reason) => ({
        session: sampleSession({
          ...planned,
          ...timedOut,
          failureKind: 'worker-lost',
          failureMessage: reason,
        }),
        events: [],
        calls: [],
      }),
      log: (line) => log.push(line),
      progress: () => undefined,
    });
    return { driven, saved, log };
  };
  const liveAll = (visitor: string, told: Told, changes: (arm: string) => object = () => ({})): void => {
    const token = told.leased('here');
    for (const planned of plan.filter((row) => row.visitor === visitor))
      told.ended(token, {
        session: sampleSession({ ...planned, ...changes(planned.arm) }),
        events: [],
        calls: [],
      });
  };

  it('gives on a journey without the visits that failed, which left nothing, and with its own keys alone', async () => {
    const given: { visits: number; recorded: readonly string[] }[] = [];
    const { driven } = await drive(async (visitor, told, journey, recorded) => {
      if (visitor !== 'v3') return liveAll(visitor, told);
      const [first, second] = journey.chains.flat();
      given.push({ visits: journey.chains.flat().length, recorded: [...recorded] });
      const token = told.leased('here');
      if (given.length > 1)
        return void told.ended(token, { session: sampleSession(first!), events: [], calls: [] });
      told.ended(token, { session: sampleSession({ ...second!, ...timedOut }), events: [], calls: [] });
      throw new WorkerLost('worker 1 ended by SIGKILL');
    });
    expect(driven.status).toBe('complete');
    expect(given.map(({ visits }) => visits)).toEqual([2, 1]);
    expect(given.map(({ recorded }) => recorded.length)).toEqual([0, 1]);
    expect(given[1]!.recorded[0]).toContain('v3');
  });

  it('stops a run in which an arm fails over and over, long before its end', async () => {
    const { driven, saved } = await drive(async (visitor, told) =>
      liveAll(visitor, told, (arm) => (arm === 'chance' ? timedOut : {})),
    );
    expect(driven).toMatchObject({ status: 'stopped', reason: expect.stringContaining('arm chance') });
    expect(saved.length).toBeLessThan(60);
  });

  it('gives a journey to another worker when one is lost, and fails what three of them have lost', async () => {
    const lost = new Map<string, number>();
    const { driven, saved } = await drive(async (visitor, told) => {
      const before = lost.get(visitor) ?? 0;
      if (visitor === 'v3' || (visitor === 'v4' && before < 2)) {
        lost.set(visitor, before + 1);
        told.leased('dying');
        throw new WorkerLost('worker 1 ended by SIGKILL');
      }
      liveAll(visitor, told);
    });
    expect(driven.status).toBe('complete');
    expect(lost).toEqual(
      new Map([
        ['v3', 3],
        ['v4', 2],
      ]),
    );
    const failures = saved.filter(({ session }) => session.status === 'failed');
    expect(failures.map(({ session }) => [session.visitor, session.failureKind])).toEqual([
      ['v3', 'worker-lost'],
      ['v3', 'worker-lost'],
    ]);
    expect(saved).toHaveLength(60);
  });

  it('counts losses anew where a session was recorded meanwhile', async () => {
    // Three visits, and a worker that dies after each, twice before the first.
    const deaths = new Map<string, number>();
    const { driven, saved } = await drive(async (visitor, told) => {
      if (visitor !== 'v3') return liveAll(visitor, told);
      const token = told.leased('dying');
      const death = (deaths.get(visitor) ?? 0) + 1;
      deaths.set(visitor, death);
      const planned = plan.filter((row) => row.visitor === visitor)[Math.floor(death / 3) - 1];
      if (death % 3 === 0 && planned !== undefined)
        told.ended(token, { session: sampleSession(planned), events: [], calls: [] });
      throw new WorkerLost('worker 1 ended by SIGKILL');
    });
    expect(driven.status).toBe('complete');
    expect(deaths.get('v3')).toBe(6);
    expect(saved.filter(({ session }) => session.status === 'failed')).toEqual([]);
  });

  it('loses nothing when workers that are asked to leave give a journey back, and waits longer each time', async () => {
    let returns = 0;
    const { driven, saved } = await drive(async (visitor, told) => {
      if (visitor !== 'v3' || returns === 4) return liveAll(visitor, told);
      told.leased('leaving');
      returns += 1;
      throw new JourneyReturned('worker 1 was ended and gave its journey back');
    });
    expect(driven.status).toBe('complete');
    expect(returns).toBe(4);
    expect(saved.filter(({ session }) => session.status === 'failed')).toEqual([]);
    expect([1, 2, 3, 4, 99].map(pauseAfterReturns)).toEqual([0, 250, 500, 1000, 10_000]);
  });

  it('records no session that is not the planned one, and says what is wrong with it', async () => {
    const forged = (visitor: string): boolean => visitor === 'v3';
    const { driven, saved, log } = await drive(
      async (visitor, told) => {
        if (visitor === 'v4') {
          const stranger = sampleSession({ visitor, arm: 'no arm', replicate: 1 });
          told.ended(told.leased('forger'), { session: stranger, events: [], calls: [] });
        }
        liveAll(visitor, told);
      },
      () => 'saved',
      ({ visitor, status }) =>
        forged(visitor) && status !== 'failed' ? 'its seed is 5, planned was 7' : null,
    );
    expect(driven).toMatchObject({ status: 'complete', late: 0 });
    expect(saved).toHaveLength(60);
    const reason = /^refused a session of visitor v3 under \w+: its seed is 5, planned was 7$/;
    const failed = saved.filter(({ session }) => session.status === 'failed');
    expect(failed.map(({ session }) => session.visitor)).toEqual(['v3', 'v3']);
    for (const { session } of failed) expect(session.failureMessage).toMatch(reason);
    expect(log.filter((line) => reason.test(line))).toHaveLength(6);
    expect(log).toContain('refused a session of visitor v4 under no arm: it is not in the plan');
  });

  it('counts a late session as late and as nothing else', async () => {
    let isFirst = true;
    const { driven, saved } = await drive(
      async (visitor, told) => liveAll(visitor, told),
      () => {
        if (!isFirst) return 'saved';
        isFirst = false;
        return 'late';
      },
    );
    expect(driven).toMatchObject({ status: 'complete', late: 1 });
    expect(new Set(saved.map(({ session }) => sessionKey(session))).size).toBe(60);
  });

  it('ends with a defect, and not never, where a session can neither be recorded nor given up', async () => {
    await expect(
      drive(
        async (visitor, told) => liveAll(visitor, told),
        () => 'late',
      ),
    ).rejects.toThrow('neither recorded nor to be recorded');
  });

  it('ends with the fault of the disk, after what is under way has ended', async () => {
    let underway = 0;
    const running = drive(
      async (visitor, told) => {
        underway += 1;
        await Promise.resolve();
        try {
          liveAll(visitor, told);
        } finally {
          underway -= 1;
        }
      },
      () => {
        throw new StoreError('disk-full', 'The record could not be written (SQLITE_FULL).', { hint: '' });
      },
    );
    await expect(running).rejects.toMatchObject({ name: 'StoreError', fault: 'disk-full' });
    expect(underway).toBe(0);
  });
});

it('a recommender that drops requests now and then costs tries and no session, and changes nothing', async () => {
  const ids = catalogue.items.map(({ id }) => id);
  let asked = 0;
  let flaps = true;
  const server = createServer((request, response) => {
    if (request.url === '/health') return response.end('{"status": "ok"}');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked += 1;
      if (flaps && asked % 3 === 1) return response.destroy();
      const { k, exclude } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        k: number;
        exclude: string[];
      };
      const items = ids.filter((id) => !exclude.includes(id)).slice(0, k);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          items: items.map((id) => ({ id, score: 1, propensity: 1 })),
          method: 'served',
          version: '1',
        }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scenario = small({
    arms: [popularityArm, { name: 'served', url, timeoutMs: 120_000 }],
    site: { pages: 1 },
  });
  const root = temporaryFolder();
  const studio = await openStudio();
  try {
    const folder = folderFor(root.path, 'flapping', scenario);
    const flapping = await runIn(folder, scenario, studio);
    flaps = false;
    const sound = await runIn(folderFor(root.path, 'sound', scenario), scenario, studio);
    expect(flapping.arms.map(({ failed: count }) => count)).toEqual([0, 0]);
    expect(flapping.digest).toBe(sound.digest);
    const database = openDatabase(folder.record, { readonly: true });
    const tries = sessionsOf(database).map((session) => session.tries ?? 1);
    database.close();
    expect(Math.max(...tries)).toBeGreaterThan(1);
  } finally {
    server.closeAllConnections();
    server.close();
    await studio.close();
    root.remove();
  }
});
