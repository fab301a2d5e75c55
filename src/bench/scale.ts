// The scale contest: how long a record of many events takes to add up. The record is synthetic: sessions of 25 events
// with slates of ten, opens, watches and ratings, in the proportions and with rows as wide as a run with the choice
// mind writes them. What is timed is what an analysis does with it, and nothing else.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { coverage } from '../metrics/coverage.ts';
import { metrics } from '../metrics/metrics.ts';
import { sessionTotals, visitorTotals } from '../metrics/totals.ts';
import { openDatabase } from '../store/database.ts';
import type { Database } from '../store/database.ts';
import { table, type Section } from './page.ts';

export interface ScaleReport {
  readonly sessions: number;
  readonly events: number;
  readonly megabytes: number;
  readonly seconds: {
    readonly totals: number;
    readonly coverage: number;
    readonly visitors: number;
  };
}

const eventsPerSession = 25;
export const twinArms = ['control', 'treatment'];

/** Writes a record of about this many events to a temporary file, adds it up, and deletes it. */
export function scaleContest(settings: { readonly events: number; log(line: string): void }): ScaleReport {
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-scale-'));
  try {
    const path = join(place, 'events.sqlite');
    const database = openDatabase(path);
    const sessions = Math.ceil(settings.events / eventsPerSession);
    fillRecord(database, sessions, settings.log);
    const events = Number(database.prepare('SELECT count(*) FROM events').pluck().get());
    const started = wallMilliseconds();
    const totals = sessionTotals(database, metrics);
    const added = wallMilliseconds();
    coverage(database);
    const covered = wallMilliseconds();
    for (const metric of metrics) visitorTotals(totals, metric);
    const ended = wallMilliseconds();
    database.close();
    return {
      sessions,
      events,
      megabytes: Math.round(statSync(path).size / 2 ** 20),
      seconds: {
        totals: (added - started) / 1000,
        coverage: (covered - added) / 1000,
        visitors: (ended - covered) / 1000,
      },
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Twins of one session each, thirty impressions a session; the rows are made by SQL, since only their shape and number matter here. */
export function fillRecord(database: Database, sessions: number, log: (line: string) => void): void {
  const items = 2_000;
  const chunk = 20_000;
  database.pragma('synchronous = OFF');
  database.exec(`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${items})
    INSERT INTO items SELECT 'i' || i, 'Item ' || i, json_array('g' || (i % 19), 'g' || (i % 7)) FROM n;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${Math.ceil(sessions / twinArms.length)})
    INSERT INTO visitors SELECT 'v' || i, 'low', 'medium', 'high', '{}' FROM n;`);
  for (let from = 0; from < sessions; from += chunk) {
    const to = Math.min(sessions, from + chunk);
    database.transaction(() => {
      database.exec(`
        WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
        INSERT INTO sessions SELECT i + 1, 'v' || (i / 2), CASE i % 2 WHEN 0 THEN '${twinArms[0]}' ELSE '${twinArms[1]}' END, 1,
          'choice', '1', 1, 'complete', 'bored', NULL, NULL, 9, 120, 0, 1, NULL, 1, NULL FROM n;
        WITH RECURSIVE n(i) AS (SELECT ${from + 1} UNION ALL SELECT i + 1 FROM n WHERE i < ${to}),
          s(seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM s WHERE seq + 1 < ${eventsPerSession})
        INSERT INTO events (session, seq, data)
        SELECT i, seq, CASE
          WHEN seq IN (1, 7, 13) THEN json_object('type', 'slate-shown', 'time', seq, 'slate', (seq + 5) / 6, 'list', 'home',
            'page', (seq + 5) / 6, 'method', 'm', 'version', 'v', 'items', json((
              SELECT json_group_array(json_object('item', 'i' || ((i * 7919 + seq * 131 + slot * 17) % ${items}), 'slot', slot,
                'score', 0.5, 'propensity', 1, 'inView', json('true')))
              FROM (SELECT value AS slot FROM json_each('[1,2,3,4,5,6,7,8,9,10]')))))
          WHEN seq IN (3, 9, 15, 19) THEN json_object('type', 'item-opened', 'time', seq,
            'item', 'i' || ((i * 7919 + (CASE seq WHEN 3 THEN 1 WHEN 9 THEN 7 ELSE 13 END) * 131 + (i + seq) % 10 * 17 + 17) % ${items}),
            'slate', CASE seq WHEN 3 THEN 1 WHEN 9 THEN 2 ELSE 3 END, 'slot', (i + seq) % 10 + 1)
          WHEN seq = 5 THEN json_object('type', 'item-watched', 'time', seq, 'item', 'i' || ((i * 7919 + 148) % ${items}), 'slate', 1, 'slot', 1)
          WHEN seq = 6 THEN json_object('type', 'item-rated', 'time', seq, 'item', 'i' || ((i * 7919 + 148) % ${items}), 'slate', 1, 'slot', 1, 'stars', i % 5 + 1)
          WHEN seq % 2 = 0 THEN json_object('type', 'step-taken', 'time', seq, 'page', 'home', 'screen', printf('%064d', i), 'interest', 3,
            'fatigue', 1, 'action', 'open', 'mark', 3, 'recalled', json_array(), 'reason', 'It looked good enough to open.',
            'noticed', json('[' || substr(replace(printf('%08d', 0), '0', ',{"mark":4,"text":"Some title 1999","interest":3.2,"box":{"x":10,"y":20,"width":180,"height":240}}'), 2) || ']'))
          ELSE json_object('type', 'item-closed', 'time', seq, 'item', 'i' || (i % ${items})) END
        FROM n, s;`);
    })();
    log(`${to} of ${sessions} sessions written`);
  }
}

/** The section of docs/bench.md. */
export function scaleSection(report: ScaleReport, command: string): Section {
  const { seconds } = report;
  const whole = seconds.totals + seconds.coverage + seconds.visitors;
  return {
    name: 'scale',
    command,
    lines: [
      `A record of ${report.events.toLocaleString('en-US')} events in ${report.sessions.toLocaleString('en-US')} sessions (${report.megabytes.toLocaleString('en-US')} MiB) is added up for all ${metrics.length} metrics in ${whole.toFixed(1)} s.`,
      '',
      ...table(
        ['part', 'seconds'],
        [
          ['totals of every session, one pass a source', seconds.totals.toFixed(1)],
          ['coverage', seconds.coverage.toFixed(1)],
          ['values of every visitor', seconds.visitors.toFixed(1)],
        ],
      ),
    ],
  };
}
