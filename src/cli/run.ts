// `rehearsal run`: from a scenario file to a verdict. Says first what it will do and where it writes, last how to
// look at the result.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { wallDate, wallMilliseconds } from '../base/clock.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { prepareExperiment } from '../experiment/build.ts';
import {
  createRunFolder,
  forgetFormer,
  putFormerBack,
  requireFree,
  type RunFolder,
} from '../experiment/folder.ts';
import { loadScenario } from '../experiment/load.ts';
import type { ItemLedger } from '../experiment/item-endpoint.ts';
import { requireModelSettings } from '../experiment/model.ts';
import { nothingSpent } from '../llm/budget.ts';
import type { ItemEndpoint } from '../recommend/recommender.ts';
import { openDatabase } from '../store/database.ts';
import { completedKeys } from '../store/read.ts';
import { allowedBeforehand, consentedToItems } from './consent.ts';
import { drive, holding } from './drive-run.ts';
import { modelAccess, scenarioEndpoint } from './endpoint-options.ts';
import { headline } from './headline.ts';
import { toldMaking } from './model-options.ts';
import { poolOf, poolOptions } from './pool-options.ts';
import { programVersion } from './program-version.ts';
import { llmOptions, scenarioOptions, typedLlm, typedOverrides } from './scenario-options.ts';
import type { Verb } from './verb.ts';

export const runVerb: Verb = {
  name: 'run',
  summary: 'Run a scenario: sessions, analysis, verdict and report.',
  details:
    'Every visitor of the scenario meets its arm (or, as twins, every arm) on a rendered site. The run folder holds the record (SQLite), the screens, the result and the report. Ctrl-C (also SIGTERM and SIGHUP) stops after the sessions under way, a second one at once; resume goes on from either. While arms are still trained there is no run yet: their training stops, and the same command goes on with it.',
  examples: [
    'rehearsal run scenarios/hello.ts',
    'rehearsal run scenarios/model.ts --catalogue ml-small --visitors 150 --json',
  ],
  arguments: [{ name: 'SCENARIO', summary: 'a scenario file, such as scenarios/hello.ts' }],
  options: [
    ...scenarioOptions('how many visitors'),
    {
      name: 'out',
      kind: 'text',
      value: 'DIR',
      summary: 'the run folder to make (default: runs/<scenario>-<seed>-<time>)',
    },
    {
      name: 'minds',
      kind: 'text',
      value: 'NAMES',
      summary: 'several minds with commas between, the verdict by the last',
    },
    ...llmOptions,
    ...poolOptions,
    {
      name: 'yes',
      kind: 'flag',
      summary: "go on whatever the quote of a model's cost says, without asking",
    },
    { name: 'force', kind: 'flag', summary: 'replace a former run in DIR' },
  ],
  interruptible: true,
  run: async (input, io) => {
    const scenario = await loadScenario(input.argument('SCENARIO'), {
      ...typedOverrides(input),
      ...typedLlm(input),
      minds: input.text('minds'),
    });
    const access = modelAccess(scenario, io, input.text('base-url'));
    const beforehand = allowedBeforehand(input);
    const endpointFor = (ledger: ItemLedger): ItemEndpoint =>
      scenarioEndpoint(scenario, io, input.text('base-url'), {
        ...ledger,
        agree: (quote) =>
          consentedToItems(quote, { scenario, beforehand, again: 'the same command again' }, io),
      });
    const started = wallDate();
    const out =
      input.text('out') ??
      join('runs', `${scenario.name}-${scenario.seed}-${started.replace(/\D/g, '').slice(0, 14)}`);
    const openPool = await poolOf(scenario, input, io);
    const force = input.flag('force');
    requireFree(out, force);
    requireModelSettings(scenario, out);
    const catalogue = readCatalogue(scenario.catalogue);
    io.log(headline(scenario, out));
    return await holding(out, io, async () => {
      // There is no record yet: what is asked about items is noted in it as soon as there is.
      let spentOnItems = nothingSpent;
      const endpoint = endpointFor({ keepSpent: (spent) => void (spentOnItems = spent) });
      const prepared = await prepareExperiment(scenario, catalogue, (line) => io.log(line), {
        endpoint,
        ...toldMaking(io, wallMilliseconds),
      });
      const about = { program: programVersion(), started, force, file: input.argument('SCENARIO') };
      const folder = createRunFolder(out, scenario, about);
      const means = { access, endpointFor, beforehand, openPool };
      try {
        return await drive({ scenario, catalogue, prepared, spentOnItems, folder }, io, means);
      } catch (error) {
        // A model that does not answer must not cost the answers of the run that was to be replaced.
        if (!hasSessions(folder)) putFormerBack(folder);
        throw error;
      } finally {
        forgetFormer(folder);
      }
    });
  },
};

/** Whether any session of the run is recorded. */
function hasSessions({ record }: RunFolder): boolean {
  if (!existsSync(record)) return false;
  const database = openDatabase(record, { readonly: true });
  try {
    return completedKeys(database).size > 0;
  } finally {
    database.close();
  }
}
