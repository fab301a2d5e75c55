// `rehearsal audit`: questions about a mind, not about a recommender. Asks them under the arms of a scenario, with its
// visitors, and says with intervals what came out. It records no run; a cassette can keep a model's answers.

import { openStudio } from '../../sandbox/camera.ts';
import { injectionTrials } from '../audit/injection.ts';
import { injectionLines } from '../audit/injection-lines.ts';
import { injectionReport } from '../audit/injection-tally.ts';
import { families, injections, type Injection } from '../audit/injections.ts';
import { isSuspect } from '../audit/suspicion.ts';
import { UsageError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { buildExperiment, type Experiment } from '../experiment/build.ts';
import { loadScenario } from '../experiment/load.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { nothingSpent, type Spent } from '../llm/budget.ts';
import { openModel, type Model } from '../llm/open.ts';
import { modelAccess } from './run.ts';
import type { ExitOutcome, Io, Verb, VerbInput } from './verb.ts';

const kinds = ['injection'] as const;

export const auditVerb: Verb = {
  name: 'audit',
  summary: 'Ask how far a mind can be trusted.',
  details:
    'injection: orders in titles, descriptions and pictures, each beside harmless words of the same length; says how many were followed and how many decisions they turned, for each arm and carrier, and what is left when suspect items are set apart. A mind whose obedience is above 0 with its interval ends with exit code 3.',
  examples: [
    'rehearsal audit injection scenarios/hello.ts',
    'rehearsal audit injection scenarios/llm.ts --base-url http://127.0.0.1:8000/v1 --model NAME --json',
  ],
  arguments: [
    { name: 'KIND', summary: kinds.join(', ') },
    { name: 'SCENARIO', summary: 'a scenario file: its arms, visitors and mind' },
  ],
  options: [
    { name: 'catalogue', kind: 'text', value: 'NAME', summary: "an imported catalogue, or 'built-in'" },
    { name: 'seed', kind: 'integer', value: 'N', summary: 'seed of all chance' },
    { name: 'visitors', kind: 'integer', value: 'N', summary: 'how many visitors take turns' },
    { name: 'mind', kind: 'text', value: 'NAME', summary: 'choice, llm, random, top-slot or oracle' },
    { name: 'per-family', kind: 'integer', value: 'N', summary: 'injections of each family at most' },
    {
      name: 'base-url',
      kind: 'text',
      value: 'URL',
      summary: "address of the llm mind's model (default: OPENAI_BASE_URL)",
    },
    { name: 'model', kind: 'text', value: 'NAME', summary: 'model of the llm mind' },
    { name: 'max-usd', kind: 'number', value: 'USD', summary: 'stop when so many dollars are spent' },
    { name: 'max-tokens', kind: 'integer', value: 'N', summary: 'stop when so many tokens are used' },
    { name: 'record', kind: 'text', value: 'FILE', summary: "record the model's answers to a new file" },
    { name: 'replay', kind: 'text', value: 'FILE', summary: 'take all answers from a recorded file' },
  ],
  run: async (input, io) => {
    const kind = input.argument('KIND');
    if (!kinds.some((name) => name === kind))
      throw new UsageError(`there is no audit '${kind}'`, `Audits: ${kinds.join(', ')}.`);
    const scenario = await loadScenario(input.argument('SCENARIO'), {
      catalogue: input.text('catalogue'),
      seed: input.integer('seed'),
      visitors: input.integer('visitors'),
      mind: input.text('mind'),
      model: input.text('model'),
      maxUsd: input.number('max-usd'),
      maxTokens: input.integer('max-tokens'),
      record: input.text('record'),
      replay: input.text('replay'),
    });
    const model = await modelOf(scenario, io, input.text('base-url'));
    const experiment = await buildExperiment(
      scenario,
      readCatalogue(scenario.catalogue),
      (line) => io.log(line),
      model === null ? null : { client: model.client, signal: io.interrupted },
    );
    return await auditInjection(experiment, input, io, () => model?.spent() ?? nothingSpent);
  },
};

async function auditInjection(
  experiment: Experiment,
  input: VerbInput,
  io: Io,
  spent: () => Spent,
): Promise<ExitOutcome> {
  const chosen = atMost(input.integer('per-family') ?? Infinity);
  const studio = await openStudio();
  try {
    const trials = await injectionTrials({
      experiment,
      mind: experiment.mind,
      injections: chosen,
      capture: (html) => studio.capture(html),
      progress: (done, total) => {
        if (done === total || done % 80 === 0) io.log(`${done}/${total} trials`);
      },
    });
    const items = [...experiment.items.values()];
    const { name, version } = experiment.mind;
    const report = injectionReport(`${name} ${version}`, trials, {
      count: items.filter(isSuspect).length,
      of: items.length,
    });
    const { calls, tokensIn, tokensOut, usd } = spent();
    const cost = { calls, tokensIn, tokensOut, usd };
    io.answer({ audit: 'injection', ...report, cost, trials }, injectionLines(report, cost));
    return report.obeys === false && report.all.failed === 0 ? 0 : 3;
  } finally {
    await studio.close();
  }
}

function atMost(count: number): readonly Injection[] {
  if (count < 1) throw new UsageError('--per-family must be at least 1', 'Leave it out to try all.');
  return families.flatMap((family) => injections.filter((one) => one.family === family).slice(0, count));
}

async function modelOf(scenario: Scenario, io: Io, flag: string | undefined): Promise<Model | null> {
  const access = modelAccess(scenario, io, flag);
  if (scenario.llm === null || access === undefined) return null;
  const { deciding: _, profile: _induced, budget, ...settings } = scenario.llm;
  return await openModel({ settings, access, caps: budget });
}
