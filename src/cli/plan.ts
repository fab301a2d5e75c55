// `rehearsal plan`: before a run, what an answer will take. Learns from a pilot how visitors differ and what a session
// costs, and says it in visitors, sessions, tokens, money and minutes, for twins and for a split test.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openStudio } from '../../sandbox/camera.ts';
import { wallDate, wallMilliseconds } from '../base/clock.ts';
import { RehearsalError, UsageError } from '../base/error.ts';
import { canonicalJson } from '../base/hash.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { csvRows } from '../catalogue/import/csv.ts';
import { linesOf } from '../catalogue/import/lines.ts';
import { prepareExperiment } from '../experiment/build.ts';
import { createRunFolder, readManifest, runFolder } from '../experiment/folder.ts';
import { loadScenario } from '../experiment/load.ts';
import { FEWEST_IN_PILOT, pilotOf } from '../experiment/pilot.ts';
import type { Pilot } from '../experiment/pilot.ts';
import { realPlan, realRows } from '../experiment/real-users.ts';
import type { RealPlan } from '../experiment/real-users.ts';
import { runScenario } from '../experiment/run.ts';
import { planFrom } from '../experiment/sample-plan.ts';
import { leadMind } from '../experiment/scenario-minds.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { readResult } from '../report/write.ts';
import { openDatabase, wholeRecord } from '../store/database.ts';
import { scenarioEndpoint } from './endpoint-options.ts';
import { toldMaking } from './model-options.ts';
import { planLines } from './plan-lines.ts';
import { programVersion } from './program-version.ts';
import { pathOfRun } from './run-path.ts';
import { scenarioOptions, typedOverrides } from './scenario-options.ts';
import type { Io, Verb } from './verb.ts';

/** Relative effects that a plan speaks of where none is asked for. */
const usualEffects = [0.02, 0.05, 0.1, 0.2];

export const planVerb: Verb = {
  name: 'plan',
  summary: 'Say how many visitors, sessions, tokens and minutes an answer takes.',
  details:
    'Learns from a pilot: a finished twins run of the same arms (--pilot), or, with any mind but llm, a small one made now, two visits of each visitor under each arm. With --real, a table of users whose real outcome and simulated outcome are both known, it also says how many real users still have to be bought.',
  examples: [
    'rehearsal plan scenarios/hello.ts --pilot runs/demo',
    'rehearsal plan scenarios/model.ts --catalogue ml-small --pilot-visitors 20 --effect 0.05 --json',
  ],
  arguments: [{ name: 'SCENARIO', summary: 'a scenario file, such as scenarios/hello.ts' }],
  options: [
    ...scenarioOptions('how many visitors the run would have'),
    {
      name: 'pilot',
      kind: 'text',
      value: 'RUN',
      summary: 'a finished twins run to learn from: its folder, or its name under runs/',
    },
    {
      name: 'pilot-visitors',
      kind: 'integer',
      range: [FEWEST_IN_PILOT, 100_000],
      value: 'N',
      summary: 'visitors of the pilot that is made otherwise',
      default: '20',
    },
    {
      name: 'power',
      kind: 'number',
      range: [0.5, 0.999],
      value: 'P',
      summary: 'chance to find the effect',
      default: '0.8',
    },
    {
      name: 'effect',
      kind: 'number',
      range: [0.0001, 10],
      value: 'SHARE',
      summary: `one relative effect to plan for (otherwise ${usualEffects.join(', ')})`,
    },
    { name: 'real', kind: 'text', value: 'FILE', summary: 'a CSV file with the columns real and simulated' },
  ],
  interruptible: true,
  run: async (input, io) => {
    const scenario = await loadScenario(input.argument('SCENARIO'), typedOverrides(input));
    if (scenario.minds !== undefined)
      throw new UsageError('a plan is made for one mind', 'Name the mind that the verdict is about: --mind.');
    const power = input.number('power')!;
    const effect = input.number('effect');
    const effects = effect === undefined ? usualEffects : [effect];
    const file = input.text('real');
    const real = file === undefined ? null : bridge(file, scenario, effects[0]!, power);
    const given = input.text('pilot');
    const path =
      given === undefined
        ? await madePilot(scenario, input.integer('pilot-visitors')!, io)
        : pathOfRun(given);
    const plan = planFrom(learned(path, scenario), scenario, { power, effects });
    const document = { scenario: scenario.name, goal: scenario.metrics.goal, pilot: path, ...plan, real };
    io.answer(document, planLines(document, scenario));
    return 0;
  },
};

/** The folder of a small twins run of the scenario's arms, two visits each. */
async function madePilot(scenario: Scenario, visitors: number, io: Io): Promise<string> {
  if (leadMind(scenario) === 'llm')
    throw new UsageError(
      'no pilot is made with the llm mind, whose cost is asked about before a run',
      'Run a small one, rehearsal run SCENARIO --visitors 8 …, then name it by --pilot; or plan with --mind choice.',
    );
  const pilot: Scenario = {
    ...scenario,
    name: `${scenario.name}-pilot`,
    design: 'twins',
    population: { ...scenario.population, visitors, replicates: 2 },
    metrics: { ...scenario.metrics, adjust: 'none', furtherGoals: [], guardrails: [], bayes: undefined },
    stopping: { rule: 'fixed' },
    keepScreens: 0,
  };
  const catalogue = readCatalogue(pilot.catalogue);
  const prepared = await prepareExperiment(pilot, catalogue, (line) => io.log(line), {
    endpoint: scenarioEndpoint(scenario, io, undefined),
    ...toldMaking(io, wallMilliseconds),
  });
  const started = wallDate();
  const stamp = started.replace(/\D/g, '').slice(0, 14);
  const folder = createRunFolder(join('runs', `${pilot.name}-${pilot.seed}-${stamp}`), pilot, {
    program: programVersion(),
    started,
    force: false,
  });
  const sessions = 2 * visitors * pilot.arms.length;
  io.log(
    `pilot: ${pilot.arms.length} arms × ${visitors} twins × 2 visits = ${sessions} sessions → ${folder.path}`,
  );
  const studio = await openStudio();
  try {
    const result = await runScenario({
      scenario: pilot,
      catalogue,
      prepared,
      folder,
      studio,
      interrupted: io.interrupted,
      log: (line) => io.log(line),
      progress: () => {},
    });
    if (result.status === 'stopped')
      throw new RehearsalError(`The pilot stopped itself: ${result.reason}.`, {
        hint: 'Mend the arm, then plan again.',
      });
    if (result.status === 'complete') return folder.path;
    throw new RehearsalError('The pilot was interrupted.', {
      hint: `Go on: rehearsal resume ${folder.path}, then the same command with --pilot ${folder.path}.`,
      exitCode: 3,
    });
  } finally {
    await studio.close();
  }
}

/** What the pilot in this folder teaches. It must be of the same arms and goal. */
function learned(path: string, scenario: Scenario): Pilot {
  const folder = runFolder(path);
  const { scenario: pilot } = readManifest(folder);
  const differs = (one: unknown, other: unknown): boolean => canonicalJson(one) !== canonicalJson(other);
  if (differs(pilot.arms, scenario.arms) || pilot.metrics.goal !== scenario.metrics.goal)
    throw new UsageError(
      `the pilot ${path} is of other arms or another goal than ${scenario.name}`,
      'Leave --pilot out to make one now.',
    );
  const database = openDatabase(folder.record, { readonly: true });
  try {
    return wholeRecord(folder.record, () => pilotOf(database, pilot, readResult(folder.path)));
  } finally {
    database.close();
  }
}

function bridge(file: string, scenario: Scenario, effect: number, power: number): RealPlan {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(`there is no file at ${file}`, 'It needs the columns real and simulated.');
  const cells = [...csvRows(linesOf(readFileSync(file)))].map(({ fields }) => fields);
  return realPlan(realRows(cells, file), {
    effect,
    power,
    alpha: scenario.metrics.alpha,
    simulated: scenario.population.visitors,
  });
}
