import { expect, it } from 'vitest';
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

/** The check on a run whose visitors had these answers, ten a session, in each arm. */
function checked(answers: Readonly<Record<'control' | 'treatment', (visitor: number) => CallRecord | null>>) {
  const database = openDatabase(':memory:');
  const visitors = Array.from({ length: 20 }, (_, index) => `v${index}`);
  saveVisitors(database, visitors);
  const record = writer(database);
  for (const [arm, answer] of Object.entries(answers)) {
    visitors.forEach((visitor, index) => {
      const one = answer(index);
      const calls = one === null ? [] : Array.from({ length: 10 }, () => one);
      record.saveSession(sampleSession({ arm, visitor }), sampleEvents({ slates: [['a']] }), calls);
    });
  }
  const found = servedCheck(database);
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

it('vectors and failures are no answers', () => {
  const check = checked({
    control: (visitor) => call('eyes-1', visitor % 2 === 0 ? {} : { raw: null, servedBy: null }),
    treatment: (visitor) => (visitor === 0 ? call('embedder', { operation: 'embeddings' }) : call('eyes-1')),
  });
  expect(check).toMatchObject([{ status: 'ok' }]);
});
