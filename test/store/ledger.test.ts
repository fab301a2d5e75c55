// Exactly once for each planned session: only the present holder of a lease can record, and only once.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { openLedger, type EndedSession } from '../../src/store/ledger.ts';
import { sessionsOf } from '../../src/store/read.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from './sample.ts';

const visitors = ['ann', 'bob', 'cec'];
const arms = ['control', 'other'];
const plan = visitors.flatMap((visitor) => arms.map((arm) => ({ visitor, arm, replicate: 1 })));

const ended = (visitor: string, arm: string): EndedSession => ({
  session: sampleSession({ visitor, arm }),
  events: sampleEvents({ slates: [['a', 'b']], opened: ['a'] }),
  calls: [],
});

const open = () => {
  const database = openDatabase(':memory:');
  saveVisitors(database, visitors);
  const record = writer(database);
  return { database, record, ledger: openLedger(database, record, plan, 'question') };
};

/** When the holder of each of a visitor's rows was last heard of. */
const signs = (database: Database, visitor: string): unknown[] =>
  database.prepare('SELECT heard FROM plan WHERE visitor = ?').pluck().all(visitor);

test('a session is recorded under its lease and carries the token', () => {
  const { database, ledger } = open();
  const token = ledger.lease('ann', 'worker 1');
  expect(ledger.commit(token, ended('ann', 'control'))).toBe('saved');
  expect(database.prepare('SELECT token, tries FROM sessions').all()).toEqual([{ token, tries: 1 }]);
  database.close();
});

test('a holder that was given up for lost and comes back late changes nothing', () => {
  const { database, ledger } = open();
  const lost = ledger.lease('ann', 'worker 1');
  const present = ledger.lease('ann', 'worker 2');
  expect(present).toBeGreaterThan(lost);
  database.prepare('UPDATE plan SET heard = NULL').run();
  ledger.heard(lost);
  expect(ledger.commit(lost, ended('ann', 'control'))).toBe('late');
  expect(sessionsOf(database)).toEqual([]);
  expect(signs(database, 'ann')).toEqual([null, null]);
  ledger.heard(present);
  expect(ledger.commit(present, ended('ann', 'control'))).toBe('saved');
  expect(signs(database, 'ann')).toEqual([
    expect.stringMatching(/^\d{4}-/),
    expect.stringMatching(/^\d{4}-/),
  ]);
  expect(ledger.commit(present, ended('ann', 'control'))).toBe('late');
  expect(sessionsOf(database)).toHaveLength(1);
  database.close();
});

test('a lease covers the rows of its visitor and no others', () => {
  const { database, ledger } = open();
  const token = ledger.lease('ann', 'worker 1');
  ledger.lease('bob', 'worker 2');
  expect(ledger.commit(token, ended('bob', 'control'))).toBe('late');
  expect(ledger.commit(token, ended('cec', 'control'))).toBe('late');
  expect(() => ledger.lease('nobody', 'worker 3')).toThrow(/in no plan/);
  database.close();
});

test('leases of a former process are void, tokens never come again, and another plan is refused', () => {
  const { database, record, ledger } = open();
  const former = ledger.lease('ann', 'worker 1');
  const next = openLedger(database, record, plan, 'question');
  expect(next.commit(former, ended('ann', 'control'))).toBe('late');
  expect(next.lease('ann', 'worker 1')).toBeGreaterThan(former);
  expect(() => openLedger(database, record, plan.slice(1), 'question')).toThrow(/plan of 6 sessions .* 5/);
  expect(() => openLedger(database, record, plan, 'another')).toThrow(/not the one/);
  database.close();
});

test('whatever workers do in whatever order, every session is recorded at most once and by its last holder', () => {
  const move = fc.record({
    visitor: fc.constantFrom(...visitors),
    arm: fc.constantFrom(...arms),
    /** Which of the tokens given out so far a worker uses, counted from the newest; -1 asks for a new lease. */
    back: fc.integer({ min: -1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      const { database, ledger } = open();
      const tokens: { token: number; visitor: string }[] = [];
      const expected = new Set<string>();
      for (const { visitor, arm, back } of moves) {
        if (back < 0) {
          tokens.unshift({ token: ledger.lease(visitor, 'worker'), visitor });
          continue;
        }
        const used = tokens[back];
        if (used === undefined) continue;
        const newest = tokens.find((given) => given.visitor === visitor)?.token;
        const key = `${visitor} ${arm}`;
        const fits = used.token === newest && !expected.has(key);
        expect(ledger.commit(used.token, ended(visitor, arm))).toBe(fits ? 'saved' : 'late');
        if (fits) expected.add(key);
      }
      const keys = sessionsOf(database).map(({ visitor, arm }) => `${visitor} ${arm}`);
      expect(keys.sort()).toEqual([...expected].sort());
      expect(
        database
          .prepare('SELECT count(*) FROM events WHERE session NOT IN (SELECT id FROM sessions)')
          .pluck()
          .get(),
      ).toBe(0);
      database.close();
    }),
    { numRuns: 60 },
  );
});
