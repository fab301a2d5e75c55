// `rehearsal report RUN`: writes report.html of a run again from its record; the rest is src/report.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/error.ts';
import { writeReport } from '../report/write.ts';
import type { Verb } from './verb.ts';

export const reportVerb: Verb = {
  name: 'report',
  summary: 'Write the report of a run again from its record.',
  details: 'Reads the record and the screens in the folder of the run and changes nothing but report.html.',
  examples: ['rehearsal report runs/demo', 'rehearsal report demo'],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [],
  run: async (input, io) => {
    const folder = runFolder(input.argument('RUN'));
    const path = writeReport(folder);
    io.answer({ run: folder, report: path, bytes: statSync(path).size }, [`report: ${path}`]);
    return 0;
  },
};

/** The folder of a run given by path, or by name under runs/. UsageError when there is neither. */
export function runFolder(run: string): string {
  const found = [run, join('runs', run)].find((path) => existsSync(path) && statSync(path).isDirectory());
  if (found !== undefined) return found;
  throw new UsageError(`there is no run at ${run} or ${join('runs', run)}`, 'Runs are folders; see: ls runs');
}
