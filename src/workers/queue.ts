// The queue between machines: BullMQ over Redis, behind the few things that coordinator and workers need of it. Errands
// of all runs stand in one queue; what comes of them goes back through one queue for each coordinator, which reads
// it one by one. BullMQ delivers at least once; that nothing counts twice is the ledger's doing.

import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { errandSchema, fromWorkerSchema, hiringSchema } from './messages.ts';
import { requireRedisAddress, shownAddress } from './redis-address.ts';

const errands = 'rehearsal-errands';
const results = (coordinator: string): string => `rehearsal-results-${coordinator}`;
const stateKey = (coordinator: string): string => `rehearsal-state-${coordinator}`;
/** A coordinator that has not renewed its state for so long is gone, and its errands are dropped. */
const stateSeconds = 30;

const errandJobSchema = z.object({
  coordinator: z.string().regex(/^[\w.-]+$/),
  hiring: hiringSchema,
  /** Milliseconds after which a worker that had nothing else to say gives a sign of life. */
  beatMs: z.int().min(100),
  errand: errandSchema,
});
export type ErrandJob = z.infer<typeof errandJobSchema>;

/** What is read of an errand that cannot be read whole, so that its coordinator can be told. */
const senderSchema = z
  .object({ coordinator: errandJobSchema.shape.coordinator, errand: z.object({ token: z.int() }) })
  .transform(({ coordinator, errand: { token } }) => ({ coordinator, token }));
export type Sender = z.infer<typeof senderSchema>;

const reportSchema = z.object({ worker: z.string(), token: z.int(), message: fromWorkerSchema });
export type Report = z.infer<typeof reportSchema>;
/** What a coordinator sends to itself: when it is heard, everything sent before it has been heard. */
const markSchema = z.object({ mark: z.number() });

const mostOfComplaint = 300;
const complaintOf = (error: z.ZodError): string =>
  z.prettifyError(error).replaceAll(/\s+/g, ' ').slice(0, mostOfComplaint);

export type CoordinatorState = 'working' | 'halted' | 'gone';

/** Milliseconds for which the queue holds an errand for a taker that is not heard of: it may be gone before its first word. */
const holdMs = 10_000;

const once = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

/** Checks the address and that Redis answers there. Throws a RehearsalError. */
export async function reachRedis(url: string): Promise<void> {
  requireRedisAddress(url);
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let cause: unknown;
  client.on('error', (error) => (cause = error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    // Of a connection that fails, the promise says no more than that it was closed.
    cause ??= error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RehearsalError(`Redis does not answer at ${shownAddress(url)}: ${reason}`, {
      hint: 'Start it (on Debian: apt-get install redis-server), or correct the address or its password.',
      cause,
    });
  } finally {
    client.disconnect();
  }
}

/** Errors of connections are waited out: ioredis connects again, and leases judge who was away too long. */
const patient = (url: string) => ({ url, maxRetriesPerRequest: null });
const tolerate = (emitter: { on(event: 'error', listener: (error: Error) => void): unknown }): void =>
  void emitter.on('error', () => undefined);

export interface CoordinatorDesk {
  /** Puts an errand into the queue; answers with the id of its job. */
  give(job: ErrandJob): Promise<string>;
  /** Whether an errand that nobody was heard of still waits, or is at work. */
  stands(id: string): Promise<boolean>;
  takeBack(id: string): Promise<void>;
  /** Puts a mark behind the reports that were sent so far; it is heard after them. */
  mark(at: number): Promise<void>;
  /** Tells the workers; to be renewed more often than every 30 s. */
  setState(state: 'working' | 'halted'): Promise<void>;
  close(): Promise<void>;
}

/** What a coordinator is told, one by one and in order; none of these may throw. */
export interface CoordinatorEars {
  hear(report: Report): void;
  /** One of its own marks has come by. */
  passed(mark: number): void;
  /** What came is no report. */
  unreadable(complaint: string): void;
}

/** The coordinator's side. */
export function openCoordinatorDesk(
  url: string,
  coordinator: string,
  ears: CoordinatorEars,
): CoordinatorDesk {
  const connection = patient(url);
  const queue = new Queue(errands, { connection });
  const back = new Queue(results(coordinator), { connection });
  const read = async ({ data }: { readonly data: unknown }): Promise<void> => {
    const mark = markSchema.safeParse(data);
    if (mark.success) return ears.passed(mark.data.mark);
    const report = reportSchema.safeParse(data);
    if (report.success) ears.hear(report.data);
    else ears.unreadable(complaintOf(report.error));
  };
  const reader = new Worker(results(coordinator), read, { connection, concurrency: 1 });
  const client = new Redis(url, { maxRetriesPerRequest: null });
  for (const emitter of [queue, back, reader, client]) tolerate(emitter);
  return {
    give: async (job) => {
      const { id } = await queue.add('errand', job, once);
      if (id === undefined) throw new Error('defect: a job without an id');
      return id;
    },
    stands: async (id) => {
      const job = await queue.getJob(id);
      return job !== undefined && !(await job.isFailed());
    },
    takeBack: async (id) => {
      // A job at work is locked by its worker, which drops it by the state.
      await (await queue.getJob(id))?.remove().catch(() => undefined);
    },
    mark: async (at) => void (await back.add('mark', { mark: at }, once)),
    setState: async (state) => void (await client.set(stateKey(coordinator), state, 'EX', stateSeconds)),
    close: async () => {
      await client.del(stateKey(coordinator));
      await reader.close(true);
      await back.obliterate({ force: true });
      await Promise.all([back.close(), queue.close()]);
      client.disconnect();
    },
  };
}

export interface WorkerDesk {
  stateOf(coordinator: string): Promise<CoordinatorState>;
  report(coordinator: string, report: Report): Promise<void>;
  /** Lets go what it keeps for coordinators that are over. */
  clear(isOver: (coordinator: string) => Promise<boolean>): Promise<void>;
  /** Takes no other errand, lets those under way end, and closes. */
  close(): Promise<void>;
}

export interface WorkerHands {
  /** Called for each errand. */
  work(job: ErrandJob, desk: WorkerDesk): Promise<void>;
  /** Called for what is no errand, or one of another version; the sender is null where not even that can be read. */
  unreadable(sender: Sender | null, complaint: string, desk: WorkerDesk): Promise<void>;
}

/** A worker's side, for `atOnce` errands side by side. */
export function openWorkerDesk(url: string, atOnce: number, hands: WorkerHands): WorkerDesk {
  const connection = patient(url);
  /** One for all that is sent, to however many coordinators; the taker has its own, on which it waits. */
  const client = new Redis(url, { maxRetriesPerRequest: null });
  const backs = new Map<string, Queue>();
  const backTo = (coordinator: string): Queue => {
    const known = backs.get(coordinator);
    if (known !== undefined) return known;
    const back = new Queue(results(coordinator), { connection: client });
    tolerate(back);
    backs.set(coordinator, back);
    return back;
  };
  const desk: WorkerDesk = {
    stateOf: async (coordinator) => {
      const state = await client.get(stateKey(coordinator));
      return state === 'working' || state === 'halted' ? state : 'gone';
    },
    report: async (coordinator, report) => void (await backTo(coordinator).add('report', report, once)),
    clear: async (isOver) => {
      for (const [coordinator, back] of [...backs])
        if ((await isOver(coordinator)) && backs.delete(coordinator)) await back.close();
    },
    close: async () => {
      await taker.close();
      await Promise.all([...backs.values()].map((back) => back.close()));
      client.disconnect();
    },
  };
  const take = ({ data }: { readonly data: unknown }): Promise<void> => {
    const job = errandJobSchema.safeParse(data);
    if (job.success) return hands.work(job.data, desk);
    return hands.unreadable(senderSchema.safeParse(data).data ?? null, complaintOf(job.error), desk);
  };
  // An errand whose taker is gone is not given to another by BullMQ, which would say nothing of it and send it as it was:
  // the coordinator misses the worker, names it, and gives out what is still missing.
  const taker = new Worker(errands, take, {
    connection,
    concurrency: atOnce,
    lockDuration: holdMs,
    stalledInterval: holdMs,
    maxStalledCount: 0,
  });
  for (const emitter of [taker, client]) tolerate(emitter);
  return desk;
}
