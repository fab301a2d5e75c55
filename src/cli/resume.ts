// `rehearsal resume`: goes on with a run that was interrupted, from its folder alone. Failed sessions are tried
// again; what is complete stays as it is.

import { readCatalogue } from '../catalogue/folder.ts';
import { readManifest, runFolder } from '../experiment/folder.ts';
import { drive } from './run.ts';
import type { Verb } from './verb.ts';

export const resumeVerb: Verb = {
  name: 'resume',
  summary: 'Go on with an interrupted run.',
  details: 'The scenario is taken from the run folder, so nothing about the question can have changed.',
  examples: ['rehearsal resume runs/hello-1-20260101120000'],
  arguments: [{ name: 'RUN', summary: 'the folder of the run' }],
  options: [],
  interruptible: true,
  run: async (input, io) => {
    const folder = runFolder(input.argument('RUN'));
    const { scenario } = readManifest(folder);
    return await drive(scenario, readCatalogue(scenario.catalogue), folder, io);
  },
};
