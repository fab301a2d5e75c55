// Waiting, as something that is passed in: a retry or a limit waits by the wall's clock, a test by its own.

import { setTimeout as after } from 'node:timers/promises';
import { wallMilliseconds } from '../base/clock.ts';

export interface Timer {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Waits so many milliseconds, or until the signal is aborted, whichever is first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Waits for real. An aborted wait resolves: what was waited for then finds the signal aborted. */
export const wallTimer: Timer = {
  now: wallMilliseconds,
  sleep: (ms, signal) => after(ms, undefined, { signal, ref: true }).catch(() => undefined),
};
