// The contest of endurance as it is printed.

import { table, type Section } from './page.ts';
import type { Slope } from './slope.ts';
import type { Resource, SoakReport } from './soak.ts';

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
const kibibytes = (bytes: number): string => (bytes / 1024).toFixed(0);

export function soakSection(report: SoakReport, command: string): Section {
  const { reached, wanted, first, last, slopes, pace } = report;
  const row = (what: string, field: Resource, text: (value: number) => string) => [
    what,
    field === 'handles' ? String(first.handles) : `${mebibytes(first[field])} MiB`,
    field === 'handles' ? String(last.handles) : `${mebibytes(last[field])} MiB`,
    slopes === null ? 'too few sessions' : slopeText(slopes[field], text),
  ];
  return {
    name: 'soak',
    command,
    lines: [
      `${reached.toLocaleString('en-US')} of ${wanted.toLocaleString('en-US')} choice-mind sessions of one run in ${Math.round(report.seconds / 60)} minutes, ${report.failed} failed; ${report.screens.toLocaleString('en-US')} new screens by ${report.browsers} browsers, each retired after 2,000. The first ${report.warmUp} sessions, in which caches fill, are not counted below.`,
      '',
      ...table(
        [
          'in use',
          `after ${first.sessions} sessions`,
          `after ${last.sessions}`,
          'a thousand sessions more [95 % interval]',
        ],
        [
          row('resident memory of the Node process', 'own', (value) => `${kibibytes(value)} KiB`),
          row('of it, JavaScript objects', 'heap', (value) => `${kibibytes(value)} KiB`),
          row('memory of the browser processes', 'browser', (value) => `${kibibytes(value)} KiB`),
          row('open file handles', 'handles', (value) => value.toFixed(2).replace('-0.00', '0.00')),
        ],
      ),
      '',
      `Sessions a minute from the first to the last that ended, in two turns; the machine had a load of ${report.load.toFixed(0)}:`,
      '',
      ...table(
        ['way', 'first turn', 'second turn'],
        pace.map(({ workers, perMinute }) => [
          workers === 0 ? 'in process' : `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
          ...perMinute.map((value) => value.toFixed(0)),
        ]),
      ),
    ],
  };
}

function slopeText({ value, ci }: Slope, text: (value: number) => string): string {
  return `${text(value)} [${text(ci[0])}, ${text(ci[1])}]`;
}
