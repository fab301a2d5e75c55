// The health of arms from what sessions noted: counts by hand, and what a record without notes says.

import { expect, it } from 'vitest';
import { healthOf } from '../../src/experiment/health.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { SessionRecord } from '../../src/store/session.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';
import { small } from './small.ts';

const scenario = small({
  arms: ['plain', 'searched', 'written'].map((name) => ({ name, method: 'popularity' })),
});
const slate = (
  arm: string,
  ms: number,
  told: { refused?: string; generated?: unknown } = {},
): NonNullable<SessionRecord['slates']>[number] => ({ arm, ms, refused: null, generated: null, ...told });
const searched = (reach: string) => slate('searched', 1, { generated: { by: 'search', reach } });
const written = (valid: number, named: number, further: number) =>
  slate('written', 1, { generated: { by: 'writing', written: 10, valid, named, nearest: 1, further } });

function recordOf(sessions: readonly Partial<SessionRecord>[]) {
  const database = openDatabase(':memory:');
  saveVisitors(database, ['ann', 'bob']);
  for (const session of sessions) {
    const whole = sampleSession(session);
    writer(database).saveSession(whole, whole.status === 'failed' ? [] : sampleEvents({ slates: [['a']] }));
  }
  return database;
}

const failed = {
  status: 'failed',
  exitReason: null,
  failureKind: 'unknown-item',
  failureMessage: '',
} as const;

it('adds up what was asked, refused, generated and begun again, failed sessions too', () => {
  const times = Array.from({ length: 21 }, (_, place) => slate('plain', place));
  const [plain, search, writing] = healthOf(
    recordOf([
      { arm: 'plain', slates: times },
      { arm: 'plain', visitor: 'bob' },
      { arm: 'searched', tries: 3, slates: ['beam', 'wider', 'everything', 'beam'].map(searched) },
      {
        ...failed,
        arm: 'searched',
        visitor: 'bob',
        slates: [searched('beam'), slate('searched', 1, { refused: 'unknown-item' })],
      },
      { arm: 'written', slates: [written(9, 4, 0), written(3, 2, 3)] },
    ]),
    scenario,
  );
  expect(plain).toEqual({
    arm: 'plain',
    asked: 21,
    wait: { median: 10, p95: 19 },
    refused: {},
    search: null,
    writing: null,
    again: 0,
    untold: 1,
    complaints: [],
  });
  expect(search).toMatchObject({
    asked: 6,
    refused: { 'unknown-item': 1 },
    search: { slates: 5, wider: 1, everything: 1 },
    again: 2,
    complaints: ['1 of 6 slates were refused (unknown-item 1)'],
  });
  expect(writing).toMatchObject({
    writing: {
      slates: 2,
      written: 20,
      valid: 12,
      named: 6,
      nearest: 2,
      further: 3,
      filled: 1,
      validRate: 0.6,
      groundingRate: 6 / 11,
    },
    complaints: [
      'only 54.5 % of the items it listed were named exactly, and 60 % of the names it wrote exist',
    ],
  });
});

it('an arm that names what it lists is well, and one that was never asked has no rates', () => {
  const name = { by: 'writing', written: 9, valid: 9, named: 0, nearest: 0, further: 0 };
  const health = healthOf(
    recordOf([
      { arm: 'plain', slates: [] },
      { arm: 'searched', slates: [slate('searched', 1, { generated: name })] },
      { arm: 'written', slates: [slate('written', 1, { generated: { ...name, named: 9 } })] },
    ]),
    scenario,
  );
  expect(health.map(({ complaints }) => complaints)).toEqual([[], [], []]);
  expect(health.map(({ wait }) => wait === null)).toEqual([true, false, false]);
  expect(health.map(({ writing }) => writing?.groundingRate)).toEqual([undefined, null, 1]);
});

it('interleaved arms are told apart in the sessions that they share', () => {
  const both = small({ design: 'interleaving' });
  const health = healthOf(
    recordOf([
      {
        arm: 'interleaved',
        tries: 2,
        slates: [slate('popularity', 1), slate('chance', 2), slate('popularity', 3)],
      },
    ]),
    both,
  );
  expect(health.map(({ arm, asked, again }) => [arm, asked, again])).toEqual([
    ['popularity', 2, 1],
    ['chance', 1, 1],
  ]);
});

it('a record that says nothing of slates has no health, and not a health of zeros', () => {
  expect(healthOf(recordOf([{ arm: 'plain' }]), scenario)).toEqual([]);
});
