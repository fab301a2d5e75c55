// The model endpoint: the options by which trainings name it, and what follows from them or from a scenario, for items
// and for the llm mind.
// Without an address and a model there is none, and a method that wants one says so.

import { noCaps } from '../llm/budget.ts';
import { llmSchema } from '../llm/open.ts';
import { accessFrom, type Access } from '../llm/settings.ts';
import {
  endpointOfScenario,
  itemEndpoint,
  type ItemEndpointParts,
  type ItemLedger,
} from '../experiment/item-endpoint.ts';
import { mindsOf } from '../experiment/scenario-minds.ts';
import type { Scenario } from '../experiment/scenario.ts';
import type { ItemEndpoint } from '../recommend/recommender.ts';
import type { Io, VerbInput, VerbOption } from './verb.ts';

/** The caps on what a model may cost, in the words of the verb. */
export const capOptions = (usd: string, tokens: string): readonly VerbOption[] => [
  { name: 'max-usd', kind: 'number', range: [0.0001, Infinity], value: 'USD', summary: usd },
  { name: 'max-tokens', kind: 'integer', range: [1, Infinity], value: 'N', summary: tokens },
];

export const endpointOptions: readonly VerbOption[] = [
  {
    name: 'base-url',
    kind: 'text',
    value: 'URL',
    summary:
      'Model endpoint for settings that ask one: vectors=endpoint and terms=written (default: OPENAI_BASE_URL).',
  },
  { name: 'model', kind: 'text', value: 'NAME', summary: 'Its language model, for terms=written.' },
  {
    name: 'embedding-model',
    kind: 'text',
    value: 'NAME',
    summary: 'Its model of embeddings, for vectors=endpoint.',
  },
  ...capOptions('Ask it for so many dollars at most.', 'Ask it for so many tokens at most.'),
];

/** The endpoint that was typed. */
export function typedEndpoint(input: VerbInput, io: Io, catalogue: string): ItemEndpoint {
  const flag = input.text('base-url');
  const embeddingModel = input.text('embedding-model');
  const model = input.text('model');
  const any = model ?? embeddingModel;
  if (addressOf(io, flag) === undefined || any === undefined) return {};
  const { model: _any, ...settings } = llmSchema.parse({ model: any, embeddingModel });
  return itemEndpoint({
    catalogue,
    settings: model === undefined ? settings : { ...settings, model },
    access: accessFrom(io.environment, {}, flag),
    caps: {
      ...noCaps,
      usd: input.number('max-usd') ?? null,
      tokens: input.integer('max-tokens') ?? null,
    },
    interrupted: io.interrupted,
    log: (line) => io.log(line),
  });
}

/** The endpoint of a scenario's `llm`, for its arms; a replay takes kept answers and asks nobody. */
export function scenarioEndpoint(
  scenario: Scenario,
  io: Io,
  flag: string | undefined,
  more: ItemLedger & Pick<ItemEndpointParts, 'agree'> = {},
): ItemEndpoint {
  const { llm } = scenario;
  if (llm === null) return {};
  const replays = llm.cassette?.mode === 'replay';
  if (addressOf(io, flag ?? llm.baseUrl) === undefined && !replays) return {};
  const stated = llm.baseUrl === undefined ? {} : { baseUrl: llm.baseUrl };
  return endpointOfScenario(scenario, {
    ...more,
    access: replays ? null : accessFrom(io.environment, stated, flag),
    interrupted: io.interrupted,
    log: (line) => io.log(line),
  });
}

/** Where the llm mind's model is; undefined for minds that need none. A replay calls nobody, and needs no address. */
export function modelAccess(scenario: Scenario, io: Io, flag: string | undefined): Access | undefined {
  if (scenario.llm === null || !mindsOf(scenario).includes('llm')) return undefined;
  const { baseUrl, cassette } = scenario.llm;
  const unused = cassette?.mode === 'replay' ? 'http://127.0.0.1:9/v1' : undefined;
  const settings = baseUrl === undefined ? {} : { baseUrl };
  return accessFrom(io.environment, settings, flag ?? (baseUrl === undefined ? unused : undefined));
}

function addressOf(io: Io, stated: string | undefined): string | undefined {
  const address = stated ?? io.environment['OPENAI_BASE_URL'];
  return address === '' ? undefined : address;
}
