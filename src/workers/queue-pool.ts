// A pool of workers anywhere that a queue reaches. An errand may wait for a worker as long as it likes; once one was
// heard of, silence beyond the lease loses it, and the errand is given out again under a new token. Results come to
// this process, the one writer. It judges by what it has read: reports that wait to be read are no silence.

import { wallDate, wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { JourneyReturned, WorkerLost, type Pool, type Told } from '../experiment/pool.ts';
import { patienceWith } from './absence.ts';
import { openLeftOut } from './left-out.ts';
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
  readonly visitor: string;
  readonly told: Told;
  /** When its worker was last heard; of an errand that still waits, when that was last found true. */
  heard: number;
  /** Who was heard of on it; null while it waits. */
  worker: string | null;
  /** Whether its worker has built the experiment. */
  isReady: boolean;
  /** When it was found to be no longer in the queue though nobody was heard of. */
  missed: number | null;
  /** How often it was given again with nobody heard of. */
  again: number;
  id: string | null;
  /** Puts it into the queue, again where the queue lost it or a worker refused it: that is no loss, and the token stays. */
  give(): void;
  done(): void;
  fail(error: Error): void;
}

/** Errands given out at once: two for each of two thousand workers. */
const givenAtOnce = 4096;
/** How often an errand is given again that goes from the queue without a word of a worker. */
const mostAgain = 5;
const mostNamed = 3;
const defaultLeaseMs = 60_000;
const looksPerLease = 20;
const beatsPerLease = 12;
const mostBetweenLooks = 5000;

function nobodyAnswers({ visitor, again }: Underway): RehearsalError {
  return new RehearsalError(
    `The errand of visitor ${visitor} went from the queue ${again + 1} times and no worker was heard of on it.`,
    {
      hint: 'A worker of another version may drop what it cannot read: look at what the workers log, bring them to the version of the run, then go on with resume.',
    },
  );
}

/** Opens the pool. Throws a RehearsalError where Redis does not answer. */
export async function openQueuePool(parts: QueuePoolParts): Promise<Pool & { close(): Promise<void> }> {
  const { hiring, url, leaseMs = defaultLeaseMs, log } = parts;
  await reachRedis(url);
  const coordinator = `${hiring.run.replace(/[^\w.-]/g, '-')}-${process.pid}-${wallDate().replace(/\D/g, '')}`;
  const underway = new Map<number, Underway>();
  let isHalted = false;
  let hasSaidWaiting = false;
  const leftOut = openLeftOut(leaseMs);

  const refused = (errand: Underway | undefined, worker: string): void => {
    // Another may have it meanwhile.
    if (errand === undefined || (errand.worker !== null && errand.worker !== worker)) return;
    if (isHalted) errand.done();
    else errand.give();
  };
  const hear = ({ worker, token, message }: Report): void => {
    const errand = underway.get(token);
    if (message.type === 'refused') {
      if (leftOut.leave(worker, message)) log(`${worker} is left out of this run: ${message.message}`);
      return refused(errand, worker);
    }
    leftOut.heard(worker, message.type === 'ready');
    if (errand === undefined) return;
    Object.assign(errand, { heard: wallMilliseconds(), worker, again: 0 });
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
  const breakOff = (error: RehearsalError): void => {
    for (const { fail } of [...underway.values()]) fail(error);
  };
  /** Everything that was sent before this moment has been heard. */
  let heardUntil = wallMilliseconds();
  const desk = openCoordinatorDesk(url, coordinator, {
    hear,
    passed: (mark) => (heardUntil = mark),
    unreadable: (complaint) => {
      log(`a report of a worker cannot be read: ${complaint}`);
      breakOff(
        new RehearsalError(`A report of a worker cannot be read: ${complaint}`, {
          hint: 'Bring the run and its workers to the same version of this program, then go on with resume.',
        }),
      );
    },
  });
  await desk.setState('working');

  /** An errand that waits is looked for once a lease. */
  const patienceOf = (errand: Underway): number =>
    errand.worker === null ? leaseMs : patienceWith(errand, leaseMs);
  /** Nobody was heard of: the errand waits for a worker, or it is gone from the queue with Redis. */
  const lookAfter = async (errand: Underway): Promise<'given again' | undefined> => {
    if (errand.id === null) return;
    if (errand.worker !== null) {
      await desk.takeBack(errand.id);
      errand.fail(new WorkerLost(`${errand.worker} was silent for ${patienceOf(errand) / 1000} s`));
      return;
    }
    if (!(await desk.stands(errand.id))) {
      // Whoever took it and ended may have reports on the way.
      errand.missed ??= wallMilliseconds();
      if (heardUntil <= errand.missed) return;
      if (errand.again < mostAgain) {
        errand.again += 1;
        errand.give();
        return 'given again';
      }
      errand.fail(nobodyAnswers(errand));
      return;
    }
    errand.missed = null;
    errand.heard = wallMilliseconds();
    if (hasSaidWaiting || [...underway.values()].some(({ worker }) => worker !== null)) return;
    log(`no worker takes errands; start some with: ${workCommand(url)}`);
    hasSaidWaiting = true;
  };
  const look = async (): Promise<void> => {
    if (!isHalted && [...underway.values()].some(({ told }) => told.halted())) {
      isHalted = true;
      await desk.setState('halted');
      for (const { id, worker, done } of [...underway.values()]) {
        if (worker !== null || id === null) continue;
        await desk.takeBack(id);
        done();
      }
    }
    await desk.setState(isHalted ? 'halted' : 'working');
    await desk.mark(wallMilliseconds());
    const silent = [...underway.values()].filter((errand) => heardUntil - errand.heard > patienceOf(errand));
    const again: string[] = [];
    for (const errand of silent)
      if ((await lookAfter(errand)) === 'given again') again.push(`visitor ${errand.visitor}`);
    if (again.length > 0) {
      const named = again.slice(0, mostNamed).join(', ') + (again.length > mostNamed ? ' …' : '');
      log(
        `errands went from the queue without a word of a worker; given again: ${again.length}, of ${named}`,
      );
    }
    const verdict = leftOut.verdict(heardUntil);
    if (verdict !== null) breakOff(verdict);
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
        const errand: Underway = {
          visitor,
          told,
          heard: wallMilliseconds(),
          worker: null,
          isReady: false,
          missed: null,
          again: 0,
          id: null,
          give: () => {
            const heard = wallMilliseconds();
            Object.assign(errand, { id: null, missed: null, heard, worker: null, isReady: false });
            desk
              .give({
                coordinator,
                hiring,
                beatMs: Math.ceil(leaseMs / beatsPerLease),
                errand: {
                  token,
                  journey: { visitor, burnIn: [...burnIn], chains: chains.map((chain) => [...chain]) },
                  recorded: [...recorded],
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
