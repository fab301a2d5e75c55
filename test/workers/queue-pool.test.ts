// Sessions lived through a queue are the same sessions, also when a worker is killed and Redis itself goes and comes
// back without its memory. Redis is started here on a free port; where it is not installed the tests are skipped.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { freePort, hasRedis, openRedis, type RedisServer } from '../../src/bench/redis-server.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { openQueuePool } from '../../src/workers/queue-pool.ts';
import { reachRedis } from '../../src/workers/queue.ts';
import { folderFor, small, temporaryFolder, writeTiny } from '../experiment/small.ts';
import { expectSameRun, type Recorded } from './same-run.ts';

const root = temporaryFolder();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  root.remove();
});

it('an address that is none, and one where nothing answers, are told by name', async () => {
  await expect(reachRedis('http://127.0.0.1')).rejects.toThrow(/Expected the address of Redis/);
  await expect(reachRedis(`redis://127.0.0.1:${await freePort()}`)).rejects.toThrow(/Redis does not answer/);
});

describe.skipIf(!hasRedis())('a run through a queue (skipped where redis-server is not installed)', () => {
  const catalogue = writeTiny(root.path);
  const scenario = small({
    catalogue: catalogue.name,
    population: { visitors: 6, minimumHistory: 10 },
    site: { pages: 1 },
  });
  let studio: Studio;
  let alone: Recorded;
  let redis: RedisServer;
  const workers: ChildProcess[] = [];

  /** Resolves when it stands at the queue. */
  const startWorker = async (): Promise<void> => {
    const program = join(import.meta.dirname, '../../src/cli.ts');
    const words = ['work', '--queue', redis.url, '--runs', root.path];
    const worker = spawn(process.execPath, [program, ...words], {
      cwd: root.path,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(worker);
    workers.push(worker);
    for await (const said of worker.stderr.iterator({ destroyOnReturn: false }))
      if (String(said).includes('waits for errands')) break;
    worker.stderr.resume();
  };
  const run = async (
    name: string,
    disturb?: (done: number) => void,
  ): Promise<{ folder: RunFolder; result: Result; log: readonly string[] }> => {
    const log: string[] = [];
    const folder = folderFor(root.path, name, scenario);
    const result = await runScenario({
      scenario,
      catalogue,
      folder,
      studio,
      interrupted: new AbortController().signal,
      log: (line) => log.push(line),
      progress: ({ done }) => disturb?.(done),
      ...(disturb === undefined
        ? {}
        : {
            openPool: (hiring) =>
              openQueuePool({
                hiring,
                url: redis.url,
                leaseMs: 8_000,
                log: (line) => log.push(line),
              }),
          }),
    });
    return { folder, result, log };
  };
  const expectSame = (run: Recorded): void => expectSameRun(run, alone);

  beforeAll(async () => {
    studio = await openStudio();
    alone = await run('alone');
    redis = await openRedis(root.path);
    await Promise.all([startWorker(), startWorker()]);
  });
  afterAll(async () => {
    await studio.close();
    redis.close();
  });

  it('lives the same sessions, none of them twice, though a worker is killed at its work, and names it', async () => {
    let isKilled = false;
    const disturbed = await run('killed', (done) => {
      if (done < 3 || isKilled) return;
      isKilled = true;
      workers[0]!.kill('SIGKILL');
    });
    expect(isKilled).toBe(true);
    expectSame(disturbed);
    const said = disturbed.log.join('\n');
    expect(said).toContain(`worker ${workers[0]!.pid} on ${hostname()} was silent for 8 s`);
    expect(said).not.toContain('late session');
  });

  it('lives the same sessions, though Redis goes and comes back without its memory', async () => {
    await startWorker();
    let restarted: Promise<void> | undefined;
    const disturbed = await run('restarted', (done) => {
      if (done < 3) return;
      restarted ??= redis.restart();
    });
    await restarted;
    expectSame(disturbed);
  });

  it('a worker that is interrupted ends by itself', async () => {
    const worker = workers.at(-1)!;
    const ended = once(worker, 'exit');
    worker.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
  });
});
