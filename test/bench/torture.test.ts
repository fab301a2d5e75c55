// The phases by which the contest of torture tells what its kills hit, and how it is printed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tortureSection } from '../../src/bench/torture-section.ts';
import { phaseOf } from '../../src/bench/torture.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-torture-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a phase is read off the folder of a run', () => {
  expect(phaseOf(folder)).toBe('starting');
  const database = openDatabase(join(folder, 'events.sqlite'));
  expect(phaseOf(folder)).toBe('making arms');
  saveVisitors(database, ['ann']);
  const plan = [{ visitor: 'ann', arm: 'control', replicate: 1 }];
  const ledger = openLedger(database, writer(database), plan, 'question');
  expect(phaseOf(folder)).toBe('sessions');
  const events = sampleEvents({ slates: [['a']] });
  ledger.commit(ledger.lease('ann', 'here'), { session: sampleSession(), events, calls: [] });
  expect(phaseOf(folder)).toBe('ending');
  database.close();
});

test('what was lost, torn or different stands in the first line, and each kill in its cell', () => {
  const { lines } = tortureSection(
    {
      visitors: 5,
      kills: [
        { workers: 0, victim: 'run', phase: 'sessions' },
        { workers: 4, victim: 'child', phase: 'ending' },
      ],
      lost: 3,
      looks: 7,
      torn: 1,
      runs: [
        { workers: 0, kills: 1, isSame: true, failed: 0 },
        { workers: 4, kills: 1, isSame: false, failed: 2 },
      ],
      pace: [
        { workers: 0, perMinute: 10 },
        { workers: 4, perMinute: 20 },
      ],
    },
    'a command',
  );
  expect(lines[0]).toContain(
    '2 SIGKILLs at random moments over 2 runs of 10 sessions: 3 committed sessions lost',
  );
  expect(lines[0]).toContain('1 of 7 looks at the record with a failed check, 1 of 2 runs');
  expect(lines).toContain('| the run | in process | 0 | 0 | 1 | 0 |');
  expect(lines).toContain('| a worker or browser | 4 workers | 0 | 0 | 0 | 1 |');
});
