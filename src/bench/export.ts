// The export contest: how long a run of a million impressions takes to be written in each format, and how much memory.
// The record is the synthetic one of the scale contest. Memory is the peak of the whole process, the writing of the
// record included, so it only grows from format to format.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { exportRun } from '../dataset/export.ts';
import { chosenTables } from '../dataset/exporter.ts';
import { exporters } from '../dataset/exporters.ts';
import { standardSince } from '../dataset/select.ts';
import { openDatabase } from '../store/database.ts';
import { writer } from '../store/write.ts';
import { table, type Section } from './page.ts';
import { fillRecord, twinArms } from './scale.ts';

export interface ExportReport {
  readonly impressions: number;
  readonly sessions: number;
  readonly formats: readonly {
    readonly format: string;
    readonly seconds: number;
    readonly rows: number;
    readonly megabytes: number;
    /** Peak of the process so far, MiB. */
    readonly peak: number;
  }[];
}

const impressionsPerSession = 30;

/** Writes a record of so many impressions to a temporary folder, exports it in every format, and deletes it all. */
export async function exportContest(settings: {
  readonly impressions: number;
  log(line: string): void;
}): Promise<ExportReport> {
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-export-'));
  try {
    const folder = join(place, 'large');
    mkdirSync(folder);
    const sessions = Math.ceil(settings.impressions / impressionsPerSession);
    const database = openDatabase(join(folder, 'events.sqlite'));
    fillRecord(database, sessions, settings.log);
    writer(database).setRun('scenario', {
      name: 'large',
      question: 'How long does it take?',
      catalogue: 'none',
      design: 'twins',
      mind: 'choice',
      seed: 1,
      arms: twinArms.map((name) => ({ name, method: 'm' })),
    });
    database.close();
    const formats: ExportReport['formats'][number][] = [];
    for (const exporter of exporters) {
      const started = wallMilliseconds();
      const out = join(place, exporter.name);
      const card = await exportRun(folder, exporter, out, {
        tables: chosenTables(exporter, null, 'none').tables,
        split: 'none',
        seed: 1,
        arms: null,
        since: standardSince,
        name: 'large',
        force: false,
        licence: null,
        catalogues: join(place, 'none'),
        began: () => undefined,
        progress: () => undefined,
      });
      const seconds = (wallMilliseconds() - started) / 1000;
      const bytes = card.files.reduce((sum, file) => sum + file.bytes, 0);
      formats.push({
        format: exporter.name,
        seconds,
        rows: card.files.reduce((sum, file) => sum + file.rows, 0),
        megabytes: Math.round(bytes / 2 ** 20),
        peak: Math.round(process.resourceUsage().maxRSS / 1024),
      });
      settings.log(`${exporter.name}: ${seconds.toFixed(1)} s`);
      rmSync(out, { recursive: true });
    }
    return { impressions: sessions * impressionsPerSession, sessions, formats };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The section of docs/bench.md. */
export function exportSection(report: ExportReport, command: string): Section {
  const count = (value: number): string => value.toLocaleString('en-US');
  return {
    name: 'export',
    command,
    lines: [
      `A run of ${count(report.impressions)} impressions in ${count(report.sessions)} sessions, every table a format writes by itself. The peak is that of the whole process up to there.`,
      '',
      ...table(
        ['format', 'seconds', 'rows', 'MiB', 'peak memory, MiB'],
        report.formats.map(({ format, seconds, rows, megabytes, peak }) => [
          format,
          seconds.toFixed(1),
          count(rows),
          count(megabytes),
          count(peak),
        ]),
      ),
    ],
  };
}
