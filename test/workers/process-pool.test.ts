// Sessions lived in other processes are the same sessions, also when those processes are killed or stopped.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { Scenario } from '../../src/experiment/scenario.ts';
import { openProcessPool, type ProcessPool } from '../../src/workers/process-pool.ts';
import { folderFor, small, temporaryFolder, writeTiny } from '../experiment/small.ts';
import { expectSameRun, type Recorded } from './same-run.ts';

const root = temporaryFolder();
const catalogue = writeTiny(root.path);
/** Every worker process builds the experiment for itself, so the visits are short; there is a journey for each of eight. */
const scenario = small({
  catalogue: catalogue.name,
  population: { visitors: 8, minimumHistory: 10 },
  site: { pages: 1 },
});
let studio: Studio;
let alone: Recorded;

/** Runs in a new folder with a pool of processes, or in this process; `disturb` may do harm meanwhile. */
async function run(
  name: string,
  pool?: { workers: number; leaseMs?: number; disturb?: (pool: ProcessPool, done: number) => void },
  asked: Scenario = scenario,
): Promise<{ folder: RunFolder; result: Result; log: string[] }> {
  const folder = folderFor(root.path, name, asked);
  const log: string[] = [];
  let opened: ProcessPool | undefined;
  const result = await runScenario({
    scenario: asked,
    catalogue,
    folder,
    studio,
    interrupted: new AbortController().signal,
    log: (line) => log.push(line),
    progress: ({ done }) => {
      if (opened !== undefined) pool?.disturb?.(opened, done);
    },
    ...(pool === undefined
      ? {}
      : {
          openPool: async (hiring) => {
            const { workers, leaseMs = 60_000 } = pool;
            opened = openProcessPool({ hiring, workers, leaseMs });
            return opened;
          },
        }),
  });
  return { folder, result, log };
}

const expectSame = (run: Recorded): void => expectSameRun(run, alone);

/** Workers look for catalogues where they are started. */
const home = process.cwd();
beforeAll(async () => {
  process.chdir(root.path);
  studio = await openStudio();
  alone = await run('alone');
});
afterAll(async () => {
  await studio.close();
  process.chdir(home);
  root.remove();
});

it('eight processes, one for each journey, live the same sessions as this one', async () => {
  const alive = new Set<number>();
  const disturb = (pool: ProcessPool): void => pool.processes().forEach((pid) => alive.add(pid));
  expectSame(await run('eight', { workers: 8, disturb }));
  expect(alive.size).toBe(8);
});

it('a worker that is killed and one that is stopped beyond its lease are lost, and nothing else is', async () => {
  const harmed = new Set<string>();
  const disturbed = await run('disturbed', {
    workers: 2,
    leaseMs: 5_000,
    disturb: (pool, done) => {
      // Those that have worked longest come first: they are ready, and held to the lease.
      const [first] = pool.processes();
      if (done >= 2 && !harmed.has('killed') && first !== undefined) {
        harmed.add('killed');
        process.kill(first, 'SIGKILL');
      } else if (done >= 4 && !harmed.has('stopped') && first !== undefined) {
        harmed.add('stopped');
        process.kill(first, 'SIGSTOP');
      }
    },
  });
  expect([...harmed]).toEqual(['killed', 'stopped']);
  expect(disturbed.log.join('\n')).toMatch(/worker \d+ \(process \d+\) ended by SIGKILL/);
  expect(disturbed.log.join('\n')).toMatch(/worker \d+ \(process \d+\) was silent for 5 s/);
  expectSame(disturbed);
});

it('a worker that has another catalogue than the run is refused by name', async () => {
  const [first, ...others] = catalogue.interactions;
  const folder = folderFor(root.path, 'other', scenario);
  const running = runScenario({
    scenario,
    catalogue: { ...catalogue, interactions: [{ ...first!, value: first!.value - 0.5 }, ...others] },
    folder,
    studio,
    interrupted: new AbortController().signal,
    log: () => undefined,
    progress: () => undefined,
    openPool: async (hiring) => openProcessPool({ hiring, workers: 1 }),
  });
  await expect(running).rejects.toThrow(/worker 1 .*catalogue histories: was [0-9a-f]{16}, is/s);
});

it('a pool that is closed leaves no process behind', async () => {
  const pool = openProcessPool({
    hiring: { run: 'x', scenario, folder: root.path, versions: {} },
    workers: 1,
  });
  const told = { leased: () => 1, heard: () => undefined, ended: () => undefined, halted: () => false };
  const lost = expect(
    pool.live({ visitor: 'nobody', burnIn: [], chains: [] }, new Set(), told),
  ).rejects.toThrow('the pool was closed');
  const [pid] = pool.processes();
  pool.close();
  await lost;
  for (;;) {
    try {
      process.kill(pid!, 0);
      await pause(20);
    } catch {
      break;
    }
  }
});
