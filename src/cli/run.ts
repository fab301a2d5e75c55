// `rehearsal run`: from a scenario file to a verdict. Says first what it will do and where it writes, last how to
// look at the result.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { killBrowsers } from '../../sandbox/camera-process.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { wallDate } from '../base/clock.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { needsHumanLook } from '../experiment/analyse.ts';
import { planOf } from '../experiment/assign.ts';
import { prepareExperiment } from '../experiment/build.ts';
import {
  clearLeftovers,
  createRunFolder,
  forgetFormer,
  putFormerBack,
  readManifest,
  requireFree,
  scenarioHash,
  writeManifest,
  type RunFolder,
} from '../experiment/folder.ts';
import { loadScenario } from '../experiment/load.ts';
import type { ItemLedger } from '../experiment/item-endpoint.ts';
import { visitorCount } from '../experiment/minds.ts';
import { requireModelSettings } from '../experiment/model.ts';
import type { OpenPool } from '../experiment/pool.ts';
import type { Result } from '../experiment/result.ts';
import { runScenario, type RunParts } from '../experiment/run.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { mindsOf } from '../experiment/scenario-minds.ts';
import { nothingSpent } from '../llm/budget.ts';
import { accessFrom, type Access } from '../llm/settings.ts';
import type { ItemEndpoint } from '../recommend/recommender.ts';
import { writeReport } from '../report/write.ts';
import { openDatabase } from '../store/database.ts';
import { lockFolder } from '../store/lock.ts';
import { completedKeys } from '../store/read.ts';
import { consented, consentedToItems } from './consent.ts';
import { scenarioEndpoint } from './endpoint-options.ts';
import { openProgress, type Progress } from './progress.ts';
import { resultLines } from './result-lines.ts';
import { poolOf, poolOptions } from './pool-options.ts';
import type { ExitOutcome, Io, Verb, VerbInput } from './verb.ts';

export const runVerb: Verb = {
  name: 'run',
  summary: 'Run a scenario: sessions, analysis, verdict and report.',
  details:
    'Every visitor of the scenario meets its arm (or, as twins, every arm) on a rendered site. The run folder holds the record (SQLite), the screens, the result and the report. Ctrl-C (also SIGTERM and SIGHUP) stops after the sessions under way, a second one at once; resume goes on from either.',
  examples: [
    'rehearsal run scenarios/hello.ts',
    'rehearsal run scenarios/model.ts --catalogue ml-small --visitors 150 --json',
  ],
  arguments: [{ name: 'SCENARIO', summary: 'a scenario file, such as scenarios/hello.ts' }],
  options: [
    { name: 'catalogue', kind: 'text', value: 'NAME', summary: "an imported catalogue, or 'built-in'" },
    {
      name: 'out',
      kind: 'text',
      value: 'DIR',
      summary: 'the run folder to make (default: runs/<scenario>-<seed>-<time>)',
    },
    { name: 'seed', kind: 'integer', value: 'N', summary: 'seed of all chance' },
    { name: 'visitors', kind: 'integer', value: 'N', summary: 'how many visitors' },
    { name: 'mind', kind: 'text', value: 'NAME', summary: 'choice, llm, random, top-slot or oracle' },
    {
      name: 'minds',
      kind: 'text',
      value: 'NAMES',
      summary: 'several minds with commas between, the verdict by the last',
    },
    {
      name: 'base-url',
      kind: 'text',
      value: 'URL',
      summary: 'model endpoint of the llm mind and of arms that ask one (default: OPENAI_BASE_URL)',
    },
    { name: 'model', kind: 'text', value: 'NAME', summary: 'model of the llm mind' },
    { name: 'max-usd', kind: 'number', value: 'USD', summary: 'stop when so many dollars are spent' },
    { name: 'max-tokens', kind: 'integer', value: 'N', summary: 'stop when so many tokens are used' },
    { name: 'record', kind: 'text', value: 'FILE', summary: "record the model's answers to a new file" },
    {
      name: 'replay',
      kind: 'text',
      value: 'FILE',
      summary: 'take all answers from a recorded file; call nobody',
    },
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
      catalogue: input.text('catalogue'),
      seed: input.integer('seed'),
      visitors: input.integer('visitors'),
      mind: input.text('mind'),
      minds: input.text('minds'),
      model: input.text('model'),
      maxUsd: input.number('max-usd'),
      maxTokens: input.integer('max-tokens'),
      record: input.text('record'),
      replay: input.text('replay'),
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
      const prepared = await prepareExperiment(scenario, catalogue, (line) => io.log(line), endpoint);
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

/** Does the work while no other process can write the run at `path`. */
export async function holding(path: string, io: Io, work: () => Promise<ExitOutcome>): Promise<ExitOutcome> {
  const lock = lockFolder(resolve(path));
  if (lock.abandonedBy !== null)
    io.log(
      `Process ${lock.abandonedBy.pid} on ${lock.abandonedBy.host} ended without giving this run back; what it recorded is kept.`,
    );
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** The first line of a run: how much it is, what it may cost and where it writes. */
export function headline(scenario: Scenario, path: string): string {
  const { name, arms, design } = scenario;
  const visitors = visitorCount(scenario);
  const people = Array.from({ length: visitors }, (_, index) => String(index));
  const sessions = planOf(scenario, people).length;
  return `${name}: ${arms.length} arms × ${visitors} visitors (${design}) = ${sessions} sessions, ${mindText(scenario)} → ${resolve(path)}`;
}

/** What a run is driven with. */
export interface Means {
  readonly access: Access | undefined;
  /** Asked by arms whose settings want it, unless they are prepared already; it counts into the ledger. */
  readonly endpointFor: (ledger: ItemLedger) => ItemEndpoint;
  /** Whether the cost was allowed with the command. */
  readonly beforehand: boolean;
  /** Who lives the sessions; undefined for this process. */
  readonly openPool: OpenPool | undefined;
}

/** Whether a model's cost was allowed with the command: --yes, or a cap that bounds it. */
export function allowedBeforehand(input: VerbInput): boolean {
  return (
    input.flag('yes') || input.number('max-usd') !== undefined || input.integer('max-tokens') !== undefined
  );
}

/** Runs what is missing of a run, writes result and report, and answers. Shared by run and resume. */
export async function drive(
  { folder, ...parts }: Pick<RunParts, 'scenario' | 'catalogue' | 'prepared' | 'spentOnItems' | 'folder'>,
  io: Io,
  { access, endpointFor, beforehand, openPool }: Means,
): Promise<ExitOutcome> {
  const { scenario } = parts;
  const studio = await openStudio();
  const manifest = readManifest(folder);
  writeManifest(folder, {
    ...manifest,
    scenarioHash: scenarioHash(scenario),
    browser: studio.browser.version,
  });
  clearLeftovers(folder);
  let progress: Progress | undefined;
  let result: Result | 'left';
  io.interrupted.addEventListener('abort', () =>
    io.log('Ending the sessions under way; Ctrl-C again leaves at once, and resume begins them again.'),
  );
  try {
    const running = runScenario({
      ...parts,
      endpoint: endpointFor,
      folder,
      studio,
      ...(access === undefined ? {} : { access }),
      ...(openPool === undefined ? {} : { openPool }),
      interrupted: io.interrupted,
      abandoned: io.abandoned,
      agree: (quote) => consented(quote, { scenario, beforehand, path: folder.path }, io),
      log: (line) => io.log(line),
      progress: ({ done, failed, total, before }) => {
        progress ??= openProgress({
          total,
          before,
          mode: io.terminal ? 'bar' : 'lines',
          draw: (text) => io.draw(text),
        });
        progress.update(done, failed);
      },
    });
    result = await Promise.race([running, abandonment(io.abandoned)]);
  } finally {
    progress?.close();
    if (io.abandoned.aborted) killBrowsers();
    else await studio.close();
  }
  if (result === 'left') {
    io.answer({ run: folder.run, path: folder.path, status: 'interrupted' }, [
      `Left at once. What is recorded is kept; go on with: rehearsal resume ${folder.path}`,
    ]);
    return 3;
  }
  if (result.status === 'interrupted' || result.status === 'stopped') {
    const what = result.status === 'stopped' ? `Stopped: ${result.reason}.` : 'Interrupted.';
    io.answer(result, [`${what} What is done is kept; go on with: rehearsal resume ${folder.path}`]);
    return 3;
  }
  const report = writeReport(folder.path);
  io.answer(result, [
    ...resultLines(result, { report, record: folder.record }),
    ...(result.status === 'truncated'
      ? [
          `Truncated: the budget is used up. Go on with: rehearsal resume ${folder.path}, and a higher --max-usd or --max-tokens`,
        ]
      : []),
  ]);
  return needsHumanLook(result) ? 3 : 0;
}

/** Resolves when the person asks to leave at once. */
async function abandonment(signal: AbortSignal): Promise<'left'> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return 'left';
}

/** Where the llm mind's model is; undefined for minds that need none. A replay calls nobody, and needs no address. */
export function modelAccess(scenario: Scenario, io: Io, flag: string | undefined): Access | undefined {
  if (scenario.llm === null || !mindsOf(scenario).includes('llm')) return undefined;
  const { baseUrl, cassette } = scenario.llm;
  const unused = cassette?.mode === 'replay' ? 'http://127.0.0.1:9/v1' : undefined;
  const settings = baseUrl === undefined ? {} : { baseUrl };
  return accessFrom(io.environment, settings, flag ?? (baseUrl === undefined ? unused : undefined));
}

function mindText(scenario: Scenario): string {
  const minds = mindsOf(scenario);
  const named = minds.length === 1 ? `mind ${minds[0]}` : `minds ${minds.join(' and ')}`;
  const { llm } = scenario;
  if (llm === null) return `${named}, no model calls, $0`;
  if (!minds.includes('llm')) return `${named}, visitors ask no model`;
  const { usd, tokens, calls, minutes } = llm.budget;
  const caps = [
    ...(usd === null ? [] : [`at most $${usd}`]),
    ...(tokens === null ? [] : [`at most ${tokens} tokens`]),
    ...(calls === null ? [] : [`at most ${calls} calls`]),
    ...(minutes === null ? [] : [`at most ${minutes} minutes`]),
  ];
  if (llm.cassette?.mode === 'replay')
    return `${named}, all answers from ${llm.cassette.path}, no model calls, $0`;
  return `${named} (${llm.model}, ${llm.deciding}), ${caps.join(', ') || 'no cap on its cost'}`;
}

/** The version of this program, from its package.json. */
export function programVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
