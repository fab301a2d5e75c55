// What train, evaluate, recommend and serve have in common: settings typed as key=value, the size dial, where
// weights are kept, and the lines that say how far a training or an evaluation is.

import { setImmediate } from 'node:timers/promises';
import { RehearsalError, UsageError } from '../base/error.ts';
import type { Making } from '../experiment/build.ts';
import type { AskingWatch } from '../recommend/ask-cases.ts';
import { checkpointRoot } from '../recommend/define-model.ts';
import type { TrainingProgress } from '../recommend/kit/fit.ts';
import type { TrainOptions } from '../recommend/recommender.ts';
import { endpointOptions } from './endpoint-options.ts';
import { duration } from './progress.ts';
import type { Io, VerbInput, VerbOption } from './verb.ts';

export const modelOptions: readonly VerbOption[] = [
  {
    name: 'catalogue',
    kind: 'text',
    value: 'NAME',
    summary: 'Catalogue to train on.',
    default: 'built-in',
  },
  {
    name: 'set',
    kind: 'text',
    value: 'KEY=VALUE,…',
    isList: true,
    summary: "The method's settings; train --help lists those of models.",
  },
  { name: 'scale', kind: 'text', value: 'xs|s|m|l', summary: 'Size of a model: the same as --set scale=….' },
  {
    name: 'seed',
    kind: 'integer',
    range: [0, Infinity],
    value: 'N',
    summary: 'Seed of the training.',
    default: '1',
  },
  ...endpointOptions,
];

/** Settings from --set and --scale. Numbers and true or false become such; everything else stays text. */
export function typedSettings(input: VerbInput): Record<string, unknown> {
  const scale = input.text('scale');
  const set = settingsIn(input.text('set') ?? '', '--set');
  if (scale !== undefined && set['scale'] !== undefined && set['scale'] !== scale)
    throw new UsageError(
      `--scale ${scale} and --set scale=${String(set['scale'])} contradict each other`,
      'Give one of them.',
    );
  return { ...set, ...(scale === undefined ? {} : { scale }) };
}

/** Settings typed as pairs after an option. */
export function settingsIn(text: string, option: string): Record<string, unknown> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  const settings = pairs.map((pair): [string, unknown] => {
    const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (key !== undefined && value !== undefined) return [key, valueOf(value)];
    throw new UsageError(
      `${option} expects KEY=VALUE pairs with commas between, got ${JSON.stringify(pair)}`,
      `For example: ${option} epochs=20,rate=0.001`,
    );
  });
  const twice = settings.find(([key], place) => settings.findIndex(([first]) => first === key) < place);
  if (twice === undefined) return Object.fromEntries(settings);
  throw new UsageError(`${option} has ${twice[0]} twice`, 'Give each setting once.');
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text;
}

const betweenLines = 5000;

/** Options of a training started from the command line: weights kept, progress told every few seconds. */
export function trainOptions(
  io: Io,
  data: string,
  label: string,
  now: () => number,
): TrainOptions & { readonly keep: string } {
  return { keep: checkpointRoot, data, ...toldTraining(io, label, now) };
}

/** Tells every few seconds how far a training is, at first from where it goes on, and ends it at Ctrl-C. */
function toldTraining(
  io: Io,
  label: string,
  now: () => number,
): Pick<TrainOptions, 'interrupted' | 'progress'> {
  let told = now();
  let isFirst = true;
  return {
    interrupted: io.interrupted,
    progress: (state) => {
      if (isFirst && state.from > 0) io.log(`${label}: going on after step ${state.from} of ${state.steps}`);
      isFirst = false;
      if (now() - told < betweenLines && state.step < state.steps) return;
      told = now();
      io.log(`${label}: ${trainingLine(state)}`);
    },
  };
}

/** 'step 120/900 · loss 6.12 · 4,100 tokens/s · validation 0.0712 · 3 min 05 s left' */
export function trainingLine(state: TrainingProgress): string {
  return [
    `step ${state.step}/${state.steps}`,
    `loss ${state.loss.toFixed(3)}`,
    `${Math.round(state.tokensPerSecond).toLocaleString('en-US')} tokens/s`,
    ...(state.score === null ? [] : [`validation ${state.score.toFixed(4)}`]),
    `${duration(1000 * state.secondsLeft)} left`,
  ].join(' · ');
}

/** The same for the arms of an experiment, and how far their grading is. */
export function toldMaking(io: Io, now: () => number): Omit<Making, 'endpoint'> {
  return {
    training: (arm) => toldTraining(io, `arm ${arm}`, now),
    grading: (arm, people) => toldAsking(io, `arm ${arm}, held-out likes`, people, now),
  };
}

/** Tells every few seconds how many of `total` people a method was asked for, and ends the asking at Ctrl-C. */
export function toldAsking(io: Io, label: string, total: number, now: () => number): AskingWatch {
  const began = now();
  let told = began;
  return async (done) => {
    // The methods compute without a pause, in which no signal would be heard.
    await setImmediate();
    if (io.interrupted.aborted && done < total)
      throw new RehearsalError(`The evaluation was interrupted: ${label}, ${done} of ${total} people.`, {
        hint: 'Weights that were trained are kept; the same command asks everybody anew.',
        exitCode: 3,
      });
    if (now() - told < betweenLines) return;
    told = now();
    const left = ((told - began) / done) * (total - done);
    io.log(`${label}: ${done}/${total} people · ${duration(left)} left`);
  };
}
