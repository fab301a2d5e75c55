// `rehearsal resume`: goes on with a run that was interrupted, from its folder alone. Failed sessions are tried
// again; what is complete stays as it is.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { editedSince, readManifest, runFolder, type RunFolder } from '../experiment/folder.ts';
import { withOverrides } from '../experiment/load.ts';
import { runFiles } from '../report/write.ts';
import { allowedBeforehand, consentedToItems } from './consent.ts';
import { drive, holding } from './drive-run.ts';
import { capOptions, modelAccess, scenarioEndpoint } from './endpoint-options.ts';
import { headline } from './headline.ts';
import { poolOf, poolOptions } from './pool-options.ts';
import { pathOfRun } from './run-path.ts';
import { programVersion } from './program-version.ts';
import type { Verb } from './verb.ts';

export const resumeVerb: Verb = {
  name: 'resume',
  summary: 'Go on with an interrupted run.',
  details:
    'The scenario is taken from the run folder, so nothing about the question can have changed. What was spent before, on visitors and on items, counts against its caps. Where answers about items are gone, they are quoted and asked for again.',
  examples: ['rehearsal resume runs/hello-1-20260101120000'],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [
    ...poolOptions,
    {
      name: 'yes',
      kind: 'flag',
      summary: "go on whatever the quote of a model's cost says, without asking",
    },
    ...capOptions(
      'a new cap on dollars, what was spent included',
      'a new cap on tokens, what was used included',
    ),
    {
      name: 'base-url',
      kind: 'text',
      value: 'URL',
      summary: 'model endpoint of the llm mind and of arms that ask one (default: OPENAI_BASE_URL)',
    },
  ],
  interruptible: true,
  run: async (input, io) => {
    const folder = runFolder(pathOfRun(input.argument('RUN')));
    const manifest = readManifest(folder);
    const scenario = withOverrides(manifest.scenario, {
      maxUsd: input.number('max-usd'),
      maxTokens: input.integer('max-tokens'),
    });
    const beforehand = allowedBeforehand(input);
    const access = modelAccess(scenario, io, input.text('base-url'));
    io.log(headline(scenario, folder.path));
    requireRecord(folder);
    const edited = editedSince(manifest);
    if (edited !== null) io.log(edited);
    return await holding(folder.path, io, async () => {
      requireSameProgram(manifest.program);
      const openPool = await poolOf(scenario, input, io);
      return await drive({ scenario, catalogue: readCatalogue(scenario.catalogue), folder }, io, {
        access,
        endpointFor: (ledger) =>
          scenarioEndpoint(scenario, io, input.text('base-url'), {
            ...ledger,
            agree: (quote) =>
              consentedToItems(quote, { scenario, beforehand, again: `rehearsal resume ${folder.path}` }, io),
          }),
        beforehand,
        openPool,
      });
    });
  },
};

/** A run that ended is not begun anew over its result because its record was lost. */
function requireRecord({ path, record }: RunFolder): void {
  const size = statSync(record, { throwIfNoEntry: false })?.size ?? null;
  if (size !== null && size > 0) return;
  if (!existsSync(join(path, runFiles.result))) return;
  throw new RehearsalError(
    `${path} has a result, and its record ${record} is ${size === null ? 'missing' : 'empty'}.`,
    {
      hint: 'Put the record back from a copy, or run the scenario again into another folder.',
    },
  );
}

/** Pages, minds and sessions are this program's: one half of a run by another version of it would be another experiment. */
function requireSameProgram(noted: string): void {
  const now = programVersion();
  if (noted === now) return;
  throw new RehearsalError(`This run was begun by Rehearsal ${noted}, and this is Rehearsal ${now}.`, {
    hint: `Go on with it by Rehearsal ${noted}, or begin again: rehearsal run SCENARIO --out DIR. What is recorded stays as it is.`,
  });
}
