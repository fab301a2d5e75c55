// A pool of workers anywhere that a queue reaches. An errand may wait for a worker as long as it likes; once one was
// heard of, silence beyond the lease loses it, and the errand is given out again under a new token. Results come to
// this process, the one writer. It judges by what it has read: reports that wait to be read are no silence.

import { wallDate, wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { JourneyReturned, WorkerLost, type Pool, type Told } from '../experiment/pool.ts';
import { sessionKey } from '../store/session.ts';
import { patienceWith } from './absence.ts';
import type { Hiring } from './messages.ts';
import { openCoordinatorDesk, reachRedis, type Report } from './queue.ts';
import { workCommand } from './redis-address.ts';

export interface QueuePoolParts {
  readonly hiring: Hiring;
  readonly url: string;
  /** Silence after which an errand that was begun is lost. */
  readonly leaseMs?: number;
  log(line: string): void;
}

interface Underway {
  readonly told: Told;
  /** When its worker was last heard; of an errand that still waits, when that was last found true. */
  heard: number;
  isBegun: boolean;
  /** Whether its worker has built the experiment. */
  isReady: boolean;
  /** When it was found to be no longer in the queue though nobody was heard of. */
  missed: number | null;
  id: string | null;
  /** Puts it into the queue, again where the queue has lost it: that is no worker's loss, and the token stays. */
  give(): void;
  done(): void;
  fail(error: Error): void;
}

/** Errands given out at once: two for each of two thousand workers. */
const givenAtOnce = 4096;
const defaultLeaseMs = 60_000;
const looksPerLease = 20;
const beatsPerLease = 12;
const mostBetweenLooks = 5000;

/** Opens the pool. Throws a RehearsalError where Redis does not answer. */
export async function openQueuePool(parts: QueuePoolParts): Promise<Pool & { close(): Promise<void> }> {
  const { hiring, url, leaseMs = defaultLeaseMs, log } = parts;
  await reachRedis(url);
  const coordinator = `${hiring.run.replace(/[^\w.-]/g, '-')}-${process.pid}-${wallDate().replace(/\D/g, '')}`;
  const underway = new Map<number, Underway>();
  let isHalted = false;
  let hasSaidWaiting = false;

  const hear = ({ worker, token, message }: Report): void => {
    const errand = underway.get(token);
    if (errand === undefined) return;
    errand.heard = wallMilliseconds();
    errand.isBegun = true;
    try {
      switch (message.type) {
        case 'beat':
          return errand.told.heard(token);
        case 'ready':
          errand.isReady = true;
          return;
        case 'ended':
          return errand.told.ended(token, message.ended);
        case 'done':
          return errand.done();
        case 'returned':
          return errand.fail(new JourneyReturned(`${worker} was ended and gave its journey back`));
        case 'broken':
          return errand.fail(new RehearsalError(`${worker}: ${message.message}`, { hint: message.hint }));
        default:
          return message satisfies never;
      }
    } catch (error) {
      // The record could not take it: the run must stop.
      errand.fail(error instanceof Error ? error : new Error(String(error)));
    }
  };
  /** Everything that was sent before this moment has been heard. */
  let heardUntil = wallMilliseconds();
  const desk = openCoordinatorDesk(url, coordinator, hear, (mark) => (heardUntil = mark));
  await desk.setState('working');

  /** An errand that waits is looked for once a lease. */
  const patienceOf = (errand: Underway): number => (errand.isBegun ? patienceWith(errand, leaseMs) : leaseMs);
  /** Nobody was heard of: the errand waits for a worker, or it is gone from the queue with Redis. */
  const lookAfter = async (errand: Underway): Promise<void> => {
    if (errand.id === null) return;
    if (errand.isBegun) {
      await desk.takeBack(errand.id);
      return errand.fail(new WorkerLost(`its worker was silent for ${patienceOf(errand) / 1000} s`));
    }
    if (!(await desk.stands(errand.id))) {
      // Whoever took it and ended may have reports on the way.
      errand.missed ??= wallMilliseconds();
      if (heardUntil > errand.missed) errand.give();
      return;
    }
    errand.missed = null;
    errand.heard = wallMilliseconds();
    if (hasSaidWaiting || [...underway.values()].some(({ isBegun }) => isBegun)) return;
    log(`no worker takes errands; start some with: ${workCommand(url)}`);
    hasSaidWaiting = true;
  };
  const look = async (): Promise<void> => {
    if (!isHalted && [...underway.values()].some(({ told }) => told.halted())) {
      isHalted = true;
      await desk.setState('halted');
      for (const { id, isBegun, done } of [...underway.values()]) {
        if (isBegun || id === null) continue;
        await desk.takeBack(id);
        done();
      }
    }
    await desk.setState(isHalted ? 'halted' : 'working');
    await desk.mark(wallMilliseconds());
    const silent = [...underway.values()].filter((errand) => heardUntil - errand.heard > patienceOf(errand));
    for (const errand of silent) await lookAfter(errand);
  };
  // A look that fails because Redis is away is made again at the next turn.
  const watch = setInterval(
    () => void look().catch(() => undefined),
    Math.min(mostBetweenLooks, leaseMs / looksPerLease),
  );

  return {
    atOnce: givenAtOnce,
    live: (journey, recorded, told) =>
      new Promise<void>((resolve, reject) => {
        const token = told.leased('queue');
        const finish = (settle: () => void): void => {
          underway.delete(token);
          settle();
        };
        const { visitor, burnIn, chains } = journey;
        const own = [...burnIn, ...chains.flat()].map(sessionKey).filter((key) => recorded.has(key));
        const errand: Underway = {
          told,
          heard: wallMilliseconds(),
          isBegun: false,
          isReady: false,
          missed: null,
          id: null,
          give: () => {
            Object.assign(errand, { id: null, missed: null, heard: wallMilliseconds() });
            desk
              .give({
                coordinator,
                hiring,
                beatMs: Math.ceil(leaseMs / beatsPerLease),
                errand: {
                  token,
                  journey: { visitor, burnIn: [...burnIn], chains: chains.map((chain) => [...chain]) },
                  recorded: own,
                },
              })
              .then((id) => (errand.id = id), errand.fail);
          },
          done: () => finish(resolve),
          fail: (error) => finish(() => reject(error)),
        };
        underway.set(token, errand);
        errand.give();
      }),
    close: async () => {
      clearInterval(watch);
      for (const { fail } of [...underway.values()]) fail(new WorkerLost('the pool was closed'));
      await desk.close();
    },
  };
}
