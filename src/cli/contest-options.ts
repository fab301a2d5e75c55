// What contests that train models are given on the command line: the same options for all of them, of which each says
// which it takes, and the command that a section of docs/bench.md names.

import { UsageError } from '../base/error.ts';
import type { ContestSettings } from '../bench/recommenders.ts';
import type { VerbInput } from './verb.ts';

/** Options without a default, which only some of these contests take. */
export type ContestOption = 'sets' | 'methods' | 'people';

function typed(input: VerbInput): readonly [ContestOption, string | number | undefined][] {
  return [
    ['sets', input.text('sets')],
    ['methods', input.text('methods')],
    ['people', input.integer('people')],
  ];
}

/** Settings of a contest. Throws a UsageError where an option was typed that it does not take. */
export function contestSettings(
  name: string,
  takes: readonly ContestOption[],
  input: VerbInput,
  log: (line: string) => void,
): ContestSettings {
  const idle = typed(input).find(([option, value]) => value !== undefined && !takes.includes(option));
  if (idle !== undefined) {
    throw new UsageError(
      `the contest of ${name} does not take --${idle[0]}`,
      `It takes ${[...takes, 'seed'].map((option) => `--${option}`).join(', ')}.`,
    );
  }
  return {
    data: input.text('data')!,
    checkpoints: input.text('checkpoints')!,
    sets: input.text('sets')?.split(','),
    methods: input.text('methods')?.split(','),
    people: input.integer('people'),
    seed: input.integer('seed')!,
    log,
  };
}

/** The command that a section of docs/bench.md names: the contest and what was given for it. */
export function contestCommand(name: string, input: VerbInput): string {
  const given = [...typed(input), ['seed', input.integer('seed')]];
  const words = given.flatMap(([option, value]) => (value === undefined ? [] : [`--${option} ${value}`]));
  return ['npm run bench --', name, ...words].join(' ');
}
