// What contests are given on the command line, of which each takes a part, and the command that a section of
// docs/bench.md names. Defaults stand here and not in the declarations, which would hide what was typed.

import { listed } from '../base/listed.ts';
import { checkpointRoot } from '../recommend/define-model.ts';
import type { VerbInput, VerbOption } from './verb.ts';

/** What was typed, or the default. */
export interface ContestInput {
  readonly data: string;
  readonly checkpoints: string;
  readonly visitors: number;
  readonly seeds: number;
  readonly repetitions: number;
  readonly seed: number;
  readonly sets: readonly string[] | undefined;
  readonly methods: readonly string[] | undefined;
  readonly people: number | undefined;
  readonly sessions: number;
  readonly 'long-run': number;
  readonly kills: number;
  readonly minutes: number | undefined;
  readonly events: number;
  readonly impressions: number;
}

export type ContestOption = keyof ContestInput;

const defaults = {
  data: '../shared/data',
  checkpoints: checkpointRoot,
  visitors: 120,
  seeds: 20,
  repetitions: 2_000,
  seed: 1,
  sessions: 5_000,
  'long-run': 20_000,
  kills: 200,
  events: 10_000_000,
  impressions: 1_000_000,
};

function text(name: ContestOption, value: string, summary: string) {
  return { name, kind: 'text', value, summary: withDefault(name, summary) } as const;
}

function count(name: ContestOption, summary: string) {
  return { ...integer(name, summary), range: [1, Infinity] } as const;
}

function integer(name: ContestOption, summary: string) {
  return { name, kind: 'integer', value: 'N', summary: withDefault(name, summary) } as const;
}

function withDefault(name: ContestOption, summary: string): string {
  const found = Object.entries(defaults).find(([option]) => option === name);
  return found === undefined ? summary : `${summary} (default: ${found[1]})`;
}

export const contestOptions: readonly (VerbOption & { readonly name: ContestOption })[] = [
  text('data', 'DIR', 'folder of the real data sets'),
  count('visitors', 'visitors in the loop'),
  count('seeds', 'runs of the A/A contest'),
  count('repetitions', 'made-up experiments a cell of the contest of statistics'),
  { ...integer('seed', 'seed of all chance'), range: [0, Infinity] },
  text(
    'sets',
    'NAMES',
    'data sets of beams, guided, lazy, names, pooled and recommenders, with commas; all where not given (lazy: ml-100k)',
  ),
  text('methods', 'NAMES', 'methods of pooled and recommenders, with commas; popularity is always there'),
  count('people', 'largest number of people asked for by beams, guided, names, pooled and recommenders'),
  text('checkpoints', 'DIR', 'folder of the weights of the six contests that train'),
  count('sessions', 'sessions of the contest of the dashboard, at least 1,000'),
  count('long-run', 'sessions of the long run of the contest of soak'),
  count('kills', 'kills of the contest of torture; a tenth as many processes are stopped'),
  count(
    'minutes',
    'wall time after which the contests of torture and soak tell what they have reached (soak: 120)',
  ),
  count('events', 'events of the scale contest'),
  count('impressions', 'impressions of the export contest'),
];

/** Options that were typed. */
export function typedOptions(input: VerbInput): ContestOption[] {
  return contestOptions
    .filter(({ name, kind }) => (kind === 'text' ? input.text(name) : input.integer(name)) !== undefined)
    .map(({ name }) => name);
}

export function contestInput(input: VerbInput): ContestInput {
  const number = (name: Exclude<keyof typeof defaults, 'data' | 'checkpoints'>): number =>
    input.integer(name) ?? defaults[name];
  const list = (name: 'sets' | 'methods'): string[] | undefined => {
    const typed = input.text(name);
    return typed === undefined ? undefined : listed(typed, `--${name}`);
  };
  return {
    data: input.text('data') ?? defaults.data,
    checkpoints: input.text('checkpoints') ?? defaults.checkpoints,
    visitors: number('visitors'),
    seeds: number('seeds'),
    repetitions: number('repetitions'),
    seed: number('seed'),
    sets: list('sets'),
    methods: list('methods'),
    people: input.integer('people'),
    sessions: number('sessions'),
    'long-run': number('long-run'),
    kills: number('kills'),
    minutes: input.integer('minutes'),
    events: number('events'),
    impressions: number('impressions'),
  };
}

/** Options that say where things lie, on which no figure depends. */
const places: readonly ContestOption[] = ['data', 'checkpoints'];

/** The command that a section of docs/bench.md names: the contest and what it was given. */
export function contestCommand(name: string, takes: readonly ContestOption[], given: ContestInput): string {
  const words = takes
    .filter((option) => !places.includes(option) && given[option] !== undefined)
    .map((option) => `--${option} ${[given[option]].flat().join(',')}`);
  return ['npm run bench --', name, ...words].join(' ');
}
