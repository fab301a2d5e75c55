// A record that is whole passes, and each way of being torn fails the check that is there for it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sha256 } from '../../src/base/hash.ts';
import { screenPath } from '../../src/store/blobs.ts';
import { checkRecord } from '../../src/store/check.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { eventsDigest } from '../../src/store/read.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const picture = Buffer.from('a picture');
const path = screenPath(folder, sha256(picture));
mkdirSync(dirname(path), { recursive: true });

/** A record of one complete and one failed session. */
function whole(): Database {
  writeFileSync(path, picture);
  const database = openDatabase(':memory:');
  saveVisitors(database, ['ann', 'bob']);
  const record = writer(database);
  const plan = ['ann', 'bob'].map((visitor) => ({ visitor, arm: 'control', replicate: 1 }));
  const ledger = openLedger(database, record, plan, 'question');
  const events = sampleEvents({ slates: [['a', 'b']], opened: ['a'] });
  const steps = events.filter(({ type }) => type === 'step-taken').length;
  ledger.commit(ledger.lease('ann', 'here'), { session: sampleSession({ steps }), events, calls: [] });
  const failed = {
    status: 'failed',
    exitReason: null,
    failureKind: 'browser',
    failureMessage: 'died',
  } as const;
  ledger.commit(ledger.lease('bob', 'here'), {
    session: sampleSession({ visitor: 'bob', ...failed }),
    events: [],
    calls: [],
  });
  record.setRun('digest', eventsDigest(database));
  return database;
}

const failing = (database: Database): string[] =>
  checkRecord(database, folder)
    .filter(({ isOk }) => !isOk)
    .map(({ name }) => name);

test('a whole record passes every check', () => {
  const database = whole();
  expect(failing(database)).toEqual([]);
  database.close();
});

test.each([
  ['an event is missing', 'DELETE FROM events WHERE seq = 1', ['events', 'digest']],
  [
    'a failed session has events',
    `INSERT INTO events (session, seq, data) VALUES (2, 0, '{"time":0,"type":"visit-ended"}')`,
    ['events'],
  ],
  ['a session was never planned', "DELETE FROM plan WHERE visitor = 'bob'", ['plan']],
  ['a session has a token that nobody was given', 'UPDATE sessions SET token = 99 WHERE id = 1', ['plan']],
  ['a visitor is gone', "PRAGMA foreign_keys = OFF; DELETE FROM visitors WHERE id = 'bob'", ['references']],
  ['an event was changed', `UPDATE events SET data = json_set(data, '$.time', 77) WHERE seq = 0`, ['digest']],
] as const)('a record where %s does not', (_what, damage, wrong) => {
  const database = whole();
  database.exec(damage);
  expect(failing(database)).toEqual(wrong);
  database.close();
});

test('a record whose screens are gone passes only where they need not be kept', () => {
  const database = whole();
  const steps = `UPDATE events SET data = json_set(data, '$.type', 'step-taken', '$.screen', '${'0'.repeat(64)}') WHERE seq = 0`;
  database.exec(steps);
  const checked = (): boolean => checkRecord(database, folder).find(({ name }) => name === 'screens')!.isOk;
  const record = writer(database);
  for (const [keepScreens, isOk] of [
    [1000, false],
    [2, false],
    [1, true],
    [0, true],
  ] as const) {
    record.setRun('scenario', { keepScreens });
    expect(checked(), String(keepScreens)).toBe(isOk);
  }
  database.close();
});

test('a record one of whose screens was changed does not pass', () => {
  const database = whole();
  writeFileSync(path, 'another picture');
  expect(failing(database)).toEqual(['screens']);
  database.close();
});

test('an emptied record of a run that has a result does not pass', () => {
  const place = mkdtempSync(join(folder, 'emptied-'));
  const database = openDatabase(join(place, 'events.sqlite'));
  const plan = () => checkRecord(database, place).find(({ name }) => name === 'plan')!;
  expect(plan().isOk).toBe(true);
  writeFileSync(join(place, 'result.json'), '{}');
  expect(plan()).toMatchObject({ isOk: false, detail: expect.stringContaining('emptied') });
  database.close();
});

test('a full disk is told by name, and the record stays whole up to the last session that fitted', () => {
  const database = openDatabase(join(folder, 'full.sqlite'));
  saveVisitors(
    database,
    Array.from({ length: 200 }, (_, index) => `v${index}`),
  );
  const pages = Number(database.pragma('page_count', { simple: true }));
  database.pragma(`max_page_count = ${pages + 10}`);
  const record = writer(database);
  const events = sampleEvents({ slates: [['a', 'b']], opened: ['a'] });
  const steps = events.filter(({ type }) => type === 'step-taken').length;
  let saved = 0;
  expect(() => {
    for (; saved < 200; saved++) record.saveSession(sampleSession({ visitor: `v${saved}`, steps }), events);
  }).toThrow(expect.objectContaining({ name: 'StoreError', fault: 'disk-full' }));
  expect(saved).toBeGreaterThan(0);
  const found = checkRecord(database, folder).filter(({ name }) => name !== 'screens');
  expect(found.filter(({ isOk }) => !isOk)).toEqual([]);
  expect(found.find(({ name }) => name === 'plan')?.detail).toContain(`${saved} sessions`);
  database.close();
});
