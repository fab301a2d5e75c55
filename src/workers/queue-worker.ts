// A worker at the queue: takes errands of any run, sets up for that run, lives its journeys and reports. It gives signs
// of life while it works, drops what belongs to a coordinator that is gone, and gives back what it was asked to leave.

import { hostname } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RehearsalError } from '../base/error.ts';
import { digest } from '../base/hash.ts';
import { openBenches } from './benches.ts';
import type { Refusal } from './left-out.ts';
import type { FromWorker, Hiring } from './messages.ts';
import { openWorkerDesk, reachRedis, type ErrandJob, type Sender, type WorkerDesk } from './queue.ts';
import { errandsAtOnce, openWorkbench, type Workbench } from './workbench.ts';

export interface QueueWorkerParts {
  readonly url: string;
  /** Where the folders of runs lie on this machine; `runs` of the working folder, as everywhere, if left out. */
  readonly runs?: string | undefined;
  readonly interrupted: AbortSignal;
  log(line: string): void;
}

/**
 * Where the run's screens go on this machine. An errand comes from whoever can write to the queue, so the folder that it
 * names must lie below the folder of runs; a RehearsalError where it does not.
 */
export function folderHere(
  { run, folder }: Pick<Hiring, 'run' | 'folder'>,
  runs: string | undefined,
): string {
  if (runs !== undefined) return join(runs, run);
  const root = resolve('runs');
  const way = relative(root, folder);
  if (isAbsolute(folder) && way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way)) return folder;
  throw new RehearsalError(
    `Expected a run below ${root}, where this worker may write screens, but its folder is ${folder}.`,
    { hint: 'Say where the folders of runs lie on this machine: rehearsal work --runs DIR.' },
  );
}

/** Looks without a sign of the coordinator after which it counts as gone; after Redis was away it needs a moment. */
const mostMissed = 5;

/** Runs for which a worker keeps a browser and an experiment. */
const mostBenches = 2;
const clearedEveryMs = 30_000;

/** Milliseconds for which a place of a worker stays empty after it refused an errand. */
const pauseAfterRefusal = 5000;

/** This machine is not set up for a run: a mistake a person can mend, and no reason to end the run of others. */
class CannotServe extends Error {
  readonly refusal: Refusal;

  constructor({ message, hint }: RehearsalError) {
    super(message);
    this.name = 'CannotServe';
    this.refusal = { message, hint };
  }
}

/** Works until it is interrupted; the sessions under way then end first. */
export async function workAtQueue({ url, runs, interrupted, log }: QueueWorkerParts): Promise<void> {
  await reachRedis(url);
  const name = `worker ${process.pid} on ${hostname()}`;
  const benches = openBenches(mostBenches);
  const openFor = async (hiring: Hiring): Promise<Workbench> => {
    try {
      const folder = folderHere(hiring, runs);
      return await openWorkbench({ ...hiring, folder }, (line) => log(`${hiring.run}: ${line}`));
    } catch (error) {
      if (error instanceof RehearsalError) throw new CannotServe(error);
      throw error;
    }
  };

  /** Why this worker serves no errands of a coordinator. */
  const refusals = new Map<string, Refusal>();
  /** Hands an errand back at once, and waits a while with an empty place, so that others are there for it first. */
  const refuse = async (
    { coordinator, token }: Sender,
    what: string,
    refusal: Refusal,
    desk: WorkerDesk,
  ): Promise<void> => {
    if (!refusals.has(coordinator)) log(`${what}: left out of this run: ${refusal.message}`);
    refusals.set(coordinator, refusal);
    await desk.report(coordinator, { worker: name, token, message: { type: 'refused', ...refusal } });
    await pause(pauseAfterRefusal, undefined, { signal: interrupted }).catch(() => undefined);
  };
  const unreadable = async (sender: Sender | null, complaint: string, desk: WorkerDesk): Promise<void> => {
    const message = `an errand cannot be read, it seems to be of another version of this program: ${complaint}`;
    if (sender === null) return log(message);
    if ((await desk.stateOf(sender.coordinator)) === 'gone') return;
    const hint = 'Bring the run and its workers to the same version of this program, then go on with resume.';
    await refuse(sender, sender.coordinator, { message, hint }, desk);
  };

  const work = async (
    { coordinator, hiring, beatMs, errand }: ErrandJob,
    desk: WorkerDesk,
  ): Promise<void> => {
    const { token } = errand;
    let hasSpoken = false;
    const report = (message: FromWorker): Promise<void> => {
      hasSpoken = true;
      return desk.report(coordinator, { worker: name, token, message });
    };
    if ((await desk.stateOf(coordinator)) === 'gone') return;
    const known = refusals.get(coordinator);
    if (known !== undefined) return await refuse({ coordinator, token }, hiring.run, known, desk);
    let refusal: Refusal | null = null;
    let isHalted = false;
    let missed = 0;
    const look = async (): Promise<void> => {
      if (!hasSpoken) await report({ type: 'beat' });
      hasSpoken = false;
      const state = await desk.stateOf(coordinator);
      missed = state === 'gone' ? missed + 1 : 0;
      isHalted ||= state === 'halted' || missed >= mostMissed;
    };
    // While Redis is away, looks wait; the work goes on.
    const beat = setInterval(() => void look().catch(() => undefined), beatMs);
    try {
      await report({ type: 'beat' });
      const sent: Promise<void>[] = [];
      const wanted = { key: digest(hiring), coordinator, open: () => openFor(hiring) };
      await benches.use(wanted, async (bench) => {
        await report({ type: 'ready' });
        await bench.live(
          errand,
          ({ session, events }) =>
            void sent.push(
              report({ type: 'ended', token, ended: { session, events: [...events], calls: [] } }),
            ),
          () => isHalted || interrupted.aborted,
        );
      });
      await Promise.all(sent);
      await report(interrupted.aborted && !isHalted ? { type: 'returned', token } : { type: 'done', token });
    } catch (error) {
      if (error instanceof CannotServe) refusal = error.refusal;
      else {
        const told = error instanceof Error ? error : new Error(String(error));
        const hint = told instanceof RehearsalError ? told.hint : (told.stack ?? '');
        log(`${hiring.run}: ${told.message}`);
        await report({ type: 'broken', message: told.message, hint });
      }
    } finally {
      clearInterval(beat);
    }
    if (refusal !== null) await refuse({ coordinator, token }, hiring.run, refusal, desk);
  };

  const desk = openWorkerDesk(url, errandsAtOnce, { work, unreadable });
  const isOver = async (coordinator: string): Promise<boolean> =>
    (await desk.stateOf(coordinator)) === 'gone';
  const clear = async (): Promise<void> => {
    await benches.clear(isOver);
    await desk.clear(isOver);
    for (const coordinator of [...refusals.keys()])
      if (await isOver(coordinator)) refusals.delete(coordinator);
  };
  const clearing = setInterval(() => void clear().catch(() => undefined), clearedEveryMs);
  log(`${name} waits for errands`);
  if (!interrupted.aborted)
    await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve()));
  clearInterval(clearing);
  await desk.close();
  await benches.close();
}
