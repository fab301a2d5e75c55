// `rehearsal train METHOD`: trains a method with weights on a catalogue and keeps the checkpoint. Started again it
// finds the weights, or goes on where it was stopped.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { DISLIKED_BELOW } from '../recommend/preference.ts';
import { checkpointPath } from '../recommend/define-model.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { methodFitting, methods } from '../recommend/methods.ts';
import type { Method, TrainOptions } from '../recommend/recommender.ts';
import { typedEndpoint } from './endpoint-options.ts';
import { modelOptions, trainOptions, typedSettings } from './model-options.ts';
import { duration } from './progress.ts';
import type { Verb } from './verb.ts';

const withWeights = Object.values(methods).filter((method) => method.hasWeights);

export const trainVerb: Verb = {
  name: 'train',
  summary: 'Train a model on a catalogue and keep its weights.',
  details: [
    'Trains on all histories of the catalogue, for serving. The checkpoint is named by method, settings, seed and data: the same command finds it again, and goes on with a training that Ctrl-C or a crash stopped. `evaluate` and `run` train on their own part of the histories and keep those weights in the same place.',
    'Progress tells how the model does on histories that were held out to stop in time, higher being better: NDCG@10 of their next items for sasrec and click models, minus their loss for the others.',
    `Methods:\n${withWeights.map((method) => `  ${method.name}: ${method.summary}`).join('\n')}`,
    `What --set takes, with the defaults:\n${settingLines(withWeights).join('\n')}`,
  ].join('\n\n'),
  examples: [
    'rehearsal train sasrec --catalogue ml-small',
    'rehearsal train sasrec --catalogue ml-small --scale m --set epochs=20,rate=0.001 --json',
    'rehearsal train grlm --set terms=written --base-url http://127.0.0.1:8000/v1 --model NAME',
  ],
  arguments: [{ name: 'METHOD', summary: withWeights.map((method) => method.name).join(', ') }],
  options: modelOptions,
  interruptible: true,
  run: async (input, io) => {
    const names = withWeights.map(({ name }) => name);
    const method = methodFitting(input.argument('METHOD'), names);
    if (!method.hasWeights) {
      throw new UsageError(
        `${method.name} has no weights to keep; it is trained in a moment wherever it is used`,
        `Methods with weights: ${names.join(', ')}.`,
      );
    }
    const settings = typedSettings(input);
    parsedSettings(method, settings);
    const catalogue = readCatalogue(input.text('catalogue')!);
    const seed = input.integer('seed')!;
    const options = {
      ...trainOptions(io, catalogue.name, method.name, wallMilliseconds),
      ...typedEndpoint(input, io, catalogue.name),
    };
    io.log(`${method.name} on ${catalogue.interactions.length} interactions of ${catalogue.name}`);
    const before = existsSync(options.keep) ? readdirSync(options.keep) : [];
    let steps = 0;
    const progress: TrainOptions['progress'] = (state) => {
      steps = state.step;
      options.progress?.(state);
    };
    if (settings['epochs'] === 0)
      io.log('epochs=0 trains nothing: the checkpoint holds the first, random weights');
    const began = wallMilliseconds();
    const { version, weights } = await method.train(catalogue, settings, seed, { ...options, progress });
    const took = duration(wallMilliseconds() - began);
    const path = checkpointPath(options.keep, method.name, version);
    if (!existsSync(path)) throw new Error(`the training of ${method.name} left no checkpoint at ${path}`);
    const { header } = readCheckpoint(path);
    const { size } = statSync(path);
    const isRandom = header.figures['steps'] === 0;
    if (isRandom && settings['epochs'] !== 0)
      io.log(
        `nothing to learn from: no interaction has a value of ${DISLIKED_BELOW} or more; the checkpoint holds the first, random weights`,
      );
    const state = before.includes(basename(path))
      ? 'was trained before'
      : steps > 0 || isRandom
        ? `is trained (${took})`
        : 'was trained before for another search';
    io.answer({ ...header, weights, path, bytes: size }, [
      ...accountOf(header.figures),
      `${method.name} ${state}: ${path}, ${(size / 1e6).toFixed(1)} MB, weights ${weights?.slice(0, 16)}`,
      `serve it: rehearsal serve --method ${method.name} --catalogue ${catalogue.name} --checkpoint ${path}`,
    ]);
    return 0;
  },
};

/** '  fm, deepfm: scale=s, history=32': a line for all methods of the same settings and defaults. */
function settingLines(them: readonly Method[]): string[] {
  const byDefaults = Map.groupBy(them, (method) =>
    Object.entries(parsedSettings(method, {}) as object)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
  );
  return [...byDefaults].map(
    ([defaults, alike]) => `  ${alike.map(({ name }) => name).join(', ')}: ${defaults}`,
  );
}

/** What a checkpoint says of what the model was made from. */
function accountOf(figures: Readonly<Record<string, unknown>>): string[] {
  const lines = figures['account'];
  return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : [];
}
