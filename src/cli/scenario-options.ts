// The options that each override one field of a scenario, as run, plan and audit have them.

import type { Overrides } from '../experiment/load.ts';
import { mindNames } from '../experiment/scenario-minds.ts';
import { capOptions } from './endpoint-options.ts';
import type { VerbInput, VerbOption } from './verb.ts';

/** What every use of a scenario takes; `visitors` says what its verb does with them. */
export const scenarioOptions = (visitors: string): readonly VerbOption[] => [
  { name: 'catalogue', kind: 'text', value: 'NAME', summary: "an imported catalogue, or 'built-in'" },
  { name: 'seed', kind: 'integer', range: [0, Infinity], value: 'N', summary: 'seed of all chance' },
  { name: 'visitors', kind: 'integer', range: [2, 100_000], value: 'N', summary: visitors },
  { name: 'mind', kind: 'text', value: 'NAME', summary: mindNames.join(', ') },
];

/** About the model of the llm mind. */
export const llmOptions: readonly VerbOption[] = [
  {
    name: 'base-url',
    kind: 'text',
    value: 'URL',
    summary: 'model endpoint of the llm mind and of arms that ask one (default: OPENAI_BASE_URL)',
  },
  { name: 'model', kind: 'text', value: 'NAME', summary: 'model of the llm mind' },
  ...capOptions('stop when so many dollars are spent', 'stop when so many tokens are used'),
  { name: 'record', kind: 'text', value: 'FILE', summary: "record the model's answers to a new file" },
  {
    name: 'replay',
    kind: 'text',
    value: 'FILE',
    summary: 'take all answers from a recorded file; call nobody',
  },
];

/** What was typed of `scenarioOptions`. */
export const typedOverrides = (input: VerbInput): Overrides => ({
  catalogue: input.text('catalogue'),
  seed: input.integer('seed'),
  visitors: input.integer('visitors'),
  mind: input.text('mind'),
});

/** What was typed of `llmOptions`, but for the address, which is no field of a scenario. */
export const typedLlm = (input: VerbInput): Overrides => ({
  model: input.text('model'),
  maxUsd: input.number('max-usd'),
  maxTokens: input.integer('max-tokens'),
  record: input.text('record'),
  replay: input.text('replay'),
});
