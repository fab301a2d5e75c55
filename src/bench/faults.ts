// The contest of faults: one thing after another goes wrong in a small run. Every run must end complete, or stopped or
// refused with a reason in words; its record must pass every check; and where nobody failed, it must be the run that
// would have been without the fault.

import { join } from 'node:path';
import { endpointFaults, recommenderFlapping, recommenderGone } from './asked-faults.ts';
import {
  browserKilled,
  clockJump,
  diskFull,
  recordLocked,
  redisKilled,
  signalled,
  workerOutOfMemory,
} from './fault-cases.ts';
import type { FaultCase, FaultRow, Field } from './fault-row.ts';
import { table, type Section } from './page.ts';
import { lookAt, openGround, smallRun } from './torture-ground.ts';

export interface FaultsReport {
  readonly visitors: number;
  readonly rows: readonly FaultRow[];
  /** Faults that could not be tried, and why. */
  readonly untried: readonly string[];
}

export const faultCases: readonly FaultCase[] = [
  diskFull,
  recordLocked,
  browserKilled,
  signalled,
  workerOutOfMemory,
  clockJump,
  redisKilled,
  recommenderFlapping,
  recommenderGone,
  endpointFaults,
];

/** Tries the cases, one after the other. */
export async function faultsContest(settings: {
  readonly visitors: number;
  readonly seed: number;
  readonly cases?: readonly FaultCase[];
  log(line: string): void;
}): Promise<FaultsReport> {
  const { visitors, seed, cases = faultCases, log } = settings;
  const ground = openGround();
  try {
    ground.declare(smallRun(visitors));
    await ground.ask(['run', 'small.mjs', '--out', 'whole']).told;
    const { digest } = lookAt(join(ground.root, 'whole'));
    const field: Field = { ground, visitors, seed, digest };
    const rows: FaultRow[] = [];
    const untried: string[] = [];
    for (const attempt of cases) {
      const row = await attempt(field);
      if (typeof row === 'string') untried.push(row);
      else rows.push(row);
      log(
        typeof row === 'string'
          ? row
          : `${row.fault}: ${row.ends.join('; then ')} ${faultsOf(row).join('; ')}`,
      );
    }
    return { visitors, rows, untried };
  } finally {
    await ground.clear();
  }
}

/** What of a row must not be; nothing where all is well. */
export function faultsOf({ ends, found, isSame, wrong }: FaultRow): string[] {
  const failed = Object.values(found.failed).reduce((sum, count) => sum + count, 0);
  return [
    ...wrong,
    ...found.broken,
    ...(ends.at(-1) === 'complete' ? [] : [`ended as ${ends.at(-1)}`]),
    ...ends
      .filter((end) => ['stopped', 'refused', 'gone'].includes(end))
      .map((end) => `${end} without a reason`),
    ...(found.keys.size + failed === found.planned
      ? []
      : [`${found.keys.size} complete and ${failed} failed of ${found.planned}`]),
    ...(isSame === false ? ['another digest than the undisturbed run'] : []),
  ];
}

export function faultsSection(report: FaultsReport, command: string): Section {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return {
    name: 'faults',
    command,
    lines: [
      `One thing goes wrong on purpose in a run of ${report.visitors} visitors under two arms. ${report.rows.filter((row) => faultsOf(row).length === 0).length} of ${report.rows.length} runs ended whole: every planned session is complete or failed with a name, the record passes every check, and where none failed the digest is that of an undisturbed run.`,
      '',
      ...table(
        [
          'fault',
          'what was done',
          'ended, then resumed',
          'sessions',
          'failed',
          'same digest',
          'what was wrong',
        ],
        report.rows.map((row) => [
          row.fault,
          row.done,
          cell(row.ends.join(' → ')),
          `${row.found.sessions} of ${row.found.planned}`,
          Object.entries(row.found.failed)
            .map(([reason, count]) => `${count} ${reason}`)
            .join(', ') || '0',
          row.isSame === null ? 'not to be expected' : row.isSame ? 'yes' : 'NO',
          cell(faultsOf(row).join('; ')) || 'nothing',
        ]),
      ),
      ...report.untried.flatMap((why) => ['', `Not tried: ${why}.`]),
    ],
  };
}
