// Writing and reading sessions: whole or not at all, once, and with a digest that depends on what happened only.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import {
  completedKeys,
  eventsDigest,
  eventsOf,
  itemsOf,
  sessionsOf,
  visitorsOf,
} from '../../src/store/read.ts';
import { sessionKey } from '../../src/store/session.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-record-'));
afterAll(() => rmSync(folder, { recursive: true }));
const events = sampleEvents({
  slates: [['a', 'b', 'c'], ['d']],
  hidden: 1,
  opened: ['a'],
  watched: ['a'],
  rated: { a: 4 },
});

let database: Database;
beforeEach(() => {
  database = openDatabase(':memory:');
  saveVisitors(database, ['ann', 'bob', 'cy']);
});

describe('a session', () => {
  test('comes back as it was saved', () => {
    const id = writer(database).saveSession(sampleSession(), events);
    expect(sessionsOf(database)).toEqual([{ id, tries: 1, ...sampleSession() }]);
    expect(eventsOf(database, id)).toEqual(events);
  });

  test('is saved once: a second save of its arm, visitor and replicate fails and changes nothing', () => {
    writer(database).saveSession(sampleSession(), events);
    expect(() => writer(database).saveSession(sampleSession({ seed: 8 }), [])).toThrow(
      'The session of arm control, visitor ann, replicate 1 is already recorded.',
    );
    expect(sessionsOf(database)).toHaveLength(1);
    writer(database).saveSession(sampleSession({ replicate: 2 }), events);
    expect(sessionsOf(database)).toHaveLength(2);
  });

  test('needs its visitor, and a status that agrees with its reason', () => {
    const save = (changes: Parameters<typeof sampleSession>[0]) => (): unknown =>
      writer(database).saveSession(sampleSession(changes), []);
    expect(save({ visitor: 'nobody' })).toThrow(/before its visitor/);
    expect(save({ status: 'failed' })).toThrow(/contradicts itself/);
    expect(save({ failureKind: 'timeout' })).toThrow(/contradicts itself/);
    expect(save({ exitReason: null })).toThrow(/contradicts itself/);
    expect(sessionsOf(database)).toEqual([]);
  });

  test('leaves nothing behind when one of its events cannot be written', () => {
    const broken = { ...events[0], time: undefined } as unknown as Event;
    expect(() => writer(database).saveSession(sampleSession(), [...events, broken])).toThrow(/NOT NULL/);
    expect(database.prepare('SELECT count(*) FROM events').pluck().get()).toBe(0);
    expect(sessionsOf(database)).toEqual([]);
  });

  test('of a killed process is whole or absent', async () => {
    const path = join(folder, 'killed.sqlite');
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const child = spawn(
      join(root, 'node_modules/.bin/node'),
      [join(root, 'test/store/killed-writer.ts'), path],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const said = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(said).toBe('in the middle\n');

    const after = openDatabase(path);
    expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(sessionsOf(after).map((session) => session.visitor)).toEqual(['ann']);
    expect(after.prepare('SELECT DISTINCT session FROM events').pluck().all()).toEqual([
      sessionsOf(after)[0]!.id,
    ]);
    expect(eventsOf(after, sessionsOf(after)[0]!.id)).toHaveLength(4);
    after.close();
  });
});

describe('two processes', () => {
  test('a second writer waits, then fails in words; a reader sees only what is committed', () => {
    const path = join(folder, 'two.sqlite');
    const first = openDatabase(path);
    saveVisitors(first, ['ann']);
    const second = openDatabase(path, { busyMilliseconds: 50 });
    const reader = openDatabase(path, { readonly: true });
    first.exec('BEGIN IMMEDIATE');
    writer(first).saveSession(sampleSession(), events);
    expect(sessionsOf(reader)).toEqual([]);
    expect(() => writer(second).saveSession(sampleSession({ replicate: 2 }), events)).toThrow(
      /being written by another process/,
    );
    first.exec('COMMIT');
    expect(sessionsOf(reader)).toHaveLength(1);
    writer(second).saveSession(sampleSession({ replicate: 2 }), events);
    expect(sessionsOf(reader)).toHaveLength(2);
    for (const each of [first, second, reader]) each.close();
  });
});

describe('going on with a run', () => {
  test('complete and truncated sessions are done; failed ones are deleted with their events and may be saved again', () => {
    const record = writer(database);
    const failed = sampleSession({
      visitor: 'cy',
      status: 'failed',
      exitReason: null,
      failureKind: 'timeout',
      failureMessage: 'too slow',
    });
    record.saveSession(sampleSession(), events);
    record.saveSession(
      sampleSession({ visitor: 'bob', status: 'truncated', exitReason: 'step-limit' }),
      events,
    );
    record.saveSession(failed, events.slice(0, 2));
    const cut = { status: 'truncated', exitReason: 'budget-spent', steps: 0 } as const;
    record.saveSession(sampleSession({ visitor: 'bob', arm: 'other', ...cut }), []);
    expect(completedKeys(database)).toEqual(
      new Set([sessionKey(sampleSession()), sessionKey(sampleSession({ visitor: 'bob' }))]),
    );
    expect(record.deleteFailed()).toBe(2);
    expect(database.prepare('SELECT count(*) FROM events').pluck().get()).toBe(2 * events.length);
    record.saveSession(sampleSession({ visitor: 'cy' }), events);
    expect(completedKeys(database).size).toBe(3);
  });

  test('what came after a failed visit is run again too, for it did not know what that visit will have left', () => {
    const record = writer(database);
    saveVisitors(database, ['ann', 'bob']);
    const failed = {
      status: 'failed',
      exitReason: null,
      failureKind: 'browser',
      failureMessage: 'died',
    } as const;
    for (const replicate of [1, 2, 3]) {
      record.saveSession(sampleSession({ replicate, ...(replicate === 2 ? failed : {}) }), []);
      record.saveSession(sampleSession({ replicate, arm: 'other' }), []);
    }
    for (const arm of ['control', 'other']) record.saveSession(sampleSession({ visitor: 'bob', arm }), []);
    record.saveSession(sampleSession({ visitor: 'bob', replicate: 0, ...failed }), []);
    expect(record.deleteFailed()).toBe(5);
    expect(completedKeys(database)).toEqual(
      new Set(
        [
          { arm: 'control', replicate: 1 },
          ...[1, 2, 3].map((replicate) => ({ arm: 'other', replicate })),
        ].map((row) => sessionKey(sampleSession(row))),
      ),
    );
  });

  test('a visitor or item may be saved again if it is the same; another profile under the same id is refused', () => {
    saveVisitors(database, ['ann']);
    const [ann] = visitorsOf(database);
    expect(ann).toEqual({
      id: 'ann',
      activity: 'low',
      diversity: 'medium',
      conformity: 'high',
      profile: { id: 'ann' },
    });
    expect(() => writer(database).saveVisitor({ ...ann!, profile: { id: 'other' } })).toThrow(
      /another profile/,
    );
    const items = [{ id: 'a', title: 'A', genres: ['Drama'] }];
    writer(database).saveItems(items);
    writer(database).saveItems(items);
    expect(itemsOf(database)).toEqual(items);
  });
});

describe('the digest', () => {
  const sessions = ['ann', 'bob', 'cy'].flatMap((visitor) =>
    ['control', 'new'].map((arm) => sampleSession({ visitor, arm })),
  );
  const digestOf = (
    saved: readonly ReturnType<typeof sampleSession>[],
    happened: readonly Event[] = events,
  ): string => {
    const own = openDatabase(':memory:');
    saveVisitors(own, ['ann', 'bob', 'cy']);
    for (const session of saved)
      writer(own).saveSession(session, session.status === 'failed' ? [] : happened);
    return eventsDigest(own);
  };

  test('does not depend on wall-clock times, on how slates were made, the order of saving, or failed sessions', () => {
    const expected = digestOf(sessions);
    const shuffled = fc.shuffledSubarray(sessions, { minLength: sessions.length });
    fc.assert(
      fc.property(shuffled, fc.double({ min: 0, max: 1e6, noNaN: true }), (order, wallMs) => {
        const slates = [
          { arm: 'new', ms: wallMs, refused: null, generated: { by: 'search', reach: 'beam' } },
        ];
        expect(digestOf(order.map((session) => ({ ...session, wallMs, slates })))).toBe(expected);
      }),
      { numRuns: 20 },
    );
    const failed = sampleSession({
      replicate: 2,
      status: 'failed',
      exitReason: null,
      failureKind: 'timeout',
    });
    expect(digestOf([...sessions, failed])).toBe(expected);
  });

  test('changes with every event, session and place of a session', () => {
    const later = events.map((event, index) => (index === 3 ? { ...event, time: event.time + 1 } : event));
    const digests = [
      digestOf(sessions),
      digestOf(sessions.slice(1)),
      digestOf(sessions, later),
      digestOf(sessions, events.slice(0, -1)),
      digestOf(sessions.map((session) => ({ ...session, replicate: 2 }))),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('the views', () => {
  test('impressions has a row for every place of every slate, with what became of it', () => {
    writer(database).saveSession(sampleSession(), events);
    const rows = database
      .prepare(
        'SELECT slate, slot, item, in_view, opened, watched, listed, stars FROM impressions ORDER BY slate, slot',
      )
      .all();
    expect(rows).toEqual([
      { slate: 1, slot: 0, item: 'a', in_view: 1, opened: 1, watched: 1, listed: 0, stars: 4 },
      { slate: 1, slot: 1, item: 'b', in_view: 1, opened: 0, watched: 0, listed: 0, stars: null },
      { slate: 1, slot: 2, item: 'c', in_view: 0, opened: 0, watched: 0, listed: 0, stars: null },
      { slate: 2, slot: 0, item: 'd', in_view: 0, opened: 0, watched: 0, listed: 0, stars: null },
    ]);
  });

  test('a slate shown again adds no impression, and is in view if it ever was', () => {
    const again = events.map((event) =>
      event.type === 'slate-shown'
        ? { ...event, items: event.items.map((place) => ({ ...place, inView: true })) }
        : event,
    );
    writer(database).saveSession(sampleSession(), [
      ...events,
      ...again.filter((event) => event.type === 'slate-shown'),
    ]);
    expect(database.prepare('SELECT count(*) AS n, sum(in_view) AS seen FROM impressions').get()).toEqual({
      n: 4,
      seen: 4,
    });
  });

  test('clicks names the item that was opened, and every row is marked synthetic', () => {
    writer(database).saveItems([{ id: 'a', title: 'Alien', genres: [] }]);
    writer(database).saveSession(sampleSession(), events);
    expect(database.prepare('SELECT arm, visitor, item, title FROM clicks').all()).toEqual([
      { arm: 'control', visitor: 'ann', item: 'a', title: 'Alien' },
    ]);
    expect(database.prepare('SELECT DISTINCT synthetic FROM sessions').pluck().all()).toEqual([1]);
  });
});
