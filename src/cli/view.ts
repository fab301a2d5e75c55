// `rehearsal view [RUN]`: serves the dashboard on this machine until it is stopped; the rest is src/dashboard.

import { spawn } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { UsageError } from '../base/error.ts';
import { serverLinks } from '../dashboard/links.ts';
import { openRuns } from '../dashboard/runs.ts';
import { serveDashboard } from '../dashboard/serve.ts';
import { interruption } from './interruption.ts';
import { pathOfRun } from './run-path.ts';
import type { Io, Verb } from './verb.ts';

export const viewVerb: Verb = {
  name: 'view',
  summary: 'Look at runs in a browser: results, replays, visitors, items.',
  details:
    'Serves the runs in runs/, and RUN wherever it lies, to this machine only, until Ctrl-C. Records are opened read-only; a run under way can be watched while it goes on.',
  examples: ['rehearsal view', 'rehearsal view demo --open', 'rehearsal view runs/demo --port 8123'],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/', optional: true }],
  options: [
    {
      name: 'port',
      kind: 'integer',
      range: [0, 65_535],
      value: 'N',
      summary: 'port to listen on; 0 takes any free one',
      default: '0',
    },
    { name: 'open', kind: 'flag', summary: 'open it in the browser of this machine' },
  ],
  interruptible: true,
  run: async (input, io) => {
    const asked = input.optionalArgument('RUN');
    const folder = asked === undefined ? undefined : pathOfRun(asked);
    const runs = openRuns('runs', folder);
    try {
      const name = folder === undefined ? undefined : basename(resolve(folder));
      if (name !== undefined && runs.view(name) === undefined)
        throw new UsageError(
          `${folder} holds no record`,
          'Give the folder of a run, as `rehearsal run` printed it.',
        );
      const dashboard = await serveDashboard(runs, {
        port: input.integer('port') ?? 0,
        log: (line) => io.log(line),
      });
      const url = dashboard.url + (name === undefined ? '/' : serverLinks(name).experiment);
      io.answer({ url }, [url, 'Ctrl-C stops it']);
      if (input.flag('open')) openInBrowser(url, io);
      await interruption(io.interrupted);
      await dashboard.close();
    } finally {
      runs.close();
    }
    return 0;
  },
};

/** Starts the system's browser; where there is none, says so and goes on. */
function openInBrowser(url: string, io: Io): void {
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(program!, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', (error) => io.log(`no browser could be opened (${error.message}); open ${url} yourself`));
  child.unref();
}
