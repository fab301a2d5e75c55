// How far a run is: a bar that redraws itself on a terminal, a plain line every few seconds elsewhere, nothing
// where nothing is wanted. `progressLine` is the pure half; the clock is passed in and never reaches an event.

import { wallMilliseconds } from '../base/clock.ts';

export interface ProgressState {
  /** Sessions finished in this process, failed ones included. */
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** Sessions that an earlier process finished: part of the bar, not of the rate. */
  readonly before: number;
  /** Milliseconds since this process began. */
  readonly elapsed: number;
}

export interface Progress {
  update(done: number, failed: number): void;
  /** Draws the last state and ends the line. */
  close(): void;
}

export interface ProgressOptions {
  readonly total: number;
  readonly before?: number;
  readonly mode: 'bar' | 'lines' | 'silent';
  readonly draw: (text: string) => void;
  /** Milliseconds; the wall clock unless a test brings its own. */
  readonly now?: () => number;
}

/** Sessions after which rate and time left are told: the first ones, side by side and just begun, say little of the pace. */
const fewest = 8;

/** Milliseconds between two redraws of a bar, and between two plain lines. */
const interval = { bar: 100, lines: 5_000 } as const;

/** A progress display; `update` may be called as often as sessions end. */
export function openProgress({
  total,
  before = 0,
  mode,
  draw,
  now = wallMilliseconds,
}: ProgressOptions): Progress {
  if (mode === 'silent') return { update: () => {}, close: () => {} };
  const started = now();
  let drawn = mode === 'bar' ? Number.NEGATIVE_INFINITY : started;
  let counts = { done: 0, failed: 0 };
  const show = (): void => {
    const state = { ...counts, total, before, elapsed: now() - started };
    draw(mode === 'bar' ? `\r\u001B[K${progressLine(state, 24)}` : `${progressLine(state, 0)}\n`);
    drawn = now();
  };
  return {
    update(done, failed) {
      counts = { done, failed };
      if (now() - drawn >= interval[mode]) show();
    },
    close() {
      show();
      if (mode === 'bar') draw('\n');
    },
  };
}

/** One line: bar of `width` characters (0: none), sessions done, rate an hour, time left, failures if any. */
export function progressLine(state: ProgressState, width: number): string {
  const finished = state.before + state.done;
  const share = state.total === 0 ? 1 : finished / state.total;
  const filled = Math.round(share * width);
  const perMillisecond = state.elapsed > 0 ? state.done / state.elapsed : 0;
  const left = state.total - finished;
  const isTelling = perMillisecond > 0 && (state.done >= fewest || left === 0);
  const parts = [
    `${finished}/${state.total} sessions`,
    `${Math.floor(share * 100)} %`,
    isTelling ? `${Math.round(perMillisecond * 3_600_000).toLocaleString('en-US')} an hour` : '',
    isTelling && left > 0 ? `${duration(left / perMillisecond)} left` : '',
    left === 0 ? `in ${duration(state.elapsed)}` : '',
    state.failed > 0 ? `${state.failed} failed` : '',
  ];
  const bar = width > 0 ? `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ` : '';
  return bar + parts.filter(Boolean).join(' · ');
}

/** Milliseconds as people say them: '8 s', '3 min 05 s', '2 h 10 min'. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
