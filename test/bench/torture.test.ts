// The contest of torture, a short one; the phases by which it tells what its kills hit, and how it is printed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tortureSection } from '../../src/bench/torture-section.ts';
import { tortureContest } from '../../src/bench/torture.ts';
import { phaseOf, progressOf } from '../../src/bench/torture-ground.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-torture-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the phase of a process that has a run is read off its folder, for a run gone on with too', () => {
  const phase = (before = { sessions: 0, token: 0 }) => phaseOf(folder, 77, before);
  const owner = (pid: number): void => writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid }));
  expect(phase()).toBe('starting');
  owner(77);
  expect(phase()).toBe('making arms');
  const database = openDatabase(join(folder, 'events.sqlite'));
  saveVisitors(database, ['ann']);
  const row = { visitor: 'ann', arm: 'control', replicate: 1 };
  const plan = [row, { ...row, arm: 'other' }];
  const ledger = openLedger(database, writer(database), plan, 'question');
  expect(phase()).toBe('making arms');
  const events = sampleEvents({ slates: [['a']] });
  const token = ledger.lease('ann', 'here');
  expect(phase()).toBe('workers starting');
  ledger.commit(token, { session: sampleSession(), events, calls: [] });
  expect(phase()).toBe('sessions');

  const before = progressOf(folder);
  expect(before).toEqual({ sessions: 1, token: 1, planned: 2 });
  expect(phase(before)).toBe('making arms');
  owner(78);
  expect(phase(before)).toBe('starting');
  owner(77);
  const next = ledger.lease('ann', 'here');
  expect(phase(before)).toBe('workers starting');
  ledger.commit(next, { session: sampleSession({ arm: 'other' }), events, calls: [] });
  expect(phase(before)).toBe('ending');
  database.close();
});

test('what was lost, torn or different stands in the first line, and each hit in its cell', () => {
  const hit = { workers: 1, victim: 'run', signal: 'SIGKILL', phase: 'sessions', atWrite: true } as const;
  const { lines } = tortureSection(
    {
      visitors: 5,
      leaseSeconds: 12,
      hits: [
        hit,
        { ...hit, workers: 4, victim: 'worker', phase: 'ending', atWrite: false },
        { ...hit, workers: 4, signal: 'SIGSTOP', atWrite: false },
      ],
      lost: 3,
      twice: 2,
      looks: 7,
      broken: ['run-1, life 2: events: torn'],
      runs: [
        { workers: 1, hits: 1, isSame: true, failed: 0 },
        { workers: 4, hits: 2, isSame: false, failed: 4 },
      ],
      leftOver: 6,
      seconds: 120,
    },
    'a command',
  );
  expect(lines[0]).toContain('2 SIGKILLs and 1 SIGSTOPs beyond a lease of 12 s');
  expect(lines[0]).toContain(
    '2 runs of 10 sessions with 1 and 4 workers, in 2 minutes: 3 committed sessions lost',
  );
  expect(lines[0]).toContain('2 counted twice, 1 complaints at 7 checks of the record, 1 of 2 runs');
  expect(lines[0]).toContain('4 sessions failed, 6 processes left over');
  expect(lines).toContain('| the run killed | 1 | 0 | 0 | 0 | 1 | 0 | 1 |');
  expect(lines).toContain('| a worker killed | 4 | 0 | 0 | 0 | 0 | 1 | 0 |');
  expect(lines).toContain(
    '| the run stopped for longer than the lease, and woken | 4 | 0 | 0 | 0 | 1 | 0 | 0 |',
  );
  expect(lines.at(-1)).toBe('- run-1, life 2: events: torn');
});

test.skipIf(process.platform !== 'linux')(
  'three kills lose nothing, count nothing twice and leave the digest as it was',
  async () => {
    // Stops beyond a lease are waited out, which takes a minute: a worker is stopped in the tests of the process pool.
    const settings = { kills: 3, stops: 0, visitors: 4, seed: 1, workers: [2], minutes: 5 };
    const { hits, looks, runs, ...found } = await tortureContest({ ...settings, log: () => undefined });
    expect(hits.filter(({ signal }) => signal === 'SIGKILL').length).toBeGreaterThanOrEqual(3);
    expect(looks).toBeGreaterThanOrEqual(runs.length);
    expect(found).toMatchObject({ lost: 0, twice: 0, broken: [], leftOver: 0 });
    expect(runs.filter(({ isSame, failed }) => !isSame || failed > 0)).toEqual([]);
  },
);
