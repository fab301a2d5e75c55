// What coordinator and workers say to each other where something is wrong: an errand or a report that cannot be read, a
// worker that is not set up for the run, one that drops errands or gives them back. No visit is lived here. Redis is
// started on a free port; where it is not installed the tests are skipped.

import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, openRedis, type RedisServer } from '../../src/bench/redis-server.ts';
import { JourneyReturned, type Pool, type Told } from '../../src/experiment/pool.ts';
import type { FromWorker, Hiring } from '../../src/workers/messages.ts';
import { openQueuePool } from '../../src/workers/queue-pool.ts';
import { workAtQueue } from '../../src/workers/queue-worker.ts';
import { openWorkerDesk } from '../../src/workers/queue.ts';
import { small, temporaryFolder } from '../experiment/small.ts';

/** As short as the signs of life of a worker allow. */
const leaseMs = 1200;
const told: Told = { leased: () => 1, heard: () => undefined, ended: () => undefined, halted: () => false };

describe.skipIf(!hasRedis())('at the queue (skipped where redis-server is not installed)', () => {
  const root = temporaryFolder();
  let redis: RedisServer;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    redis = await openRedis(root.path);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => {
    redis.close();
    root.remove();
  });

  /** A pool whose errands are as given; its one journey, and what it logged. */
  const open = async (
    changes: object = {},
  ): Promise<{ pool: Pool; log: string[]; live(): Promise<void>; logged(words: string): Promise<void> }> => {
    const scenario = small({ catalogue: 'nowhere' });
    const hiring: Hiring = { run: 'demo', scenario, folder: root.path, versions: {}, ...changes };
    const log: string[] = [];
    const pool = await openQueuePool({ hiring, url: redis.url, leaseMs, log: (line) => log.push(line) });
    closing.push(() => pool.close());
    return {
      pool,
      log,
      live: () => pool.live({ visitor: 'ann', burnIn: [], chains: [] }, new Set(), told),
      logged: async (words) => {
        while (!log.some((line) => line.includes(words))) await pause(20);
      },
    };
  };
  /** A worker as people start it. */
  const startWorker = (): string[] => {
    const log: string[] = [];
    const controller = new AbortController();
    const work = workAtQueue({
      url: redis.url,
      runs: root.path,
      interrupted: controller.signal,
      log: (line) => log.push(line),
    });
    closing.push(() => (controller.abort(), work));
    return log;
  };
  /** A worker that takes errands and says what it is told to. */
  const startSpeaker = (say: readonly unknown[]): void => {
    const desk = openWorkerDesk(redis.url, 1, {
      work: async ({ coordinator, errand: { token } }, { report }) => {
        for (const message of say)
          await report(coordinator, { worker: 'speaker', token, message: message as FromWorker });
      },
      unreadable: async () => undefined,
    });
    closing.push(() => desk.close());
  };

  it('a worker that cannot serve the run is left out, and the run goes on with another', async () => {
    const { log, live, logged } = await open();
    const refused = startWorker();
    const living = live();
    await logged('is left out of this run');
    startSpeaker([{ type: 'ready' }, { type: 'done', token: 1 }]);
    await living;
    expect(log.filter((line) => line.includes('is left out of this run'))).toHaveLength(1);
    expect(log.join()).toMatch(/worker \d+ on .* is left out of this run: .*nowhere/);
    expect(refused.join()).toMatch(/left out of this run: .*nowhere/);
  });

  it('where nobody else is heard of, the run ends with the reason of the worker left out', async () => {
    const { live } = await open();
    startWorker();
    await expect(live()).rejects.toThrow(
      /^No worker can serve this run\. worker \d+ on .* was left out: .*nowhere/,
    );
  });

  it('an errand whose run lies outside of the folder of runs is refused', async () => {
    const { live, logged } = await open();
    const controller = new AbortController();
    const working = workAtQueue({ url: redis.url, interrupted: controller.signal, log: () => undefined });
    closing.push(() => (controller.abort(), working));
    const living = live().catch(() => undefined);
    await logged(`left out of this run: Expected a run below ${resolve('runs')}`);
    closing.push(() => living);
  });

  it('a worker that cannot read an errand says so, and what it could not read', async () => {
    const { live } = await open({ versions: { browser: 12 } });
    const log = startWorker();
    await expect(live()).rejects.toThrow(
      /was left out: an errand cannot be read, .*another version.*versions\.browser/,
    );
    expect(log.join()).toContain('versions.browser');
  });

  it('an errand that workers drop without a word is given again five times, and then the run ends and says so', async () => {
    const { log, live } = await open();
    startSpeaker([]);
    await expect(live()).rejects.toThrow(
      'The errand of visitor ann went from the queue 6 times and no worker was heard of on it.',
    );
    const again = 'errands went from the queue without a word of a worker; given again: 1, of visitor ann';
    expect(log.filter((line) => line === again)).toHaveLength(5);
  });

  it('a report that cannot be read is told and ends the run', async () => {
    const { log, live } = await open();
    startSpeaker([{ type: 'dance' }]);
    await expect(live()).rejects.toThrow(/^A report of a worker cannot be read: /);
    expect(log.join()).toContain('a report of a worker cannot be read: ');
  });

  it('a journey that is given back is told apart from a lost one', async () => {
    const { live } = await open();
    startSpeaker([{ type: 'returned', token: 1 }]);
    await expect(live()).rejects.toThrow(JourneyReturned);
  });

  it('a worker that reports to thirty coordinators has no more connections than one that reports to one', async () => {
    const client = new Redis(redis.url);
    closing.push(async () => client.disconnect());
    const connections = async (): Promise<number> =>
      String(await client.client('LIST'))
        .trim()
        .split('\n').length;
    const desk = openWorkerDesk(redis.url, 1, {
      work: async () => undefined,
      unreadable: async () => undefined,
    });
    closing.push(() => desk.close());
    const message: FromWorker = { type: 'beat' };
    const send = (name: string): Promise<void> => desk.report(name, { worker: 'speaker', token: 1, message });
    const waiting = (name: string): Promise<number> => client.llen(`bull:rehearsal-results-${name}:wait`);
    await send('c0');
    const withOne = await connections();
    const names = Array.from({ length: 30 }, (_, n) => `c${n + 1}`);
    await Promise.all(names.map(send));
    expect(await connections()).toBe(withOne);
    // What was let go is there again for whoever turns out not to be over, also where a report was on its way.
    const sent = send('c1');
    await desk.clear(async (name) => name !== 'c2');
    await sent;
    await Promise.all(['c1', 'c2'].map(send));
    expect(await Promise.all(['c0', 'c1', 'c2', 'c3'].map(waiting))).toEqual([1, 3, 2, 1]);
    expect(await connections()).toBe(withOne);
  });

  it('where no worker is, the command that starts one is told with the address', async () => {
    const { log, live, logged } = await open();
    const living = live().catch(() => undefined);
    await logged('no worker takes errands');
    expect(log).toContain(`no worker takes errands; start some with: rehearsal work --queue ${redis.url}`);
    closing.push(() => living);
  });
});
