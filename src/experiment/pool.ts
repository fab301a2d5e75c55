// What can have journeys lived: a pool of places to work. The driver gives a journey out and is told what comes of
// it; it alone writes the record. Here is the contract and the pool that works in this process; src/workers/ has
// those of other processes.

import type { Screen } from '../../sandbox/screen.ts';
import type { EndedSession } from '../store/ledger.ts';
import type { Journey } from './assign.ts';
import type { Experiment } from './build.ts';
import { liveJourney } from './journey.ts';
import type { Scenario } from './scenario.ts';

/** What a pool tells the driver of one journey. */
export interface Told {
  /** A worker of this name begins; answers with the token that its sessions are to carry. */
  leased(holder: string): number;
  /** A sign of life. */
  heard(token: number): void;
  ended(token: number, session: EndedSession): void;
  /** Whether to begin no other visit. */
  halted(): boolean;
}

export interface Pool {
  /** Journeys under way at once. */
  readonly atOnce: number;
  /**
   * Has the visits of a journey lived, but for those that are recorded already, whose keys are given. Resolves when all
   * of them were told, or when it was halted; rejects with WorkerLost when the worker is gone, with JourneyReturned when
   * it gave the journey back, and with anything else when the run must stop.
   */
  live(journey: Journey, recorded: ReadonlySet<string>, told: Told): Promise<void>;
}

/** A pool for a run, by the one who knows how: given the run's scenario, folder and versions. */
export type OpenPool = (hiring: {
  readonly run: string;
  readonly scenario: Scenario;
  readonly folder: string;
  readonly versions: Readonly<Record<string, string>>;
}) => Promise<Pool & { close(): void | Promise<void> }>;

/** The worker of a journey died or went silent; the journey may be given to another. */
export class WorkerLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkerLost';
  }
}

/** A worker that was asked to leave gave its journey back. That is no loss; the journey is given to another. */
export class JourneyReturned extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JourneyReturned';
  }
}

/** Enough to keep both pages of a two-core machine busy. */
const besideEachOther = 4;

/** The pool of this process. */
export function inProcessPool(parts: {
  readonly experiment: Experiment;
  capture(html: string): Promise<Screen>;
  saveScreen(screen: Screen): Promise<void>;
}): Pool {
  return {
    atOnce: besideEachOther,
    live: (journey, recorded, told) => {
      const token = told.leased('in-process');
      return liveJourney({
        ...parts,
        journey,
        recorded,
        halted: () => told.halted(),
        ended: (session) => told.ended(token, session),
      });
    },
  };
}
