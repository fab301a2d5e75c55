// What `bench recommenders` and `bench beams` are given on the command line: the same options for both.

import type { ContestSettings } from '../bench/recommenders.ts';
import type { VerbInput } from './verb.ts';

/** What the contests of recommenders and of their beams take. */
export function contestSettings(input: VerbInput, log: (line: string) => void): ContestSettings {
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
  const given = {
    sets: input.text('sets'),
    methods: input.text('methods'),
    people: input.integer('people'),
    seed: input.integer('seed'),
  };
  const words = Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${value}`],
  );
  return ['npm run bench --', name, ...words].join(' ');
}
