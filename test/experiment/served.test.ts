import { expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { defineScenario } from '../../src/experiment/scenario.ts';
import { servedCheck } from '../../src/experiment/served.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { CallRecord } from '../../src/store/session.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';

const call = (servedBy: string | null, changes: Partial<CallRecord> = {}): CallRecord => ({
  purpose: 'act',
  operation: 'chat',
  model: 'eyes',
  servedBy,
  mode: 'schema',
  requestHash: '0',
  raw: '{}',
  tokensIn: 1,
  tokensOut: 1,
  tokensCached: null,
  usd: null,
  repair: 0,
  attempts: 1,
  source: 'endpoint',
  failureKind: null,
  failureMessage: null,
  wallMs: 1,
  ...changes,
});

/** The check on a run whose visitors had these answers, ten a session, in each arm; null is a visitor without. */
function checked(
  answers: Readonly<Record<'control' | 'treatment', (visitor: number) => CallRecord | null>>,
  { count = 20, design = 'twins' as 'twins' | 'split' } = {},
) {
  const database = openDatabase(':memory:');
  const visitors = Array.from({ length: count }, (_, index) => `v${index}`);
  saveVisitors(database, visitors);
  const record = writer(database);
  for (const [arm, answer] of Object.entries(answers)) {
    visitors.forEach((visitor, index) => {
      const one = answer(index);
      const calls = one === null ? [] : Array.from({ length: 10 }, () => one);
      record.saveSession(sampleSession({ arm, visitor }), sampleEvents({ slates: [['a']] }), calls);
    });
  }
  const found = servedCheck(
    database,
    defineScenario({
      name: 'served',
      question: 'Who answered?',
      design,
      arms: [
        { name: 'control', method: 'random' },
        { name: 'treatment', method: 'popularity' },
      ],
    }),
  );
  database.close();
  return found;
}

it('one model for all is well, whatever its fingerprints; no model, no check', () => {
  const check = checked({
    control: (visitor) => call(`eyes-1 fp_${visitor % 3}`),
    treatment: () => call('eyes-1'),
  });
  expect(check).toMatchObject([{ name: 'served-model', status: 'ok' }]);
  expect(check[0]!.detail).toMatch(/eyes-1: 400$/);
  expect(checked({ control: () => null, treatment: () => null })).toEqual([]);
});

it('a model that changes for all arms alike is a warning, and one that changes for one arm a failure', () => {
  const late = (visitor: number): CallRecord => call(visitor < 10 ? 'eyes-1' : 'eyes-2');
  expect(checked({ control: late, treatment: late })).toMatchObject([{ status: 'warn' }]);
  const uneven = checked({ control: () => call('eyes-1'), treatment: late });
  expect(uneven).toMatchObject([{ status: 'fail' }]);
  expect(uneven[0]!.detail).toContain('eyes-1: 300, eyes-2: 100');
  expect(checked({ control: () => call(null), treatment: late })).toMatchObject([{ status: 'fail' }]);
});

it('a session that one model answers throughout is one piece of chance and not ten: fair coins are no failure', () => {
  for (const design of ['twins', 'split'] as const) {
    const failures = Array.from({ length: 40 }, (_, world) => {
      const coin = (arm: string, visitor: number): CallRecord =>
        call(randomFrom('served', world, arm, visitor).uniform() < 0.5 ? 'eyes-1' : 'eyes-2');
      const isIn = (arm: string, visitor: number): boolean =>
        design === 'twins' || (visitor % 2 === 0) === (arm === 'control');
      const answersOf = (arm: string) => (visitor: number) =>
        isIn(arm, visitor) ? coin(arm, visitor) : null;
      const answers = { control: answersOf('control'), treatment: answersOf('treatment') };
      return checked(answers, { count: 50, design })[0]!.status;
    }).filter((status) => status === 'fail');
    expect(failures).toEqual([]);
  }
});

it('too few visitors to tell is said, and not taken for equal shares', () => {
  const [few] = checked({ control: () => call('eyes-1'), treatment: () => call('eyes-2') }, { count: 4 });
  expect(few).toMatchObject({ status: 'warn' });
  expect(few!.detail).toContain('visitors are too few to tell');
  const [many] = checked({ control: () => call('eyes-1'), treatment: () => call('eyes-2') });
  expect(many).toMatchObject({ status: 'fail' });
});

it('vectors and failures are no answers', () => {
  const check = checked({
    control: (visitor) => call('eyes-1', visitor % 2 === 0 ? {} : { raw: null, servedBy: null }),
    treatment: (visitor) => (visitor === 0 ? call('embedder', { operation: 'embeddings' }) : call('eyes-1')),
  });
  expect(check).toMatchObject([{ status: 'ok' }]);
});
