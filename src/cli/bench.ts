// `rehearsal bench`: slow contests whose figures are ratios measured side by side in one run. Prints them and writes
// them to docs/bench.md with machine, date and command. Never part of the tests: a timing is not an assertion.

import { existsSync } from 'node:fs';
import { openStudio } from '../../sandbox/camera.ts';
import { UsageError } from '../base/error.ts';
import { aaContest, aaSection } from '../bench/aa.ts';
import { likenessContest, likenessSection } from '../bench/likeness.ts';
import { writeSection, type Section } from '../bench/page.ts';
import { scaleContest, scaleSection } from '../bench/scale.ts';
import { speedReport, speedSection } from '../bench/speed-report.ts';
import type { Verb } from './verb.ts';

const contests = ['aa', 'likeness', 'scale', 'speed'] as const;
const page = 'docs/bench.md';

export const benchVerb: Verb = {
  name: 'bench',
  summary: 'Measure false alarms, likeness to real people, scale and speed.',
  details: `Contests: ${contests.join(', ')}; without a name all of them, some minutes each. Results go to ${page}.`,
  examples: [
    'npm run bench -- likeness',
    'npm run bench -- speed',
    'rehearsal bench likeness --visitors 150 --json',
  ],
  arguments: [{ name: 'CONTEST', summary: contests.join(', '), optional: true }],
  options: [
    {
      name: 'data',
      kind: 'text',
      value: 'DIR',
      summary: 'folder of the real data sets',
      default: '../shared/data',
    },
    { name: 'visitors', kind: 'integer', value: 'N', summary: 'visitors in the loop', default: '120' },
    { name: 'seeds', kind: 'integer', value: 'N', summary: 'runs of the A/A contest', default: '20' },
    { name: 'seed', kind: 'integer', value: 'N', summary: 'seed of all chance', default: '1' },
    {
      name: 'events',
      kind: 'integer',
      value: 'N',
      summary: 'events of the scale contest',
      default: '10000000',
    },
  ],
  run: async (input, io) => {
    const asked = input.optionalArgument('CONTEST');
    if (asked !== undefined && !contests.some((contest) => contest === asked)) {
      throw new UsageError(`there is no contest '${asked}'`, `Contests: ${contests.join(', ')}.`);
    }
    const data = input.text('data')!;
    const settings = {
      visitors: input.integer('visitors')!,
      seed: input.integer('seed')!,
      log: (line: string) => io.log(line),
    };
    const wanted = contests.filter((contest) => asked === undefined || contest === asked);
    if (wanted.includes('likeness') && !existsSync(data)) {
      throw new UsageError(
        `the real data are expected in ${data}, which does not exist`,
        'Name their folder with --data.',
      );
    }
    const documents: Record<string, unknown> = {};
    const lines: string[] = [];
    const finish = (section: Section, document: unknown): void => {
      documents[section.name] = document;
      lines.push(`## ${section.name}`, '', ...section.lines, '');
      writeSection(page, section);
    };
    if (wanted.includes('scale')) {
      const events = input.integer('events')!;
      const report = scaleContest({ events, log: settings.log });
      finish(scaleSection(report, `npm run bench -- scale --events ${events}`), report);
    }
    for (const contest of wanted.filter((one) => one !== 'scale')) {
      const studio = await openStudio();
      try {
        if (contest === 'aa') {
          const rows = await aaContest(studio, { seeds: input.integer('seeds')!, log: settings.log });
          finish(aaSection(rows, `npm run bench -- aa --seeds ${rows.length}`), rows);
        } else if (contest === 'likeness') {
          const report = await likenessContest(data, studio, settings);
          finish(
            likenessSection(
              report,
              `npm run bench -- likeness --visitors ${settings.visitors} --seed ${settings.seed}`,
            ),
            report,
          );
        } else {
          const report = await speedReport(studio, settings);
          finish(speedSection(report, 'npm run bench -- speed'), report);
        }
      } finally {
        await studio.close();
      }
    }
    io.answer(documents, [...lines, `Written to ${page}`]);
    return 0;
  },
};
