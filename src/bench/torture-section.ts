// The contest of torture as it is printed: what was hit when, and what came of it.

import { table, type Section } from './page.ts';
import type { Phase, TortureReport } from './torture.ts';

const phases: readonly Phase[] = ['starting', 'making arms', 'sessions', 'ending'];

export function tortureSection(report: TortureReport, command: string): Section {
  const { kills, runs } = report;
  const count = (victim: string, phase: Phase, workers: number): string =>
    String(
      kills.filter((kill) => kill.victim === victim && kill.phase === phase && kill.workers === workers)
        .length,
    );
  const ways = report.pace.map(({ workers }) => workers);
  const wayText = (workers: number): string => (workers === 0 ? 'in process' : `${workers} workers`);
  const same = runs.filter(({ isSame }) => isSame).length;
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  return {
    name: 'torture',
    command,
    lines: [
      `${kills.length} SIGKILLs at random moments over ${runs.length} runs of ${2 * report.visitors} sessions: ${report.lost} committed sessions lost, ${report.torn} of ${report.looks} looks at the record with a failed check, ${same} of ${runs.length} runs ended in the digest of the undisturbed run, ${failed} sessions failed.`,
      '',
      ...table(
        ['killed', 'way', ...phases],
        ['run', 'child'].flatMap((victim) =>
          ways.map((workers) => [
            victim === 'run' ? 'the run' : 'a worker or browser',
            wayText(workers),
            ...phases.map((phase) => count(victim, phase, workers)),
          ]),
        ),
      ),
      '',
      'Undisturbed, start and end included:',
      '',
      ...table(
        ['way', 'sessions a minute'],
        report.pace.map(({ workers, perMinute }) => [wayText(workers), perMinute.toFixed(1)]),
      ),
    ],
  };
}
