// The contest of torture as it is printed: who was hit when, and what came of it.

import { table, type Section } from './page.ts';
import { phases } from './torture-ground.ts';
import type { Hit, TortureReport } from './torture.ts';

const blows: readonly (readonly [string, Hit['victim'], Hit['signal']])[] = [
  ['the run killed', 'run', 'SIGKILL'],
  ['a worker killed', 'worker', 'SIGKILL'],
  ['a browser killed', 'browser', 'SIGKILL'],
  ['a worker stopped for longer than its lease', 'worker', 'SIGSTOP'],
  ['the run stopped for longer than the lease, and woken', 'run', 'SIGSTOP'],
];

export function tortureSection(report: TortureReport, command: string): Section {
  const { hits, runs, broken } = report;
  const ways = [...new Set(runs.map(({ workers }) => workers))].sort((a, b) => a - b);
  const numberOf = (name: Hit['signal']): number => hits.filter(({ signal }) => signal === name).length;
  const same = runs.filter(({ isSame }) => isSame).length;
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  return {
    name: 'torture',
    command,
    lines: [
      `${numberOf('SIGKILL')} SIGKILLs and ${numberOf('SIGSTOP')} SIGSTOPs beyond a lease of ${report.leaseSeconds} s, at random moments over ${runs.length} runs of ${2 * report.visitors} sessions with ${ways.join(' and ')} workers, in ${Math.round(report.seconds / 60)} minutes: ${report.lost} committed sessions lost, ${report.twice} counted twice, ${broken.length} complaints at ${report.looks} checks of the record, ${same} of ${runs.length} runs ended in the digest of the undisturbed run, ${failed} sessions failed, ${report.leftOver} processes left over.`,
      '',
      ...table(
        ['what was done', 'workers', ...phases, 'of these at a write'],
        blows.flatMap(([what, victim, signal]) =>
          ways.map((workers) => {
            const own = hits.filter(
              (hit) => hit.victim === victim && hit.signal === signal && hit.workers === workers,
            );
            const counts = phases.map((phase) => own.filter((hit) => hit.phase === phase).length);
            return [what, workers, ...counts, own.filter(({ atWrite }) => atWrite).length].map(String);
          }),
        ),
      ),
      ...(broken.length === 0 ? [] : ['', 'Complaints:', '', ...broken.map((words) => `- ${words}`)]),
    ],
  };
}
