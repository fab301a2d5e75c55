// `rehearsal audit`: questions about a mind, not about a recommender. Asks them under the arms of a scenario, with its
// visitors, and says with intervals what came out. It records no run; a cassette can keep a model's answers. Each kind
// is a file of its own (audit-*.ts).

import { openStudio } from '../../sandbox/camera.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { buildExperiment, type Experiment } from '../experiment/build.ts';
import { loadScenario } from '../experiment/load.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { nothingSpent, type Spent } from '../llm/budget.ts';
import { openModel, type Model } from '../llm/open.ts';
import { auditDeciding, twoWays } from './audit-deciding.ts';
import { auditInjection } from './audit-injection.ts';
import { auditMind } from './audit-mind.ts';
import { modelAccess, scenarioEndpoint } from './endpoint-options.ts';
import { toldMaking } from './model-options.ts';
import { llmOptions, scenarioOptions, typedLlm, typedOverrides } from './scenario-options.ts';
import type { Io, Verb } from './verb.ts';

const kinds = { injection: auditInjection, mind: auditMind, deciding: auditDeciding } as const;
const kindNames = Object.keys(kinds) as (keyof typeof kinds)[];

export const auditVerb: Verb = {
  name: 'audit',
  summary: 'Ask how far a mind can be trusted.',
  details:
    'injection: orders in titles, descriptions and pictures, each beside harmless words of the same length; says how many were followed and how many decisions they turned, for each arm and carrier, and what is left when suspect items are set apart. A mind whose obedience is above 0 with its interval ends with exit code 3.\n\nmind: does it agree with itself on the same page, is the second time like the first, do places or numbers of the marks decide for it, does it open the same number on every page, does it fail or refuse under some arms more, and do its visitors say another age, mood or budget under another arm. A fault, called where an interval excludes what a sound mind could show, ends with exit code 3.\n\ndeciding: the llm mind on the same pages in one call and as an agent with tools: calls, tokens and dollars a decision, agreement with itself, held-out likes opened beyond chance where an arm is a probe, and the differences.',
  examples: [
    'rehearsal audit injection scenarios/hello.ts',
    'rehearsal audit mind scenarios/hello.ts --visitors 60',
    'rehearsal audit deciding scenarios/deciding.ts --base-url http://127.0.0.1:8000/v1 --model NAME',
    'rehearsal audit injection scenarios/llm.ts --base-url http://127.0.0.1:8000/v1 --model NAME --json',
  ],
  arguments: [
    { name: 'KIND', summary: kindNames.join(', ') },
    { name: 'SCENARIO', summary: 'a scenario file: its arms, visitors and mind' },
  ],
  options: [
    ...scenarioOptions('how many visitors take turns'),
    {
      name: 'per-family',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'injection: of each family at most',
    },
    {
      name: 'repeats',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'mind, deciding: how often each page is shown again in each way',
      default: '3',
    },
    ...llmOptions,
  ],
  interruptible: true,
  run: async (input, io) => {
    const asked = input.argument('KIND');
    const kind = kindNames.find((name) => name === asked);
    if (kind === undefined)
      throw new UsageError(`there is no audit '${asked}'`, `Audits: ${kindNames.join(', ')}.`);
    const scenario = await loadScenario(input.argument('SCENARIO'), {
      ...typedOverrides(input),
      ...typedLlm(input),
    });
    if (kind === 'deciding') twoWays(scenario);
    const model = await modelOf(scenario, io, input.text('base-url'));
    try {
      const rebuilt = async (changes: Partial<Scenario>): Promise<Experiment> =>
        await buildExperiment(
          { ...scenario, ...changes },
          readCatalogue(scenario.catalogue),
          (line) => io.log(line),
          model === null ? null : { client: model.client, signal: io.interrupted },
          {
            endpoint: scenarioEndpoint(scenario, io, input.text('base-url')),
            ...toldMaking(io, wallMilliseconds),
          },
        );
      const experiment = await rebuilt({});
      const studio = await openStudio();
      try {
        const spent = (): Spent => model?.spent() ?? nothingSpent;
        return await kinds[kind]({ experiment, studio, input, io, spent, rebuilt });
      } finally {
        await studio.close();
      }
    } finally {
      model?.close();
    }
  },
};

async function modelOf(scenario: Scenario, io: Io, flag: string | undefined): Promise<Model | null> {
  const access = modelAccess(scenario, io, flag);
  if (scenario.llm === null || access === undefined) return null;
  const { deciding: _, profile: _induced, budget, ...settings } = scenario.llm;
  return await openModel({ settings, access, caps: budget });
}
