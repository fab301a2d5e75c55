// Progress with a clock of its own: what is drawn, how often, and what the line says.

import { expect, it } from 'vitest';
import { duration, openProgress, progressLine } from '../../src/cli/progress.ts';

it('says sessions, share, rate, time left and failures', () => {
  const state = { done: 30, failed: 2, total: 100, before: 20, elapsed: 60_000 };
  expect(progressLine(state, 10)).toBe(
    '█████░░░░░ 50/100 sessions · 50 % · 1,800 an hour · 1 min 40 s left · 2 failed',
  );
});

it('counts sessions of an earlier process in the bar but not in the rate', () => {
  const state = { done: 0, failed: 0, total: 100, before: 90, elapsed: 5_000 };
  expect(progressLine(state, 0)).toBe('90/100 sessions · 90 %');
});

it('the first sessions, begun side by side, say nothing of the pace', () => {
  const state = { failed: 0, total: 100, before: 90, elapsed: 5_000 };
  expect(progressLine({ ...state, done: 7 }, 0)).toBe('97/100 sessions · 97 %');
  expect(progressLine({ ...state, done: 8 }, 0)).toBe('98/100 sessions · 98 % · 5,760 an hour · 1 s left');
});

it('says how long it took at the end, also of nothing', () => {
  expect(progressLine({ done: 4, failed: 0, total: 4, before: 0, elapsed: 7_200_000 }, 0)).toContain(
    'in 2 h 00 min',
  );
  expect(progressLine({ done: 0, failed: 0, total: 0, before: 0, elapsed: 0 }, 4)).toBe(
    '████ 0/0 sessions · 100 % · in 0 s',
  );
});

it('a bar redraws its line at most ten times a second', () => {
  let clock = 0;
  const drawn: string[] = [];
  const progress = openProgress({
    total: 1000,
    mode: 'bar',
    draw: (text) => void drawn.push(text),
    now: () => clock,
  });
  for (let done = 1; done <= 1000; done++) {
    clock += 1;
    progress.update(done, 0);
  }
  progress.close();
  expect(drawn.length).toBeLessThanOrEqual(12);
  expect(drawn[0]).toMatch(/^\r/);
  expect(drawn.at(-2)).toContain('1000/1000 sessions');
  expect(drawn.at(-1)).toBe('\n');
});

it('plain lines come every few seconds and at the end', () => {
  let clock = 0;
  const drawn: string[] = [];
  const progress = openProgress({
    total: 120,
    mode: 'lines',
    draw: (text) => void drawn.push(text),
    now: () => clock,
  });
  for (let done = 1; done <= 120; done++) {
    clock += 100;
    progress.update(done, 0);
  }
  progress.close();
  expect(drawn).toHaveLength(3);
  expect(drawn.every((line) => line.endsWith('\n') && !line.includes('\r'))).toBe(true);
});

it('silent draws nothing', () => {
  const drawn: string[] = [];
  const progress = openProgress({ total: 1, mode: 'silent', draw: (text) => void drawn.push(text) });
  progress.update(1, 0);
  progress.close();
  expect(drawn).toEqual([]);
});

it('durations read as people say them', () => {
  expect([0, 59_400, 65_000, 7_800_000].map(duration)).toEqual(['0 s', '59 s', '1 min 05 s', '2 h 10 min']);
});
