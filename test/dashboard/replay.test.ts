// From events to frames, and where twins part; the drawn statechart against the real one.

import { describe, expect, it } from 'vitest';
import { siteMachine } from '../../sandbox/site.ts';
import { edges, loops } from '../../src/dashboard/chart.ts';
import { divergenceOf } from '../../src/dashboard/divergence.ts';
import { replayOf } from '../../src/dashboard/replay.ts';
import type { Event } from '../../src/store/events.ts';

const slate = (items: readonly string[], number = 1): Event => ({
  type: 'slate-shown',
  time: 0,
  slate: number,
  list: 'home',
  page: number,
  method: 'm',
  version: '1',
  items: items.map((item, place) => ({ item, slot: place + 1, score: 1, propensity: 1, inView: true })),
});
const step = (screen: string, action: string, text: string): Event => ({
  type: 'step-taken',
  time: 1,
  page: 'home',
  screen,
  noticed: [{ mark: 2, text, interest: 3, box: { x: 0, y: 0, width: 1, height: 1 } }],
  interest: 3,
  fatigue: 1,
  action,
  mark: 2,
  recalled: [],
  reason: '',
});
const visit = (...events: readonly Event[]) =>
  replayOf([{ type: 'visit-started', time: 0, budget: 9 }, ...events]);

describe('a replay', () => {
  it('has one frame a step, each with the slate it looked at and what followed', () => {
    const opened: Event = { type: 'item-opened', time: 2, item: 'a', slate: 1, slot: 1 };
    const { budget, frames } = visit(
      slate(['a', 'b']),
      step('x', 'open', 'A'),
      opened,
      step('y', 'next-page', ''),
      slate(['c'], 2),
      step('z', 'leave', ''),
    );
    expect(budget).toBe(9);
    expect(frames.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(frames.map(({ slate: own }) => own?.slate)).toEqual([1, 1, 2]);
    expect(frames.map(({ happened }) => happened.map(({ type }) => type))).toEqual([
      ['item-opened'],
      ['slate-shown'],
      [],
    ]);
  });
});

describe('twins', () => {
  const same = [slate(['a', 'b']), step('x', 'open', 'A')];

  it('that do the same never part', () => {
    expect(divergenceOf(visit(...same), visit(...same))).toMatchObject({
      step: null,
      screens: null,
      why: 'none',
    });
  });

  it('part where the list made them open something else, and the slots say so', () => {
    const other = visit(slate(['a', 'c']), step('y', 'open', 'C'));
    expect(divergenceOf(visit(...same), other)).toEqual({
      step: 1,
      screens: 1,
      why: 'list',
      slots: [{ slot: 2, items: ['b', 'c'] }],
    });
  });

  it('do not part at a different screen on which they did the same', () => {
    const [one, two] = [
      visit(...same, step('p', 'leave', '')),
      visit(slate(['a', 'c']), step('y', 'open', 'A'), step('p', 'back', '')),
    ];
    expect(divergenceOf(one, two)).toMatchObject({ step: 2, screens: 1 });
  });

  it('with the same picture part by what is in the mind, and where one visit ends', () => {
    expect(divergenceOf(visit(...same), visit(slate(['a', 'b']), step('x', 'leave', '')))).toMatchObject({
      step: 1,
      why: 'mind',
    });
    expect(divergenceOf(visit(...same), visit(...same, step('x', 'leave', '')))).toMatchObject({
      step: 2,
      why: 'ended',
    });
  });
});

describe('the drawn statechart', () => {
  const targets = Object.entries(siteMachine.config.states ?? {}).flatMap(([state, { on = {} }]) =>
    Object.values(on)
      .flat()
      .map((transition) => [state, (transition as { target?: string }).target ?? state] as const),
  );

  it('has the transitions of the site', () => {
    const between = targets.filter(([from, to]) => from !== to).map(([from, to]) => `${from} ${to}`);
    expect(edges.map(([from, to]) => `${from} ${to}`).sort()).toEqual([...new Set(between)].sort());
  });

  it('has its loops', () => {
    const own = targets.filter(([from, to]) => from === to).map(([from]) => from);
    expect([...loops].sort()).toEqual([...new Set(own)].sort());
  });
});
