// `rehearsal report RUN`: writes report.html of a run again from its record, or with --html all views of the dashboard
// as files; the rest is src/report and src/dashboard.

import { statSync } from 'node:fs';
import { UsageError } from '../base/error.ts';
import { listed } from '../base/listed.ts';
import { writeBundle } from '../dashboard/bundle.ts';
import { redactions } from '../dashboard/run-view.ts';
import type { Redaction } from '../dashboard/run-view.ts';
import { writeReport } from '../report/write.ts';
import { pathOfRun } from './run-path.ts';
import type { Verb } from './verb.ts';

export const reportVerb: Verb = {
  name: 'report',
  summary: 'Write the report of a run again from its record, or all its views as files.',
  details: [
    'Reads the record and the screens in the folder of the run and changes nothing but report.html.',
    'With --html DIR it writes what `view` shows into DIR instead: pages with replays that open from disk without a server or a network and can be sent to someone. Paths of this machine and messages of failures are always left out of them.',
  ].join('\n\n'),
  examples: [
    'rehearsal report runs/demo',
    'rehearsal report demo --html out/demo',
    'rehearsal report demo --html out/demo --redact visitors,profiles',
  ],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [
    { name: 'html', kind: 'text', value: 'DIR', summary: 'write all views as files into this empty folder' },
    {
      name: 'redact',
      kind: 'text',
      value: 'LIST',
      summary: `what to leave out of the files, of ${redactions.join(', ')}, separated by commas`,
    },
    {
      name: 'sessions',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'most sessions whose replay goes into the files',
      default: '200',
    },
  ],
  run: async (input, io) => {
    const folder = pathOfRun(input.argument('RUN'));
    const out = input.text('html');
    const hidden = hiddenParts(input.text('redact'));
    if (out === undefined) {
      if (hidden.size > 0)
        throw new UsageError(
          '--redact needs --html',
          'report.html shows everything it shows; only the files of --html can leave things out.',
        );
      const path = writeReport(folder);
      io.answer({ run: folder, report: path, bytes: statSync(path).size }, [`report: ${path}`]);
      return 0;
    }
    const sessions = input.integer('sessions') ?? 200;
    const bundle = writeBundle(folder, out, { hidden, sessions });
    io.answer({ run: folder, ...bundle, redacted: [...hidden] }, [
      `${bundle.sessions} sessions in ${bundle.files} files; open ${bundle.start}`,
    ]);
    return 0;
  },
};

function hiddenParts(list: string | undefined): ReadonlySet<Redaction> {
  const names = list === undefined ? [] : listed(list, '--redact');
  return new Set(
    names.map((name) => {
      const known = redactions.find((candidate) => candidate === name);
      if (known !== undefined) return known;
      throw new UsageError(`--redact does not know '${name}'`, `It knows ${redactions.join(', ')}.`);
    }),
  );
}
