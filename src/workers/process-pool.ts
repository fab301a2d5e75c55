// A pool of worker processes on this machine. A worker that ends or is silent for longer than its lease is lost: it is
// killed, its journeys are given to others, and another is started in its place. What a lost worker has still sent
// is refused by its token. Silence is measured by this process's monotonic clock alone, and only while it listened.

import { fork, type ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { JourneyReturned, WorkerLost, type Pool, type Told } from '../experiment/pool.ts';
import { absence, patienceWith } from './absence.ts';
import { fromWorkerSchema, type FromWorker, type Hiring, type ToWorker } from './messages.ts';
import { errandsAtOnce } from './workbench.ts';

export interface ProcessPool extends Pool {
  /** Process ids of the workers alive. */
  processes(): number[];
  /** Ends the workers; what they have under way is dropped. */
  close(): void;
}

export interface ProcessPoolParts {
  readonly hiring: Hiring;
  readonly workers: number;
  /** Silence after which a worker is lost. */
  readonly leaseMs?: number;
}

interface Underway {
  readonly told: Told;
  done(): void;
  fail(error: Error): void;
}

interface Worker {
  readonly name: string;
  readonly child: ChildProcess;
  readonly errands: Map<number, Underway>;
  heard: number;
  isReady: boolean;
  isHalted: boolean;
}

const defaultLeaseMs = 60_000;
const beatsPerLease = 20;
const looksPerLease = 80;
const program = new URL('./process-worker.ts', import.meta.url);

/** Opens the pool; workers are started when there is work for them. */
export function openProcessPool({
  hiring,
  workers: most,
  leaseMs = defaultLeaseMs,
}: ProcessPoolParts): ProcessPool {
  const workers = new Set<Worker>();
  let started = 0;

  const send = (worker: Worker, message: ToWorker): void => void worker.child.send(message, () => undefined);
  const lose = (worker: Worker, reason: Error): void => {
    if (!workers.delete(worker)) return;
    worker.child.kill('SIGKILL');
    for (const { fail } of worker.errands.values()) fail(reason);
  };
  const hear = (worker: Worker, message: FromWorker): void => {
    worker.heard = wallMilliseconds();
    switch (message.type) {
      case 'beat':
        for (const [token, { told }] of worker.errands) told.heard(token);
        return;
      case 'ready':
        worker.isReady = true;
        return;
      case 'ended':
        worker.errands.get(message.token)?.told.ended(message.token, message.ended);
        return;
      case 'returned':
        return lose(worker, new JourneyReturned(`${worker.name} gave its journey back`));
      case 'done':
        worker.errands.get(message.token)?.done();
        return;
      case 'refused':
      case 'broken':
        return lose(worker, new RehearsalError(`${worker.name}: ${message.message}`, { hint: message.hint }));
      default:
        return message satisfies never;
    }
  };
  const start = (): Worker => {
    started += 1;
    const compiled = getCompileCacheDir();
    const child = fork(program, {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(compiled === undefined ? {} : { env: { ...process.env, NODE_COMPILE_CACHE: compiled } }),
    });
    const name = `worker ${started} (process ${child.pid})`;
    const heard = wallMilliseconds();
    const worker: Worker = { name, child, errands: new Map(), heard, isReady: false, isHalted: false };
    workers.add(worker);
    child.on('message', (message) => {
      try {
        hear(worker, fromWorkerSchema.parse(message));
      } catch (error) {
        // The record could not take it, or it was no message: the run must stop.
        lose(worker, error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.on('error', (error) => lose(worker, new WorkerLost(`${name} failed: ${error.message}`)));
    child.on('exit', (code, signal) =>
      lose(worker, new WorkerLost(`${name} ended by ${signal ?? `exit code ${code}`}`)),
    );
    send(worker, { type: 'hire', hiring, beatMs: Math.ceil(leaseMs / beatsPerLease) });
    return worker;
  };
  /** The worker with the least to do, or a new one while there are fewer than wanted. */
  const freest = (): Worker => {
    const [least] = [...workers].sort((a, b) => a.errands.size - b.errands.size);
    return workers.size < most && (least === undefined || least.errands.size > 0) ? start() : least!;
  };

  const wasAway = absence(leaseMs);
  const watch = setInterval(() => {
    // What was sent meanwhile is still to be heard.
    if (wasAway()) for (const worker of workers) worker.heard = wallMilliseconds();
    for (const worker of workers) {
      const patience = patienceWith(worker, leaseMs);
      if (wallMilliseconds() - worker.heard > patience)
        lose(worker, new WorkerLost(`${worker.name} was silent for ${patience / 1000} s`));
      else if (!worker.isHalted && [...worker.errands.values()].some(({ told }) => told.halted())) {
        worker.isHalted = true;
        send(worker, { type: 'halt' });
      }
    }
  }, leaseMs / looksPerLease);

  return {
    atOnce: most * errandsAtOnce,
    live: (journey, recorded, told) =>
      new Promise<void>((resolve, reject) => {
        const worker = freest();
        const token = told.leased(worker.name);
        const finish = (settle: () => void): void => {
          worker.errands.delete(token);
          settle();
        };
        worker.errands.set(token, {
          told,
          done: () => finish(resolve),
          fail: (error) => finish(() => reject(error)),
        });
        const { visitor, burnIn, chains } = journey;
        send(worker, {
          type: 'errand',
          errand: {
            token,
            journey: { visitor, burnIn: [...burnIn], chains: chains.map((chain) => [...chain]) },
            recorded: [...recorded],
          },
        });
      }),
    processes: () => [...workers].flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid])),
    close() {
      clearInterval(watch);
      for (const worker of [...workers]) lose(worker, new WorkerLost('the pool was closed'));
    },
  };
}
